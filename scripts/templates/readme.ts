import { TemplateDefinition } from './definition';
import { ParameterJson, TemplateJson } from './synthesise-template';
import { LONGEST_BODY, variableName } from './terraform';

const DOCUMENTATION = '../../docs/templates.md';
const SOURCE = 'git::https://github.com/cdk-mlflow/cdk-mlflow.git//templates';

/** The README of a template. */
export function readme({ name, title }: TemplateDefinition, template: TemplateJson, templateBytes: number): string {
  const { Parameters, Outputs } = template;
  const required = Object.entries(Parameters).filter(([, { Default }]) => Default === undefined);
  return `${[
    `# ${title}`,
    `\`template.json\` is a CloudFormation template that you can deploy with the console, the AWS CLI or any other tool. The
Terraform module in this directory deploys the same template. \`npm run templates\` generates both from the constructs of this
repository; do not edit them. To deploy, update or delete them, see [${DOCUMENTATION}](${DOCUMENTATION}).`,
    '## Terraform',
    fence(
      'hcl',
      usage(
        name,
        required.map(([parameter]) => parameter),
        templateBytes > LONGEST_BODY,
      ),
    ),
    '## Parameters',
    table(['parameter', 'Terraform', 'default', 'description'], Object.entries(Parameters).map(parameterRow)),
    '## Outputs',
    table(
      ['output', 'Terraform', 'description'],
      Object.entries(Outputs).map(([output, { Description }]) => [
        code(output),
        code(variableName(output)),
        Description,
      ]),
    ),
  ].join('\n\n')}\n`;
}

function usage(name: string, required: readonly string[], throughS3: boolean): string {
  const attributes = [
    ['source', `"${SOURCE}/${name}"`],
    ...(throughS3 ? [['template_bucket', '"a-bucket-of-yours"']] : []),
    ...required.map((parameter) => [variableName(parameter), '"..."']),
  ];
  const width = Math.max(...attributes.map(([key]) => key.length));
  return ['module "mlflow" {', ...attributes.map(([key, value]) => `  ${key.padEnd(width)} = ${value}`), '}'].join(
    '\n',
  );
}

function parameterRow([name, { Default, Description }]: [string, ParameterJson]): string[] {
  const fallback = Default === undefined ? 'none: required' : Default === '' ? 'empty' : code(`${Default}`);
  return [code(name), code(variableName(name)), fallback, Description];
}

function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.join(' | ')} |`;
  return [line(header), line(header.map(() => '---')), ...rows.map(line)].join('\n');
}

function code(value: string): string {
  return `\`${value}\``;
}

function fence(language: string, content: string): string {
  return `\`\`\`${language}\n${content}\n\`\`\``;
}
