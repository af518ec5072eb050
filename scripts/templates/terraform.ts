import { TemplateDefinition } from './definition';
import { Attributes, block, file, list, map, text } from './hcl';
import { ParameterJson, TemplateJson } from './synthesise-template';

/**
 * What a request to CloudFormation may carry; a longer template is fetched from Amazon S3.
 *
 * @see https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
 */
export const LONGEST_BODY = 51_200;

const TEMPLATE_FILE = 'template.json';

/** A database with a standby, or a tracking server of SageMaker, takes longer than the provider's 30 minutes. */
const TIMEOUT = '90m';

/** The files of a Terraform module that deploys the template and nothing of its own. */
export function terraformModule(
  { name, title }: TemplateDefinition,
  template: TemplateJson,
  templateBytes: number,
): Record<string, string> {
  const throughS3 = templateBytes > LONGEST_BODY;
  return {
    'versions.tf': versions(),
    'main.tf': main(template, throughS3),
    'variables.tf': variables(name, title, template, throughS3),
    'outputs.tf': outputs(template),
  };
}

/** `AllowedCidr` becomes `allowed_cidr`, and `VolumeSizeGiB` `volume_size_gib`. */
export function variableName(parameter: string): string {
  return parameter
    .replace('GiB', 'Gib')
    .replace(/(?<=[a-z0-9])(?=[A-Z])/g, '_')
    .toLowerCase();
}

function versions(): string {
  const provider = map('aws', [
    ['source', text('hashicorp/aws')],
    ['version', text('>= 5.0')],
  ]);
  return file(block('terraform', [['required_version', text('>= 1.3')]], block('required_providers', provider)));
}

function main(template: TemplateJson, throughS3: boolean): string {
  const parameters: Attributes = Object.keys(template.Parameters).map((name) => [name, `var.${variableName(name)}`]);
  const stack = block(
    'resource "aws_cloudformation_stack" "mlflow"',
    [
      ['name', 'var.stack_name'],
      throughS3 ? ['template_url', TEMPLATE_URL] : ['template_body', 'file(local.template)'],
      ['capabilities', list([text('CAPABILITY_IAM')])],
      ['tags', 'var.tags'],
    ],
    map('parameters', parameters),
    block('timeouts', [
      ['create', text(TIMEOUT)],
      ['update', text(TIMEOUT)],
      ['delete', text(TIMEOUT)],
    ]),
  );
  const locals = block('locals', [['template', `"\${path.module}/${TEMPLATE_FILE}"`]]);
  return file(locals, ...(throughS3 ? upload() : []), stack);
}

const TEMPLATE_URL =
  '"https://${data.aws_s3_bucket.templates.bucket_regional_domain_name}/${aws_s3_object.template.key}"';

/** The key changes with the template: otherwise the stack would not notice. */
function upload(): string[] {
  return [
    block('data "aws_s3_bucket" "templates"', [['bucket', 'var.template_bucket']]),
    block('resource "aws_s3_object" "template"', [
      ['bucket', 'data.aws_s3_bucket.templates.id'],
      ['key', '"${var.stack_name}/${filesha256(local.template)}.json"'],
      ['source', 'local.template'],
    ]),
  ];
}

function variables(name: string, title: string, template: TemplateJson, throughS3: boolean): string {
  return file(
    variable('stack_name', 'string', `The name of the CloudFormation stack: ${title}`, [
      ['default', text(`mlflow-${name}`)],
    ]),
    variable('tags', 'map(string)', 'The tags of the stack and of what it defines', [['default', '{}']]),
    ...(throughS3
      ? [
          variable(
            'template_bucket',
            'string',
            'The name of a bucket of yours in the region of the stack. The template is put there for CloudFormation, ' +
              'which takes no template of its length in a request',
          ),
        ]
      : []),
    ...Object.entries(template.Parameters).map(([parameter, definition]) => variableOf(parameter, definition)),
  );
}

function variable(name: string, type: string, description: string, more: Attributes = [], ...blocks: string[]): string {
  const attributes: Attributes = [['description', text(description)], ['type', type], ...more, ['nullable', 'false']];
  return block(`variable "${name}"`, attributes, ...blocks);
}

function variableOf(parameter: string, definition: ParameterJson): string {
  const name = variableName(parameter);
  const type = typeOf(definition);
  const { Default: fallback, Description: description } = definition;
  const more: Attributes =
    fallback === undefined ? [] : [['default', type === 'string' ? text(`${fallback}`) : `${fallback}`]];
  const rule = ruleOf(`var.${name}`, type, definition);
  const validation =
    rule &&
    block('validation', [
      ['condition', rule.condition],
      ['error_message', text(rule.message)],
    ]);
  return variable(name, type, description, more, ...(validation ? [validation] : []));
}

function typeOf({ Type, AllowedValues }: ParameterJson): 'string' | 'number' | 'bool' {
  if (Type === 'Number') return 'number';
  return AllowedValues?.join() === 'true,false' ? 'bool' : 'string';
}

/** CloudFormation's own rule, so that `terraform plan` knows it. */
function ruleOf(
  value: string,
  type: string,
  definition: ParameterJson,
): { condition: string; message: string } | undefined {
  const { AllowedValues, AllowedPattern, MinValue, MaxValue } = definition;
  if (type === 'number') {
    return {
      condition: `${value} >= ${MinValue} && ${value} <= ${MaxValue} && floor(${value}) == ${value}`,
      message: `It must be a whole number from ${MinValue} to ${MaxValue}.`,
    };
  }
  if (type === 'string' && AllowedValues) {
    return {
      condition: `contains(${list(AllowedValues.map(text))}, ${value})`,
      message: `It must be one of ${AllowedValues.join(', ')}.`,
    };
  }
  if (AllowedPattern === undefined) return undefined;
  return {
    condition: `can(regex(${text(AllowedPattern)}, ${value}))`,
    message: `It must match ${AllowedPattern}.`,
  };
}

function outputs({ Outputs }: TemplateJson): string {
  const own = Object.entries(Outputs).map(([name, { Description }]) =>
    output(variableName(name), Description, `aws_cloudformation_stack.mlflow.outputs[${text(name)}]`),
  );
  return file(output('stack_id', 'The ID of the CloudFormation stack', 'aws_cloudformation_stack.mlflow.id'), ...own);
}

function output(name: string, description: string, value: string): string {
  return block(`output "${name}"`, [
    ['description', text(description)],
    ['value', value],
  ]);
}
