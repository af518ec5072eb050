import { Duration } from 'aws-cdk-lib';
import { ISecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { DeploymentCircuitBreaker } from 'aws-cdk-lib/aws-ecs';
import { IManagedPolicy, IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { EcsScalingOptions } from './ecs-scaling-options';
import { WorkingHours } from '../common/working-hours';

/**
 * Properties of a server on Amazon ECS, with any capacity.
 */
export interface EcsComputeProps {
  /**
   * The memory of each task, in MiB. At least 1024.
   *
   * @default - 1024 in the development profile, 2048 in the production profile
   */
  readonly memoryLimitMiB?: number;

  /**
   * The number of tasks. You cannot combine it with `scaling`.
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
   * The hours during which the tasks run. Outside these hours there are no tasks, and the load balancer responds with
   * 503. The database keeps running. A new server runs until the hours next start or end, regardless of when you deploy
   * it.
   *
   * @default - always
   */
  readonly workingHours?: WorkingHours;

  /**
   * The IAM role of the server in the tasks. It must trust `ecs-tasks.amazonaws.com`. The construct adds the permissions
   * that the server needs.
   *
   * @default - a new role
   */
  readonly taskRole?: IRole;

  /**
   * The IAM role with which Amazon ECS pulls the image, reads the secrets and writes the log. It must trust
   * `ecs-tasks.amazonaws.com`. The construct adds these permissions.
   *
   * @default - a new role
   */
  readonly executionRole?: IRole;

  /**
   * The permissions boundary of the roles that the compute creates.
   *
   * @default - no permissions boundary
   */
  readonly permissionsBoundary?: IManagedPolicy;

  /**
   * The security groups of the tasks, up to 5. They must allow outbound HTTPS traffic. The construct adds rules for the
   * load balancer and the database.
   *
   * @default - a new security group
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Whether `aws ecs execute-command` can open a shell in the container of the server, as root, for any principal that
   * has the `ecs:ExecuteCommand` permission. The root file system stays read-only, except for the directories that the
   * Session Manager agent writes to. Adds a warning to the stack.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html
   */
  readonly enableExecuteCommand?: boolean;

  /**
   * How long to keep the log of the server.
   *
   * @default - 30 days in the development profile, 365 days in the production profile
   */
  readonly logRetention?: RetentionDays;

  /**
   * The KMS key that encrypts the log of the server. If the key is defined in this app, CloudWatch Logs is granted
   * permissions to use it; the policy of an imported key must allow it.
   *
   * @default - a key that CloudWatch Logs owns
   */
  readonly logEncryptionKey?: IKey;

  /**
   * How long Amazon ECS ignores failing load balancer health checks after a task starts, in seconds. Allow for the
   * longest database migration. Requires an endpoint with a load balancer.
   *
   * @default Duration.minutes(10)
   */
  readonly healthCheckGracePeriod?: Duration;

  /**
   * Whether a deployment fails if its tasks do not become healthy, and whether the service is then rolled back.
   *
   * An older MLflow does not start on a database that a newer one has migrated.
   *
   * @default - enabled, with rollback
   */
  readonly circuitBreaker?: DeploymentCircuitBreaker;
}
