import { Duration, Size } from 'aws-cdk-lib';
import { IKeyPair, IMachineImage, InstanceType, ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IManagedPolicy, IRole } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Ec2OperatingSystem } from './ec2-operating-system';

/**
 * Properties of a server on Amazon EC2.
 */
export interface Ec2ComputeProps {
  /**
   * The type of the instances: Graviton or x86, with at least 1 GiB of memory.
   *
   * @default - t4g.micro in the development profile, t4g.small in the production profile
   */
  readonly instanceType?: InstanceType;

  /**
   * The number of vCPUs of an instance, for an instance type that the library does not know.
   *
   * @default - that of the instance type
   */
  readonly vcpus?: number;

  /**
   * The memory of an instance, for an instance type that the library does not know.
   *
   * @default - that of the instance type
   */
  readonly memory?: Size;

  /**
   * The number of instances. More than one requires an endpoint with a load balancer, or `Endpoint.portForwarding()`.
   *
   * @default - 1 in the development profile, 2 in the production profile
   */
  readonly replicas?: number;

  /**
   * The operating system of the instances.
   *
   * @default Ec2OperatingSystem.AMAZON_LINUX_2023
   */
  readonly operatingSystem?: Ec2OperatingSystem;

  /**
   * An AMI with that operating system, such as one that your organization has hardened.
   *
   * @default - the newest AMI of the operating system's publisher at each deployment; a newer one replaces the instances
   */
  readonly machineImage?: IMachineImage;

  /**
   * The size of the encrypted disk of each instance, from 10 to 16384 GiB. The server buffers each upload on this disk
   * before it sends it to Amazon S3. Allow for the largest artifact times the number of concurrent uploads.
   *
   * @default Size.gibibytes(20)
   */
  readonly volumeSize?: Size;

  /**
   * The IAM role of the instances. It must trust `ec2.amazonaws.com`. The construct adds the permissions that the server
   * needs.
   *
   * @default - a new role
   */
  readonly role?: IRole;

  /**
   * The permissions boundary of the role that the compute creates. You cannot combine it with `role`.
   *
   * @default - no permissions boundary
   */
  readonly permissionsBoundary?: IManagedPolicy;

  /**
   * The subnets of the instances, which download their packages from the internet.
   *
   * @default - public subnets with `Endpoint.instanceAddress()`, otherwise private subnets with internet access
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The security groups of the instances, up to 16. They must allow outbound HTTP and HTTPS traffic. The construct adds
   * rules for the clients or the load balancer, for SSH and for the database.
   *
   * @default - a new security group
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * The key pair for SSH. Session Manager does not need it. Requires `sshCidrs`.
   *
   * @default - no SSH
   */
  readonly keyPair?: IKeyPair;

  /**
   * The IPv4 CIDR blocks that can connect with SSH, such as `203.0.113.0/24`. Requires `keyPair`.
   *
   * @default - no SSH
   */
  readonly sshCidrs?: string[];

  /**
   * The Python packages to install, as the content of a pip requirements file with the hash of each package.
   *
   * They determine the release of MLflow, and must include `mlflow`, `psycopg2-binary` and `boto3` with all their
   * dependencies. You cannot combine them with the `image` of the server, which contains its own packages.
   *
   * @default - the packages that this version of the library is tested with
   */
  readonly requirements?: string;

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
   * The maximum time from the launch of an instance until the server responds, from 5 minutes to 12 hours. After it, the
   * deployment fails. Allow for the longest database migration.
   *
   * @default Duration.minutes(20)
   */
  readonly bootTimeout?: Duration;
}
