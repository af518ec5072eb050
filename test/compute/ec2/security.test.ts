import { Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Compute, Endpoint, IEndpoint, IServerImage, MlflowTrackingServer, Profile, ServerImage } from '../../../src';
import { newApp } from '../../support/new-app';

interface Allowed {
  readonly rule: RegExp;
  readonly resource: RegExp;
  readonly reason: string;
}

/** What the AWS Solutions rules find in the instances, and why it is right as it is. */
const ALLOWED: Allowed[] = [
  {
    rule: /^AwsSolutions-AS3$/,
    resource: /\/Compute\/Instances\/ASG$/,
    reason: 'notifications need a topic and somebody who reads it; a user adds them at `autoScalingGroup`',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    resource: /\/Compute\/Role\/DefaultPolicy\/Resource$/,
    reason: 'the five actions that Session Manager documents know no resources, nor does the one to sign in to ECR',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<MlflowArtifactStoreBucket\w+\.Arn>\/\*\]$/,
    resource: /\/Compute\/Role\/DefaultPolicy\/Resource$/,
    reason: 'the keys of artifacts are not known beforehand; the actions are the five that MLflow needs',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:instance\/\*\]$/,
    resource: /\/Compute\/Role\/DefaultPolicy\/Resource$/,
    reason: 'an instance is not known beforehand; a condition admits those of this instance profile alone',
  },
];

function findings(endpoint: IEndpoint, profile: Profile, image?: IServerImage) {
  const app = newApp();
  new MlflowTrackingServer(new Stack(app, 'Stack'), 'Mlflow', {
    profile,
    compute: Compute.ec2({ replicas: 1 }),
    endpoint,
    image,
  });
  return new AwsSolutionsChecks(app)
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({ rule: ruleName, resource: constructPath! })),
    )
    .filter(({ resource }) => /\/(Compute|Endpoint\/Address)\//.test(resource));
}

const matches = (finding: { rule: string; resource: string }, { rule, resource }: Allowed) =>
  rule.test(finding.rule) && resource.test(finding.resource);

describe.each(Object.values(Profile))('the AWS Solutions rules on EC2, %s', (profile) => {
  const all = [
    ...findings(Endpoint.instanceAddress({ allowedCidrs: ['203.0.113.0/24'] }), profile),
    ...findings(Endpoint.internalLoadBalancer(), profile),
    ...findings(Endpoint.portForwarding(), profile),
    ...findings(Endpoint.portForwarding(), profile, ServerImage.hardened()),
  ];

  test('find nothing without a reason', () => {
    expect(all.filter((finding) => !ALLOWED.some((entry) => matches(finding, entry)))).toEqual([]);
  });

  test.each(ALLOWED.map((entry) => [entry.rule.source, entry] as const))('%s is still found', (_rule, entry) => {
    expect(all.some((finding) => matches(finding, entry))).toBe(true);
  });
});

test('an endpoint that is open to the world is found', () => {
  const rules = findings(Endpoint.instanceAddress({ openToTheWorld: true }), Profile.DEVELOPMENT).map(
    ({ rule }) => rule,
  );
  expect(rules).toContain('AwsSolutions-EC23');
});
