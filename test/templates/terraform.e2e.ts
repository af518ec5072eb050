import { spawnSync } from 'child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Processes } from '../../local/tools/processes';
import { ensurePythonEnvironment } from '../../local/tools/python-environments';
import { ParameterJson, TemplateJson } from '../../scripts/templates/synthesise-template';
import { variableName } from '../../scripts/templates/terraform';
import { inCopy, NO_PROVIDER, terraform, terraformHere, testWhere } from '../support/terraform';

jest.setTimeout(300_000);

const MODULES = readdirSync('templates');
const here = terraformHere(join('templates', MODULES[0]));

const templateOf = (name: string): TemplateJson =>
  JSON.parse(readFileSync(join('templates', name, 'template.json'), 'utf8'));

/** Blocks by their labels, which a parser gives in quotes; expressions stand in `${}`. */
type Parsed = Record<string, any>;
let parsed: Record<string, Record<string, Parsed>>;

async function parse(...directories: string[]) {
  const { python } = await ensurePythonEnvironment('templates', new Processes());
  const { status, stdout, stderr } = spawnSync(python, ['test/templates/parse_hcl.py', ...directories], {
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return { status, stderr, modules: status === 0 ? JSON.parse(stdout) : undefined };
}

beforeAll(async () => {
  const { status, stderr, modules } = await parse(...MODULES.map((name) => `templates/${name}`));
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  parsed = modules;
});

const literal = (value: unknown) => (typeof value === 'string' && value.startsWith('"') ? JSON.parse(value) : value);
const named = (blocks: Parsed[]): Record<string, Parsed> =>
  Object.fromEntries(blocks.map((block) => [literal(Object.keys(block)[0]), Object.values(block)[0]]));

const EXTRA = ['stack_name', 'tags', 'template_bucket'];

describe.each(MODULES)('the Terraform module of %s', (name) => {
  const template = templateOf(name);
  const files = () => parsed[`templates/${name}`];
  const variables = () => named(files()['variables.tf'].variable);
  const resources = () => named(files()['main.tf'].resource);
  const stack = () => named([resources().aws_cloudformation_stack]).mlflow;
  const throughS3 = readFileSync(join('templates', name, 'template.json')).length > 51_200;

  test('has a variable for each parameter, and no other but its own', () => {
    const own = throughS3 ? EXTRA : EXTRA.slice(0, 2);
    expect(Object.keys(variables())).toEqual([...own, ...Object.keys(template.Parameters).map(variableName)]);
  });

  test.each(Object.entries(template.Parameters))(
    '%s has the same type, default, rule and description',
    (parameter, definition) => {
      const variable = variables()[variableName(parameter)];
      const type = typeOf(definition);
      expect(variable.type).toBe(type);
      expect(literal(variable.description)).toBe(definition.Description);
      expect(variable.nullable).toBe(false);
      expect('default' in variable).toBe(definition.Default !== undefined);
      if (definition.Default !== undefined) {
        expect(typeof literal(variable.default)).toBe({ string: 'string', number: 'number', bool: 'boolean' }[type]);
        expect(`${literal(variable.default)}`).toBe(`${definition.Default}`);
      }
      expect(variable.validation?.[0].condition).toBe(conditionOf(`var.${variableName(parameter)}`, definition));
    },
  );

  test('gives each parameter its variable', () => {
    const entries = Object.keys(template.Parameters).map((parameter) => [
      parameter,
      `\${var.${variableName(parameter)}}`,
    ]);
    expect(stack().parameters).toEqual(Object.fromEntries(entries));
  });

  test('gives each output of the template as its own', () => {
    const outputs = named(files()['outputs.tf'].output);
    const { stack_id, ...rest } = outputs;
    expect(stack_id.value).toBe('${aws_cloudformation_stack.mlflow.id}');
    const entries = Object.entries(template.Outputs).map(([output, { Description }]) => [
      variableName(output),
      { value: `\${aws_cloudformation_stack.mlflow.outputs["${output}"]}`, description: Description },
    ]);
    const found = Object.entries(rest).map(([output, { value, description }]) => [
      output,
      { value, description: literal(description) },
    ]);
    expect(found).toEqual(entries);
  });

  test('deploys the template with the rights that it needs, and waits for long enough', () => {
    expect(stack().capabilities.map(literal)).toEqual(['CAPABILITY_IAM']);
    expect(stack().name).toBe('${var.stack_name}');
    expect(stack().tags).toBe('${var.tags}');
    expect(stack().timeouts[0]).toMatchObject({ create: '"90m"', update: '"90m"', delete: '"90m"' });
    expect(files()['main.tf'].locals[0].template).toBe('"${path.module}/template.json"');
  });

  test('hands over a short template in the request, and a long one in a bucket', () => {
    const url = '"https://${data.aws_s3_bucket.templates.bucket_regional_domain_name}/${aws_s3_object.template.key}"';
    expect(stack().template_body).toBe(throughS3 ? undefined : '${file(local.template)}');
    expect(stack().template_url).toBe(throughS3 ? url : undefined);
    expect(Object.keys(resources())).toEqual(
      throughS3 ? ['aws_s3_object', 'aws_cloudformation_stack'] : ['aws_cloudformation_stack'],
    );
    if (throughS3) {
      expect(resources().aws_s3_object['"template"']).toMatchObject({
        bucket: '${data.aws_s3_bucket.templates.id}',
        key: '"${var.stack_name}/${filesha256(local.template)}.json"',
        source: '${local.template}',
      });
    }
  });

  test('asks for the AWS provider and for nothing else', () => {
    const [{ required_providers }] = files()['versions.tf'].terraform;
    expect(required_providers[0].aws).toEqual({ source: '"hashicorp/aws"', version: '">= 5.0"' });
    expect(Object.keys(required_providers[0]).filter((key) => key !== '__is_block__')).toEqual(['aws']);
  });

  test('refers to variables and resources that there are', () => {
    const text = JSON.stringify(files());
    const used = [...text.matchAll(/\bvar\.(\w+)/g)].map(([, variable]) => variable);
    expect([...new Set(used)].sort()).toEqual(Object.keys(variables()).sort());
  });

  testWhere(here.provider, NO_PROVIDER, 'is valid for `terraform validate`', () => {
    const { status, output } = inCopy(join('templates', name), (copy) => {
      expect(terraform(copy, 'init', '-input=false', '-no-color').status).toBe(0);
      return terraform(copy, 'validate', '-no-color');
    });
    expect({ status, output }).toEqual({ status: 0, output: expect.stringContaining('The configuration is valid') });
  });
});

testWhere(here.program, 'there is no Terraform here', 'all are in the layout of `terraform fmt`', () => {
  expect(terraform('templates', 'fmt', '-check', '-recursive', '-diff')).toMatchObject({ status: 0 });
});

test('what is no Terraform is found', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'cdk-mlflow-no-terraform-'));
  writeFileSync(join(directory, 'main.tf'), 'variable "x" {\n  default =\n}\n');
  const { status, stderr } = await parse(directory);
  rmSync(directory, { recursive: true });
  expect(status).toBe(1);
  expect(stderr).toContain('UnexpectedToken');
});

function typeOf({ Type, AllowedValues }: ParameterJson): 'string' | 'number' | 'bool' {
  if (Type === 'Number') return 'number';
  return AllowedValues?.includes('true') ? 'bool' : 'string';
}

function conditionOf(variable: string, { Type, AllowedValues, AllowedPattern, MinValue, MaxValue }: ParameterJson) {
  if (Type === 'Number') {
    return `\${${variable} >= ${MinValue} && ${variable} <= ${MaxValue} && floor(${variable}) == ${variable}}`;
  }
  if (AllowedValues?.includes('true')) return undefined;
  if (AllowedValues) {
    return `\${contains([${AllowedValues.map((each) => JSON.stringify(each)).join(', ')}], ${variable})}`;
  }
  return AllowedPattern && `\${can(regex(${JSON.stringify(AllowedPattern)}, ${variable}))}`;
}
