import { Stack } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Compute, EcsCapacity, EcsOnEc2ComputeProps, MlflowTrackingServer, Profile } from '../../../src';
import { newApp } from '../../support/new-app';

interface Allowed {
  readonly rule: RegExp;
  readonly resource: RegExp;
  readonly reason: string;
  /** Not found with every version of the AWS CDK. */
  readonly varies?: boolean;
}

/** What the AWS Solutions rules find in the tasks and the instances, and why it is right as it is. */
const ALLOWED: Allowed[] = [
  {
    rule: /^AwsSolutions-AS3$/,
    resource: /\/Compute\/Group\/ASG$/,
    reason: 'notifications need a topic and somebody who reads it; a user adds them at `autoScalingGroup`',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    resource: /\/Compute\/InstanceRole\/DefaultPolicy\/Resource$/,
    reason: 'the discovery of ECS and the five actions that Session Manager documents know no resources',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:ecs:.*:container-instance\/<MlflowComputeCluster\w+>\/\*\]$/,
    resource: /\/Compute\/InstanceRole\/DefaultPolicy\/Resource$/,
    reason: 'an instance is not known beforehand; these are the instances of the one cluster',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::arn:<AWS::Partition>:autoscaling:.*:autoScalingGroup:\*:autoScalingGroupName\/<MlflowComputeGroup\w+>\]$/,
    resource: /\/Compute\/GroupRemoval\/CustomResourcePolicy\/Resource$/,
    reason: 'the unknown part of the ARN is an id that AWS makes; the name is that of the one group',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<MlflowArtifactStoreBucket\w+\.Arn>\/\*\]$/,
    resource: /\/Compute\/Task\/TaskRole\/DefaultPolicy\/Resource$/,
    reason: 'the keys of artifacts are not known beforehand; the actions are the five that MLflow needs',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::\*\]$/,
    resource: /\/Compute\/Task\/TaskRole\/DefaultPolicy\/Resource$/,
    reason: 'with ECS Exec alone: the actions of a session know no resources',
  },
  {
    rule: /^AwsSolutions-EC26$/,
    resource: /\/Compute\/Group\/ASG$/,
    reason: 'with Spot alone: the rule does not read the launch template of a mix, whose disk is encrypted',
  },
  {
    rule: /^AwsSolutions-ECS2$/,
    resource: /\/Compute\/Task\/Resource$/,
    reason: 'the environment holds settings, in sight on purpose; what is secret comes from Secrets Manager',
  },
  {
    rule: /^AwsSolutions-ECS4$/,
    resource: /\/Compute\/Cluster\/Resource$/,
    reason: 'Container Insights costs by the metric; PRODUCTION has it',
  },
  {
    rule: /^AwsSolutions-IAM4\[Policy::.*AWSLambdaBasicExecutionRole\]$/,
    resource: /^Stack\/AWS679\w+\/ServiceRole\/Resource$/,
    reason: 'the function of the AWS CDK writes its log; its other rights are named one by one',
  },
  {
    rule: /^AwsSolutions-L1$/,
    resource: /^Stack\/AWS679\w+\/Resource$/,
    reason: 'the runtime is the one that the AWS CDK tests its function with',
    varies: true,
  },
];

function findings(props: EcsOnEc2ComputeProps, profile: Profile) {
  const app = newApp();
  const compute = Compute.ecsOnEc2(props);
  new MlflowTrackingServer(new Stack(app, 'Stack'), 'Mlflow', { profile, compute });
  return new AwsSolutionsChecks(app)
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({ rule: ruleName, resource: constructPath! })),
    )
    .filter(({ resource }) => /\/Compute\/|^Stack\/AWS679/.test(resource));
}

const matches = (finding: { rule: string; resource: string }, { rule, resource }: Allowed) =>
  rule.test(finding.rule) && resource.test(finding.resource);

describe('the AWS Solutions rules', () => {
  const all = [
    ...findings({}, Profile.DEVELOPMENT),
    ...findings({ capacity: EcsCapacity.autoScaling({ spot: {} }), enableExecuteCommand: true }, Profile.PRODUCTION),
  ];

  test('find nothing without a reason', () => {
    expect(all.filter((finding) => !ALLOWED.some((entry) => matches(finding, entry)))).toEqual([]);
  });

  const constant = ALLOWED.filter(({ varies }) => !varies);

  test.each(constant.map((entry) => [entry.rule.source, entry] as const))('%s is still found', (_rule, entry) => {
    expect(all.some((finding) => matches(finding, entry))).toBe(true);
  });

  test('find nothing in a function where there is none', () => {
    const instanceType = new InstanceType('t4g.medium');
    const capacity = EcsCapacity.autoScaling({ instanceType, _withoutGroupRemoval: true });
    const without = findings({ capacity }, Profile.PRODUCTION);
    expect(without.filter(({ resource }) => /AWS679|GroupRemoval/.test(resource))).toEqual([]);
  });
});
