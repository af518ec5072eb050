import { Duration, Size } from 'aws-cdk-lib';
import { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ContainerInsights, CpuArchitecture, DeploymentCircuitBreaker, ICluster } from 'aws-cdk-lib/aws-ecs';
import { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { EcsScalingOptions } from './ecs-scaling-options';
import { WorkingHours } from './working-hours';

/**
 * Settings of a server on AWS Fargate.
 */
export interface FargateComputeProps {
  /**
   * The CPU of each task, in CPU units: 1024 are one vCPU.
   *
   * @default - 512 in the development profile, 1024 in the production profile
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
   */
  readonly cpu?: number;

  /**
   * The memory of each task, in MiB. At least 1024.
   *
   * @default - 1024 in the development profile, 2048 in the production profile
   */
  readonly memoryLimitMiB?: number;

  /**
   * The processor architecture. The image must support it.
   *
   * @default CpuArchitecture.ARM64
   */
  readonly cpuArchitecture?: CpuArchitecture;

  /**
   * The number of tasks. Cannot be set with `scaling`.
   *
   * @default - 1 in the development profile, 2 in the production profile
   */
  readonly replicas?: number;

  /**
   * The disk of each task, from 21 to 200 GiB. An upload is kept there, whole, while it is on its way to the artifact
   * store: plan for the largest artifact times the uploads at the same time.
   *
   * @default - 20 GiB, which Fargate includes in its price
   */
  readonly ephemeralStorage?: Size;

  /**
   * The cluster to run in. The server then lives in the cluster's VPC.
   *
   * @default - a cluster of its own
   */
  readonly cluster?: ICluster;

  /**
   * Whether the tasks run on Fargate Spot: spare capacity for up to 70 percent less, which AWS takes back with two
   * minutes' notice, and at times does not have. The server uses the notice to finish open requests; clients of MLflow
   * retry until another task answers. A given cluster must have the capacity provider `FARGATE_SPOT`.
   *
   * Updates stop the old tasks before they start the new ones: without spare capacity at that moment, the server is
   * down until there is some.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
   */
  readonly spot?: boolean;

  /**
   * How the number of tasks follows the load.
   *
   * @default - the number of tasks is fixed
   */
  readonly scaling?: EcsScalingOptions;

  /**
   * The hours in which the tasks run. Outside of them there are none, and the load balancer answers with 503. The
   * database keeps running. Until the hours next begin or end, a new server runs, at whatever time it is deployed.
   *
   * @default - always
   */
  readonly workingHours?: WorkingHours;

  /**
   * Whether `aws ecs execute-command` can open a shell in the server's container, as root of the container, for whoever
   * has the right `ecs:ExecuteCommand`. The root file system stays read-only but for the directories that the agent of
   * Session Manager writes to. The stack warns of it.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
   */
  readonly enableExecuteCommand?: boolean;

  /**
   * What Container Insights measure in the server's own cluster. A given cluster keeps its own setting.
   *
   * @default - ContainerInsights.DISABLED in the development profile, ContainerInsights.ENABLED in the production profile
   */
  readonly containerInsights?: ContainerInsights;

  /**
   * For how long the server's log is kept.
   *
   * @default - 30 days in the development profile, a year in the production profile
   */
  readonly logRetention?: RetentionDays;

  /**
   * The key that encrypts the server's log. CloudWatch Logs is granted its use where the key is defined in this app; an
   * imported key's policy must allow it.
   *
   * @default - a key that CloudWatch Logs owns
   */
  readonly logEncryptionKey?: IKey;

  /**
   * The upper limit of what the roles of the tasks may be granted.
   *
   * @default - none
   */
  readonly permissionsBoundary?: IManagedPolicy;

  /**
   * The subnets of the tasks.
   *
   * @default - public subnets with `assignPublicIp`; otherwise private ones with a way out or, where the VPC has none,
   * isolated ones
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Whether each task has a public address, by which it reaches its image and its secrets without a NAT gateway. Nobody
   * can connect to it but the load balancer. A VPC that the library defines then has no NAT gateways.
   *
   * @default false
   */
  readonly assignPublicIp?: boolean;

  /**
   * For how long a new task may fail the load balancer's health checks, in whole seconds. Longer than the longest
   * migration of the database. Needs an endpoint with a load balancer.
   *
   * @default Duration.minutes(10)
   */
  readonly healthCheckGracePeriod?: Duration;

  /**
   * Whether a deployment whose tasks do not become healthy fails, and whether the service then goes back to the old ones.
   *
   * An older MLflow does not start on a database that a newer one has migrated.
   *
   * @default - both
   */
  readonly circuitBreaker?: DeploymentCircuitBreaker;
}
