import { Duration, Lazy } from 'aws-cdk-lib';
import { SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ContainerInsights } from 'aws-cdk-lib/aws-ecs';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Compute, FargateComputeProps, MlflowTrackingServer } from '../../../src';
import { FakeEndpoint } from '../../support/fakes';
import { ALL_KINDS, givenVpc } from '../../support/networks';
import { newStack } from '../../support/new-app';
import { refused } from '../../support/refused';

function givenCluster(): Cluster {
  const stack = newStack();
  return new Cluster(stack, 'Given', { vpc: givenVpc(stack, ALL_KINDS) });
}

const REPLICAS =
  "'replicas' cannot be set with 'scaling', which sets the number of tasks; remove 'replicas' or 'scaling'";
const PUBLIC =
  "'vpcSubnets' cannot be public without 'assignPublicIp', because the tasks could not pull their image; set 'assignPublicIp' or choose private subnets";

const PROPS: [string, FargateComputeProps, string][] = [
  ['replicas and scaling', { replicas: 2, scaling: { maxReplicas: 3 } }, REPLICAS],
  ...[0, -1, 1.5, NaN].map((maxReplicas): (typeof PROPS)[number] => [
    `a maximum of ${maxReplicas}`,
    { scaling: { minReplicas: Lazy.number({ produce: () => 1 }), maxReplicas } },
    `'scaling.maxReplicas' must be a whole number of at least 1; got ${maxReplicas}`,
  ]),
  ...[0, 0.5].map((minReplicas): (typeof PROPS)[number] => [
    `a minimum of ${minReplicas}`,
    { scaling: { minReplicas, maxReplicas: 2 } },
    `'scaling.minReplicas' must be a whole number of at least 1; got ${minReplicas}`,
  ]),
  [
    'a maximum below the minimum',
    { scaling: { minReplicas: 3, maxReplicas: 2 } },
    "'scaling.maxReplicas' must be at least 'scaling.minReplicas', 3; got 2",
  ],
  ...[0, 9, 91, NaN].map((cpuUtilizationPercent): (typeof PROPS)[number] => [
    `a CPU target of ${cpuUtilizationPercent}`,
    { scaling: { maxReplicas: 2, cpuUtilizationPercent } },
    `'scaling.cpuUtilizationPercent' must be from 10 to 90; got ${cpuUtilizationPercent}`,
  ]),
  ...[0, -5].map((requestsPerTarget): (typeof PROPS)[number] => [
    `${requestsPerTarget} requests per target`,
    { scaling: { maxReplicas: 2, requestsPerTarget } },
    `'scaling.requestsPerTarget' must be greater than 0; got ${requestsPerTarget}`,
  ]),
  [
    'insights of a given cluster',
    { cluster: givenCluster(), containerInsights: ContainerInsights.ENHANCED },
    "'containerInsights' cannot be set with an existing 'cluster', which is not changed; set it on that cluster, and remove 'containerInsights'",
  ],
  [
    'a rollback without a circuit breaker',
    { circuitBreaker: { enable: false, rollback: true } },
    "'circuitBreaker.rollback' has no effect without 'circuitBreaker.enable'; remove one of them",
  ],
  ['public subnets without addresses', { vpcSubnets: { subnetType: SubnetType.PUBLIC } }, PUBLIC],
  [
    'public subnets with addresses turned off',
    { vpcSubnets: { subnetType: SubnetType.PUBLIC }, assignPublicIp: false },
    PUBLIC,
  ],
  ...[SubnetType.PRIVATE_WITH_EGRESS, SubnetType.PRIVATE_ISOLATED].map((subnetType): (typeof PROPS)[number] => [
    `public addresses in ${subnetType} subnets`,
    { assignPublicIp: true, vpcSubnets: { subnetType } },
    `'assignPublicIp' requires public subnets; got 'vpcSubnets' of type ${subnetType}, remove one of them`,
  ]),
  ...[0, 6].map((count): (typeof PROPS)[number] => [
    `${count} security groups`,
    {
      securityGroups: Array.from({ length: count }, (_, n) =>
        SecurityGroup.fromSecurityGroupId(newStack(), 'Group', `sg-${n}`),
      ),
    },
    `'securityGroups' must have from 1 to 5 security groups; got ${count}`,
  ]),
  [
    'a boundary of no role',
    {
      taskRole: Role.fromRoleArn(newStack(), 'Task', 'arn:aws:iam::111111111111:role/task'),
      executionRole: Role.fromRoleArn(newStack(), 'Execution', 'arn:aws:iam::111111111111:role/execution'),
      permissionsBoundary: ManagedPolicy.fromManagedPolicyName(newStack(), 'Boundary', 'limit'),
    },
    "'permissionsBoundary' cannot be set with both 'taskRole' and 'executionRole', which are not changed; remove 'permissionsBoundary' or one of the roles",
  ],
  [
    'half a second of grace',
    { healthCheckGracePeriod: Duration.millis(500) },
    "'healthCheckGracePeriod' must be a whole number of seconds from 0 to 2147483647; got 0.5",
  ],
  [
    'a lifetime of grace',
    { healthCheckGracePeriod: Duration.days(36500) },
    "'healthCheckGracePeriod' must be a whole number of seconds from 0 to 2147483647; got 3153600000",
  ],
  [
    'several at once',
    { replicas: 0, scaling: { maxReplicas: 0 }, vpcSubnets: { subnetType: SubnetType.PUBLIC } },
    'Compute.fargate() has 5 problems:\n' +
      "- 'replicas' must be a whole number of at least 1; got 0\n" +
      "- 'scaling.maxReplicas' must be a whole number of at least 1; got 0\n" +
      "- 'scaling.maxReplicas' must be at least 'scaling.minReplicas', 1; got 0\n" +
      `- ${REPLICAS}\n` +
      `- ${PUBLIC}`,
  ],
];

/** What the constructor refuses. */
export const FARGATE_ERRORS: [string, () => unknown, string][] = PROPS.map(([name, props, message]) => [
  name,
  () => Compute.fargate(props),
  message,
]);

const without = (props: FargateComputeProps) =>
  refused(() => ({ compute: Compute.fargate(props), endpoint: new FakeEndpoint() }));

/** What is known only with the other parts. */
export const FARGATE_DEFINING: [string, () => unknown, string][] = [
  [
    'requests without a load balancer',
    without({ scaling: { maxReplicas: 2, requestsPerTarget: 100 } }),
    "'scaling.requestsPerTarget' requires an endpoint with a load balancer; remove 'scaling.requestsPerTarget' or choose another endpoint",
  ],
  [
    'a grace period without a load balancer',
    without({ healthCheckGracePeriod: Duration.minutes(1) }),
    "'healthCheckGracePeriod' requires an endpoint with a load balancer; remove 'healthCheckGracePeriod' or choose another endpoint",
  ],
  ...[undefined, 'eu-central-1'].flatMap((region) =>
    [Compute.fargate, Compute.ecsOnEc2].map((compute): [string, () => unknown, string] => [
      `variables that do not fit into the task definition of ${compute.name}, in ${region ?? 'any region'}`,
      () =>
        new MlflowTrackingServer(newStack({ env: { region } }), 'Mlflow', {
          compute: compute(),
          server: { environment: { TEAM: 'x'.repeat(16000) } },
        }),
      expect.stringMatching(
        /^the task definition of the server takes about \d{5} bytes, and Amazon ECS accepts 65536; shorten 'server\.environment' or 'server\.extraArguments'$/,
      ),
    ]),
  ),
];
