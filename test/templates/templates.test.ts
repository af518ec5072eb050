import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { TEMPLATES } from '../../scripts/templates';
import { filesFor } from '../../scripts/templates/files';
import { TemplateJson } from '../../scripts/templates/synthesise-template';
import { stringsOf } from '../support/templates';

const DIRECTORY = 'templates';
const NAMES = ['fargate', 'ecs-on-ec2', 'ec2', 'sagemaker-tracking-server', 'sagemaker-mlflow-app'];

const made = Object.fromEntries(TEMPLATES.map((definition) => [definition.name, filesFor(definition)]));
const templates: [string, TemplateJson][] = Object.entries(made).map(([name, files]) => [
  name,
  JSON.parse(files['template.json']),
]);
const templateOf = (name: string) => Object.fromEntries(templates)[name];

test('there is one for each of these computes', () => {
  expect(TEMPLATES.map(({ name }) => name)).toEqual(NAMES);
  expect(readdirSync(DIRECTORY).sort()).toEqual([...NAMES].sort());
});

describe.each(Object.entries(made))('templates/%s', (name, files) => {
  test('has these files', () => {
    expect(readdirSync(join(DIRECTORY, name)).sort()).toEqual(Object.keys(files).sort());
  });

  test.each(Object.keys(files))('%s is what `npm run templates` makes', (file) => {
    expect(readFileSync(join(DIRECTORY, name, file), 'utf8')).toBe(files[file]);
  });

  test('is the same each time', () => {
    expect(filesFor(TEMPLATES.find((each) => each.name === name)!)).toEqual(files);
  });
});

/** Not: names that need be unique in their server only, or are those of something of AWS. */
const NAME_OF_A_RESOURCE = /^(?!Policy|Service|DBName|CACertificate)\w*(Name|Identifier)$/;

describe.each(templates)('the template %s', (_name, template) => {
  const parameters = Object.keys(template.Parameters);

  test('needs no bootstrapped account, no other file and no code in the account', () => {
    expect(Object.keys(template)).not.toContain('Rules');
    expect(parameters.filter((parameter) => /bootstrap|asset/i.test(parameter))).toEqual([]);
    const texts = stringsOf(template).map(({ text }) => text);
    expect(texts.length).toBeGreaterThan(100);
    expect(texts.filter((text) => /hnb659fds|cdk-bootstrap|-assets-|cdk\.out/.test(text))).toEqual([]);
    const types = Object.values(template.Resources).map(({ Type }) => Type);
    expect(types.filter((type) => /^(AWS::Lambda::|Custom::|AWS::CloudFormation::|AWS::CDK::)/.test(type))).toEqual([]);
  });

  // https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html
  test('is within the limits of CloudFormation', () => {
    expect(Buffer.byteLength(JSON.stringify(template, undefined, 2))).toBeLessThan(1_000_000);
    expect(Object.keys(template.Resources).length).toBeLessThan(500);
    expect(parameters.length).toBeLessThan(200);
    expect(template.Description.length).toBeLessThan(1024);
    expect(parameters.filter((name) => template.Parameters[name].Description.length > 4000)).toEqual([]);
  });

  test('asks for each parameter once, with a label, in a group', () => {
    const { ParameterGroups, ParameterLabels } = template.Metadata['AWS::CloudFormation::Interface'];
    expect(ParameterGroups.flatMap((group: any) => group.Parameters).sort()).toEqual([...parameters].sort());
    expect(ParameterGroups.map((group: any) => group.Label.default)).not.toContain('');
    expect(Object.keys(ParameterLabels).sort()).toEqual([...parameters].sort());
    for (const label of Object.values<any>(ParameterLabels)) expect(label.default).toMatch(/^[A-Z]\w/);
    for (const { Description } of Object.values(template.Parameters)) expect(Description).toMatch(/^[A-Z].{10}/);
  });

  test('has defaults that its own rules accept', () => {
    for (const { Default, AllowedPattern, AllowedValues, MinValue, MaxValue } of Object.values(template.Parameters)) {
      if (Default === undefined) continue;
      if (AllowedPattern !== undefined) expect(`${Default}`).toMatch(new RegExp(AllowedPattern));
      if (AllowedValues !== undefined) expect(AllowedValues).toContain(Default);
      if (MinValue !== undefined) expect(Number(Default)).toBeGreaterThanOrEqual(MinValue);
      if (MaxValue !== undefined) expect(Number(Default)).toBeLessThanOrEqual(MaxValue);
    }
  });

  test('names no roles and no policies: CAPABILITY_IAM is enough', () => {
    const names = ['RoleName', 'ManagedPolicyName', 'InstanceProfileName', 'UserName', 'GroupName'];
    const iam = Object.values(template.Resources).filter(({ Type }) => Type.startsWith('AWS::IAM::'));
    expect(iam.length).toBeGreaterThan(1);
    expect(iam.flatMap(({ Properties }) => Object.keys(Properties)).filter((name) => names.includes(name))).toEqual([]);
  });

  test('can be deployed twice in one account: nothing has a name that the template knows', () => {
    const named = Object.entries(template.Resources).flatMap(([id, { Properties }]) =>
      Object.entries<any>(Properties ?? {})
        .filter(([key, value]) => NAME_OF_A_RESOURCE.test(key) && typeof value === 'string')
        .map(([key]) => `${id} ${key}`),
    );
    expect(named).toEqual([]);
  });

  test('gives clients policies, of this server alone', () => {
    const outputs = Object.keys(template.Outputs).filter((output) => output.endsWith('Policy'));
    const policies = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::IAM::ManagedPolicy');
    expect(outputs).toContain('ClientPolicy');
    expect(outputs.map((output) => template.Outputs[output].Value)).toEqual(
      expect.arrayContaining(policies.map(([id]) => ({ Ref: id }))),
    );
    const statements = policies.flatMap(([, { Properties }]) => Properties.PolicyDocument.Statement);
    const wide = statements.filter(({ Effect, Resource }) => Effect !== 'Allow' || [Resource].flat().includes('*'));
    // The one action has no type of resource: `test/compute/sage-maker/permissions.test.ts`.
    expect(wide.filter(({ Action }) => Action !== 'sagemaker-mlflow:AccessUI')).toEqual([]);
  });
});

/** Everything else goes with the stack, and what could not be created leaves nothing. */
const KEPT = 'RetainExceptOnCreate';
const OF_OWN_SERVERS = [
  `AWS::Logs::LogGroup ${KEPT} Retain`,
  'AWS::RDS::DBInstance Snapshot Snapshot',
  `AWS::S3::Bucket ${KEPT} Retain`,
  `AWS::SecretsManager::Secret ${KEPT} Retain`,
];
const ofManaged = (type: string) =>
  ['AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::S3::Bucket', type].map((each) => `${each} ${KEPT} Retain`);

test.each([
  ['fargate', OF_OWN_SERVERS],
  ['ecs-on-ec2', OF_OWN_SERVERS],
  ['ec2', OF_OWN_SERVERS],
  ['sagemaker-tracking-server', ofManaged('AWS::SageMaker::MlflowTrackingServer')],
  ['sagemaker-mlflow-app', ofManaged('AWS::SageMaker::MlflowApp')],
])('what %s keeps when it is deleted is what the documentation says', (name, kept) => {
  const policies = Object.values(templateOf(name).Resources)
    .filter(({ DeletionPolicy = 'Delete' }) => DeletionPolicy !== 'Delete')
    .map(({ Type, DeletionPolicy, UpdateReplacePolicy }) => `${Type} ${DeletionPolicy} ${UpdateReplacePolicy}`);
  expect([...new Set(policies)].sort()).toEqual(kept);
});

/** Whoever deploys a newer template over an older one keeps what has these ids. */
const IDS = {
  'AWS::RDS::DBInstance': ['MlflowBackendStoreInstance0AA03B84'],
  'AWS::RDS::DBSubnetGroup': ['MlflowBackendStoreSubnets4441F936'],
  'AWS::S3::Bucket': ['MlflowArtifactStoreBucket14978695'],
  'AWS::EC2::VPC': ['Vpc8378EB38'],
  'AWS::SecretsManager::Secret': [
    'MlflowAuthenticationAdministrator21B01B3B',
    'MlflowAuthenticationFlaskKeyB0B02D71',
    'MlflowBackendStoreCredentialsE6AF837C',
    'MlflowServerEncryptionPassphrase70C1B7CA',
    'MlflowServerWebhookKey87B5D6C7',
  ],
};
const MANAGED_IDS = (type: string, id: string) => ({ 'AWS::S3::Bucket': IDS['AWS::S3::Bucket'], [type]: [id] });

test.each<[string, Record<string, string[]>]>([
  ['fargate', IDS],
  ['ecs-on-ec2', IDS],
  ['ec2', IDS],
  [
    'sagemaker-tracking-server',
    MANAGED_IDS('AWS::SageMaker::MlflowTrackingServer', 'MlflowComputeServiceTrackingServerCB797343'),
  ],
  ['sagemaker-mlflow-app', MANAGED_IDS('AWS::SageMaker::MlflowApp', 'MlflowComputeServiceApp1E647C0C')],
])('the ids of what %s stores are for ever', (name, ids) => {
  const entries = Object.entries(templateOf(name).Resources);
  for (const [type, expected] of Object.entries(ids)) {
    expect(
      entries
        .filter(([, { Type }]) => Type === type)
        .map(([id]) => id)
        .sort(),
    ).toEqual(expected);
  }
});

test.each([
  ['fargate', ['TrackingUri', 'CredentialsSecret', 'ClientPolicy']],
  ['ecs-on-ec2', ['TrackingUri', 'CredentialsSecret', 'ClientPolicy']],
  ['ec2', ['TrackingUri', 'CredentialsSecret', 'ClientPolicy']],
  ['sagemaker-tracking-server', ['TrackingUri', 'PipInstall', 'Region', 'UiPolicy', 'ClientPolicy']],
  ['sagemaker-mlflow-app', ['TrackingUri', 'PipInstall', 'Region', 'UiPolicy', 'ClientPolicy']],
])('the outputs of %s have names without a hash', (name, outputs) => {
  expect(Object.keys(templateOf(name).Outputs)).toEqual(outputs);
});

test.each([
  ['fargate', 'ClientPolicy', ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue']],
  ['ecs-on-ec2', 'ClientPolicy', ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue']],
  ['ec2', 'ClientPolicy', ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue']],
  [
    'sagemaker-tracking-server',
    'UiPolicy',
    ['sagemaker:CreatePresignedMlflowTrackingServerUrl', 'sagemaker-mlflow:AccessUI'],
  ],
  ['sagemaker-mlflow-app', 'UiPolicy', ['sagemaker:CreatePresignedMlflowAppUrl']],
])('the rights of %s in %s are %j', (name, output, actions) => {
  const { Ref: id } = templateOf(name).Outputs[output].Value as { Ref: string };
  const { Statement } = templateOf(name).Resources[id].Properties.PolicyDocument;
  expect(Statement.flatMap(({ Action }: any) => Action)).toEqual(actions);
});

test.each([
  ['fargate', []],
  ['ecs-on-ec2', []],
  ['ec2', ['AllowedCidr']],
  ['sagemaker-tracking-server', []],
  ['sagemaker-mlflow-app', []],
])('%s asks for nothing that could have a default', (name, required) => {
  const found = Object.entries(templateOf(name).Parameters).filter(([, { Default }]) => Default === undefined);
  expect(found.map(([parameter]) => parameter)).toEqual(required);
});

const PRIVATE_ECR = [
  '111122223333.dkr.ecr.eu-central-1.amazonaws.com/mlflow:3.17.2',
  '111122223333.DKR.ECR.eu-central-1.amazonaws.com/mlflow:3.17.2',
  '111122223333.dkr.ecr-fips.us-east-1.amazonaws.com/mlflow:3.17.2',
  '111122223333.dkr-ecr.eu-central-1.on.aws/mlflow:3.17.2',
];

test.each([
  ['fargate', 'AllowedCidr', ['10.0.0.0/8', '203.0.113.7/32'], ['0.0.0.0/0', '10.0.0.0/7', '10.0.0.0', '::/64', '']],
  [
    'fargate',
    'ServerImage',
    [
      'ghcr.io/mlflow/mlflow:v3.17.2-full',
      'registry.example.com:5000/team/mlflow:3.17.2',
      `mlflow@sha256:${'0'.repeat(64)}`,
      'public.ecr.aws/team/mlflow:3.17.2',
      'my.dkr.ecr-mirror.example.com/mlflow:3.17.2',
      '192.0.2.7:5000/mlflow:3.17.2',
      '3m/mlflow:3.17.2',
      'm:1',
      '',
    ],
    [
      ...PRIVATE_ECR,
      'ghcr.io/mlflow/mlflow',
      'ghcr.io/mlflow/mlflow:latest',
      'mlflow:',
      'registry.example.com:5000/team/mlflow',
    ],
  ],
  ['fargate', 'VpcId', ['', 'vpc-0a1b2c3d', 'vpc-0123456789abcdef0'], ['vpc-', 'subnet-0a1b2c3d', 'vpc-0A1B2C3D']],
  ['ec2', 'PublicSubnetA', ['', 'subnet-0a1b2c3d'], ['vpc-0a1b2c3d', 'subnet-0a1b2c3d4']],
  ['sagemaker-mlflow-app', 'MaintenanceWindow', ['', 'Sun:03:30', 'Mon:23:59'], ['sun:03:30', 'Sun:24:00', 'Sun']],
])('%s: %s takes %j and refuses %j', (name, parameter, good, bad) => {
  const pattern = new RegExp(templateOf(name).Parameters[parameter].AllowedPattern!);
  // Terraform, whose regular expressions have no lookaround, checks the same pattern.
  expect(pattern.source).not.toMatch(/\(\?[=!<]/);
  expect(good.filter((value) => !pattern.test(value))).toEqual([]);
  expect(bad.filter((value) => pattern.test(value))).toEqual([]);
});
