import { TEMPLATES } from '../../scripts/templates';
import { synthesiseTemplate, TemplateJson } from '../../scripts/templates/synthesise-template';
import { MlflowVersion } from '../../src/server';

const THIS = MlflowVersion.V3_17_2.version;
const NEXT = '3.99.0';

/** The template as the next release would have it. */
function withNextMlflow(template: TemplateJson): TemplateJson {
  return JSON.parse(JSON.stringify(template).split(THIS).join(NEXT));
}

/** What CloudFormation keeps of a stack: each parameter's value, the default's at that time too. */
function stored({ Parameters }: TemplateJson, given: Record<string, string> = {}): Record<string, string> {
  const defaults = Object.entries(Parameters).map(([name, { Default }]) => [name, `${Default}`]);
  return { ...Object.fromEntries(defaults), ...given };
}

/** The images of the containers once the template is deployed with these values. */
function imagesOf(template: TemplateJson, values: Record<string, string>): string[] {
  const task = Object.values(template.Resources).find(({ Type }) => Type === 'AWS::ECS::TaskDefinition');
  const conditions = template.Conditions as Record<string, unknown>;
  return task.Properties.ContainerDefinitions.map(({ Image }: any) => evaluate(Image, conditions, values));
}

function evaluate(value: any, conditions: Record<string, unknown>, values: Record<string, string>): any {
  if (typeof value !== 'object') return value;
  const [name, argument] = Object.entries<any>(value)[0];
  const inner = (each: unknown) => evaluate(each, conditions, values);
  switch (name) {
    case 'Ref':
      return values[argument];
    case 'Fn::If':
      return inner(conditions[argument[0]]) ? inner(argument[1]) : inner(argument[2]);
    case 'Fn::Not':
      return !inner(argument[0]);
    case 'Fn::Equals':
      return inner(argument[0]) === inner(argument[1]);
    default:
      throw new Error(`the test does not know ${name}`);
  }
}

describe.each(['fargate', 'ecs-on-ec2'])('in %s', (name) => {
  const template = synthesiseTemplate(TEMPLATES.find((each) => each.name === name)!);
  const official = `ghcr.io/mlflow/mlflow:v${THIS}-full`;

  test('a new stack has the image of the template’s release', () => {
    expect(imagesOf(template, stored(template))).toEqual([official, official, official]);
  });

  test('a newer template over a stack that chose no image brings its own', () => {
    const newer = official.replace(THIS, NEXT);
    expect(imagesOf(withNextMlflow(template), stored(template))).toEqual([newer, newer, newer]);
  });

  test('and over a stack that chose one leaves it', () => {
    const ServerImage = 'registry.example.com/mlflow:1';
    const images = imagesOf(withNextMlflow(template), stored(template, { ServerImage }));
    expect(new Set(images)).toEqual(new Set([ServerImage]));
  });

  test('what an older template has stored as the image does not stay', () => {
    // Its parameter had the image of that time as its default.
    const values = { ...stored(template), MlflowImage: 'ghcr.io/mlflow/mlflow:v3.14.0-full' };
    expect(imagesOf(template, values)).toEqual([official, official, official]);
  });

  test('the rules of the parameter do not change with the release', () => {
    expect(withNextMlflow(template).Parameters).toEqual(template.Parameters);
  });
});
