import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { MlflowTrackingServer, Profile } from '../src';
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
    reason:
      'access logs of S3 need a second bucket for ever; an organisation has CloudTrail data events or gives a bucket of its own',
    profiles: BOTH,
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    resource: /\/BackendStore\/Credentials\/Resource$/,
    reason: 'the server reads the password when it starts; a rotation in between would leave it without a database',
    profiles: BOTH,
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    resource: /\/Authentication\/Administrator\/Resource$/,
    reason: 'MLflow reads the password at its first start only; it is changed in MLflow',
    profiles: BOTH,
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    resource: /\/Authentication\/FlaskKey\/Resource$/,
    reason: 'another key signs every user of the UI out, and tasks of the old key refuse what the new ones signed',
    profiles: BOTH,
  },
  {
    rule: /^AwsSolutions-SMG4$/,
    resource: /\/Server\/(EncryptionPassphrase|WebhookKey)\/Resource$/,
    reason:
      'what was encrypted with the old value can not be read with a new one; MLflow has a command of its own to rotate',
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
    rule: /^AwsSolutions-EC23$/,
    resource: /\/Endpoint\/LoadBalancer\/SecurityGroup\/Resource$/,
    reason: 'the rule cannot read the CIDR block of a VPC that is defined in the template; it is never 0.0.0.0/0',
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
