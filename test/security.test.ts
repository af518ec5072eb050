import { Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { BackendStore, Compute, Endpoint, MlflowTrackingServer, MlflowTrackingServerProps, Profile } from '../src';
import { newApp } from './support/new-app';
import { resourcesOf } from './support/templates';

interface Allowed {
  readonly rule: RegExp;
  readonly resource: RegExp;
  readonly reason: string;
  /** The profiles in which the finding is expected. */
  readonly profiles: Profile[];
}

const BOTH = [Profile.DEVELOPMENT, Profile.PRODUCTION];
const DEVELOPMENT = [Profile.DEVELOPMENT];

/** What the AWS Solutions rules find in a default stack, and why it is right as it is. */
const ALLOWED: Allowed[] = [
  {
    rule: /^AwsSolutions-S1$/,
    resource: /\/ArtifactStore\/Bucket\/Resource$/,
    reason: 'access logs need a second bucket, which stays; PRODUCTION has one',
    profiles: DEVELOPMENT,
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    resource: /\/BackendStore\/Credentials\/Resource$/,
    reason:
      'the function that rotates comes from an application of AWS’s in another account; the prop credentialsRotation takes it on',
    profiles: BOTH,
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    resource: /\/(Authentication\/(Administrator|FlaskKey)|Server\/(EncryptionPassphrase|WebhookKey))\/Resource$/,
    reason:
      'MLflow takes no other value by itself: the password is read at the first start alone, and what the old keys signed or encrypted is lost with them',
    profiles: BOTH,
  },
  {
    rule: /^AwsSolutions-RDS11$/,
    resource: /\/BackendStore\/Instance\/Resource$/,
    reason:
      'the database is in isolated subnets and admits the server’s security group only; another port hides nothing',
    profiles: BOTH,
  },
  {
    rule: /^AwsSolutions-ELB2$/,
    resource: /\/Endpoint\/LoadBalancer\/Resource$/,
    reason: 'access logs need a second bucket, in a region known at synthesis; the prop accessLogsBucket takes one',
    profiles: BOTH,
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<MlflowArtifactStoreBucket\w+\.Arn>\/\*\]$/,
    resource: /\/Compute\/Task\/TaskRole\/DefaultPolicy\/Resource$/,
    reason: 'the keys of artifacts are not known beforehand; the actions are the five that MLflow needs',
    profiles: BOTH,
  },
  {
    rule: /^AwsSolutions-ECS2$/,
    resource: /\/Compute\/Task\/Resource$/,
    reason: 'the environment holds settings, in sight on purpose; what is secret comes from Secrets Manager',
    profiles: BOTH,
  },
  {
    rule: /^AwsSolutions-VPC7$/,
    resource: /\/Vpc\/Resource$/,
    reason: 'flow logs cost by the gigabyte; PRODUCTION has them',
    profiles: DEVELOPMENT,
  },
  {
    rule: /^AwsSolutions-RDS3$/,
    resource: /\/BackendStore\/Instance\/Resource$/,
    reason: 'a standby doubles the price; PRODUCTION has one',
    profiles: DEVELOPMENT,
  },
  {
    rule: /^AwsSolutions-RDS10$/,
    resource: /\/BackendStore\/Instance\/Resource$/,
    reason: 'development stacks are deleted, and leave a snapshot; PRODUCTION is protected',
    profiles: DEVELOPMENT,
  },
  {
    rule: /^AwsSolutions-ECS4$/,
    resource: /\/Compute\/Cluster\/Resource$/,
    reason: 'Container Insights costs by the metric; PRODUCTION has it',
    profiles: DEVELOPMENT,
  },
];

/** Statements on every resource: none. An entry needs the logical id, the action and a written reason. */
const STARS: { readonly resource: RegExp; readonly action: string; readonly reason: string }[] = [];

function defaultStack(profile: Profile): { app: ReturnType<typeof newApp>; stack: Stack } {
  const app = newApp();
  const stack = new Stack(app, 'Stack');
  new MlflowTrackingServer(stack, 'Mlflow', { profile });
  return { app, stack };
}

function findingsOf(app: ReturnType<typeof newApp>): { rule: string; resource: string }[] {
  return new AwsSolutionsChecks(app)
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({ rule: ruleName, resource: constructPath! })),
    );
}

const matches = (finding: { rule: string; resource: string }, { rule, resource }: Allowed) =>
  rule.test(finding.rule) && resource.test(finding.resource);

describe.each(BOTH)('the AWS Solutions rules on %s', (profile) => {
  const findings = findingsOf(defaultStack(profile).app);
  const allowed = ALLOWED.filter(({ profiles }) => profiles.includes(profile));

  test('find nothing without a reason', () => {
    expect(findings.filter((finding) => !allowed.some((entry) => matches(finding, entry)))).toEqual([]);
  });

  test.each(allowed.map((entry) => [entry.rule.source, entry] as const))('%s is still found', (_rule, entry) => {
    expect(findings.filter((finding) => matches(finding, entry)).length).toBeGreaterThanOrEqual(1);
  });
});

test('there are at most six reasons in PRODUCTION', () => {
  expect(ALLOWED.filter(({ profiles }) => profiles.includes(Profile.PRODUCTION)).length).toBeLessThanOrEqual(6);
});

describe('options that answer a reason', () => {
  const findingsWith = (props: MlflowTrackingServerProps, env?: Environment) => {
    const app = newApp();
    const stack = new Stack(app, 'Stack', { env });
    const accessLogsBucket = new Bucket(stack, 'Logs', { enforceSSL: true });
    const endpoint = Endpoint.internalLoadBalancer(env ? { accessLogsBucket } : {});
    new MlflowTrackingServer(stack, 'Mlflow', { profile: Profile.PRODUCTION, endpoint, ...props });
    return findingsOf(app).map(({ rule, resource }) => `${rule} ${resource}`);
  };

  test('a password that is rotated', () => {
    const rotated = { backendStore: BackendStore.rdsPostgres({ credentialsRotation: {} }) };
    const finding = 'AwsSolutions-SMG4 Stack/Mlflow/BackendStore/Credentials/Resource';
    expect(findingsWith({})).toContain(finding);
    expect(findingsWith(rotated)).not.toContain(finding);
  });

  test('access logs of the load balancer', () => {
    const finding = 'AwsSolutions-ELB2 Stack/Mlflow/Endpoint/LoadBalancer/Resource';
    expect(findingsWith({})).toContain(finding);
    expect(findingsWith({}, { region: 'eu-west-1' })).not.toContain(finding);
  });

  test('a shell in the container adds the right to open channels, which knows no resources, and nothing else', () => {
    const exec = findingsWith({ compute: Compute.fargate({ enableExecuteCommand: true }) });
    expect(exec.filter((finding) => !findingsWith({}).includes(finding))).toEqual([
      'AwsSolutions-IAM5[Resource::*] Stack/Mlflow/Compute/Task/TaskRole/DefaultPolicy/Resource',
    ]);
  });
});

test('the AWS Solutions rules would find an open bucket', () => {
  const { app, stack } = defaultStack(Profile.PRODUCTION);
  const policy = stack.node.findChild('Mlflow').node.findChild('ArtifactStore').node.findChild('Bucket');
  policy.node.tryRemoveChild('Policy');
  expect(findingsOf(app).map(({ rule }) => rule)).toContain('AwsSolutions-S10');
});

/** Every statement of an identity’s policy, inline or not, that is about every resource. */
function starsOf(template: Template): { id: string; action: string }[] {
  return Object.entries(resourcesOf(template)).flatMap(([id, { Properties = {} }]) => {
    const documents = [
      Properties.PolicyDocument,
      ...(Properties.Policies ?? []).map((policy: any) => policy.PolicyDocument),
    ];
    return documents
      .flatMap((document) => document?.Statement ?? [])
      .filter(({ Effect, Resource }: any) => Effect === 'Allow' && [Resource].flat().includes('*'))
      .flatMap(({ Action }: any) => [Action].flat().map((action: string) => ({ id, action })));
  });
}

describe.each(BOTH)('the policies of %s', (profile) => {
  const template = Template.fromStack(defaultStack(profile).stack);
  const stars = starsOf(template);

  test('name what they allow access to', () => {
    const unexplained = stars.filter(
      ({ id, action }) => !STARS.some((star) => star.resource.test(id) && star.action === action),
    );
    expect(unexplained).toEqual([]);
  });

  test('allow no actions by a wildcard', () => {
    const wildcards = Object.entries(template.findResources('AWS::IAM::Policy')).flatMap(([id, { Properties }]) =>
      Properties.PolicyDocument.Statement.flatMap(({ Action }: any) => [Action].flat())
        .filter((action: string) => action.includes('*'))
        .map((action: string) => `${id} ${action}`),
    );
    expect(wildcards).toEqual([]);
  });
});

test('no entry about every resource is stale', () => {
  const stars = BOTH.flatMap((profile) => starsOf(Template.fromStack(defaultStack(profile).stack)));
  const stale = STARS.filter(
    ({ resource, action }) => !stars.some((star) => resource.test(star.id) && star.action === action),
  );
  expect(stale).toEqual([]);
});

test('a statement about every resource would be found', () => {
  const { stack } = defaultStack(Profile.DEVELOPMENT);
  const template = Template.fromStack(stack).toJSON();
  const [policy] = Object.values<any>(template.Resources).filter(({ Type }) => Type === 'AWS::IAM::Policy');
  policy.Properties.PolicyDocument.Statement[0].Resource = ['*'];
  expect(starsOf(Template.fromJSON(template)).length).toBeGreaterThan(0);
});
