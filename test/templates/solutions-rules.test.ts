import { AwsSolutionsChecks } from 'cdk-nag';
import { TEMPLATES } from '../../scripts/templates';
import { defineStack } from '../../scripts/templates/synthesise-template';
import { newApp } from '../support/new-app';

const ON_ECS = ['fargate', 'ecs-on-ec2'];
const OWN = [...ON_ECS, 'ec2'];
const ALL = [...OWN, 'sagemaker-tracking-server', 'sagemaker-mlflow-app'];

interface Allowed {
  readonly rule: string;
  readonly resource: RegExp;
  readonly templates: readonly string[];
  readonly reason: string;
}

/** What the AWS Solutions rules find beside what they find in the library's own stacks, `test/security.test.ts`. */
const OF_PARAMETERS: Allowed[] = [
  {
    rule: 'AwsSolutions-RDS3',
    resource: /\/BackendStore\/Instance\/Resource$/,
    templates: OWN,
    reason: 'the rule cannot read a parameter; DatabaseStandby turns the standby on',
  },
  {
    rule: 'AwsSolutions-RDS10',
    resource: /\/BackendStore\/Instance\/Resource$/,
    templates: OWN,
    reason: 'the rule cannot read a parameter; DatabaseDeletionProtection turns the protection on',
  },
  {
    rule: 'AwsSolutions-RDS13',
    resource: /\/BackendStore\/Instance\/Resource$/,
    templates: OWN,
    reason: 'the rule cannot read a parameter; BackupRetentionDays is at least 1',
  },
  {
    rule: 'AwsSolutions-EC23',
    resource: /SecurityGroup\/Resource$/,
    templates: OWN,
    reason: 'the rule cannot read a parameter; AllowedCidr takes no block wider than /8',
  },
  {
    rule: 'AwsSolutions-AS3',
    resource: /\/Compute\/(Group|Instances)\/ASG$/,
    templates: ['ecs-on-ec2', 'ec2'],
    reason: 'there is nobody to notify; the replacement of an instance shows in the stack and in the log',
  },
];

/** What is the same in the library's development profile, where the reason is written. */
const OF_THE_LIBRARY: Record<string, readonly string[]> = {
  'AwsSolutions-S1': ALL,
  'AwsSolutions-SMG4': OWN,
  'AwsSolutions-RDS11': OWN,
  'AwsSolutions-VPC7': OWN,
  'AwsSolutions-ELB2': ON_ECS,
  'AwsSolutions-ECS2': ON_ECS,
  'AwsSolutions-ECS4': ON_ECS,
  'AwsSolutions-IAM5[Resource::*]': ['ecs-on-ec2', 'ec2', 'sagemaker-tracking-server'],
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ec2:<AWS::Region>:<AWS::AccountId>:instance/*]': ['ec2'],
  'AwsSolutions-IAM5[Resource::arn:<AWS::Partition>:ecs:<AWS::Region>:<AWS::AccountId>:container-instance/<MlflowComputeCluster93A57FED>/*]':
    ['ecs-on-ec2'],
  'AwsSolutions-IAM5[Resource::<MlflowArtifactStoreBucket14978695.Arn>/*]': ALL,
};

function findingsIn(name: string): { rule: string; resource: string }[] {
  const app = newApp();
  defineStack(
    app,
    TEMPLATES.find((definition) => definition.name === name)!,
  );
  const { violations } = new AwsSolutionsChecks(app).validateScope(app);
  return violations.flatMap(({ ruleName, violatingResources }) =>
    violatingResources.map(({ constructPath }) => ({ rule: ruleName, resource: constructPath! })),
  );
}

describe.each(ALL)('the AWS Solutions rules on the template %s', (name) => {
  const findings = findingsIn(name);
  const allowed = OF_PARAMETERS.filter(({ templates }) => templates.includes(name));
  const known = Object.keys(OF_THE_LIBRARY).filter((rule) => OF_THE_LIBRARY[rule].includes(name));

  test('find nothing without a reason', () => {
    const unexplained = findings.filter(
      (finding) =>
        !known.includes(finding.rule) &&
        !allowed.some(({ rule, resource }) => rule === finding.rule && resource.test(finding.resource)),
    );
    expect(unexplained).toEqual([]);
  });

  test('no reason is stale', () => {
    const found = new Set(findings.map(({ rule }) => rule));
    expect([...known, ...allowed.map(({ rule }) => rule)].filter((rule) => !found.has(rule))).toEqual([]);
  });
});
