import { readFileSync } from 'fs';
import { publishedNames, readPublished } from '../../local/published-template';

const fileOf = (name: string) => JSON.parse(readFileSync(`templates/${name}/template.json`, 'utf8'));

test('every directory of templates/ can be run', () => {
  expect(publishedNames().sort()).toEqual([
    'ec2',
    'ecs-on-ec2',
    'fargate',
    'sagemaker-mlflow-app',
    'sagemaker-tracking-server',
  ]);
});

test('a template is run as it is', () => {
  expect(readPublished('fargate')).toEqual({
    name: 'mlflow-fargate',
    template: fileOf('fargate'),
    parameters: {},
    deviations: [],
  });
});

test('what has no default is entered, and the report says so', () => {
  expect(readPublished('ec2')).toEqual({
    name: 'mlflow-ec2',
    template: fileOf('ec2'),
    parameters: { AllowedCidr: '203.0.113.7/32' },
    deviations: ['AllowedCidr is 203.0.113.7/32, which has no default'],
  });
});

test.each(['sagemaker-tracking-server', 'sagemaker-mlflow-app'])(
  'a notebook gets the policy of %s and no other',
  (name) => {
    const { template, deviations } = readPublished(name);
    const { LocalNotebook, ...resources } = template.Resources;
    expect(resources).toEqual(fileOf(name).Resources);
    expect(LocalNotebook).toMatchObject({
      Type: 'AWS::IAM::Role',
      Properties: { ManagedPolicyArns: [{ Ref: 'ClientAccess3EF58DE3' }] },
    });
    expect(LocalNotebook.Properties).not.toHaveProperty('Policies');
    expect(deviations).toEqual([
      `the role of a notebook is added, with the policy ClientPolicy of the outputs and no other`,
    ]);
  },
);

test('an unknown name is an error that lists the known ones', () => {
  expect(() => readPublished('lambda')).toThrow(
    /^there is no template 'lambda'; there are: ec2, ecs-on-ec2, fargate, sagemaker-mlflow-app, sagemaker-tracking-server$/,
  );
});
