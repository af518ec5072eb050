import { Duration } from 'aws-cdk-lib';
import { ContainerInsights, DeploymentCircuitBreaker } from 'aws-cdk-lib/aws-ecs';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { EcsScalingOptions } from './ecs-scaling-options';
import { WorkingHours } from '../common/working-hours';

/**
 * Settings of a server on Amazon ECS, whatever its tasks run on.
 */
export interface EcsComputeProps {
  /**
   * The memory of each task, in MiB. At least 1024.
   *
   * @default - 1024 in the development profile, 2048 in the production profile
   */
  readonly memoryLimitMiB?: number;

  /**
   * The number of tasks. Cannot be set with `scaling`.
   *
   * @default - 1 in the development profile, 2 in the production profile
   */
  readonly replicas?: number;

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
