import { Duration, Size } from 'aws-cdk-lib';
import { IKeyPair, IMachineImage, InstanceType } from 'aws-cdk-lib/aws-ec2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Ec2OperatingSystem } from './ec2-operating-system';

/**
 * Settings of a server on Amazon EC2.
 */
export interface Ec2ComputeProps {
  /**
   * The type of the instances: Graviton or x86, with at least 1 GiB of memory.
   *
   * @default - t4g.micro in the development profile, t4g.small in the production profile
   */
  readonly instanceType?: InstanceType;

  /**
   * The number of virtual CPUs of an instance whose type the library does not know.
   *
   * @default - the instance type's own
   */
  readonly vcpus?: number;

  /**
   * The memory of an instance whose type the library does not know.
   *
   * @default - the instance type's own
   */
  readonly memory?: Size;

  /**
   * The number of instances. More than one need an endpoint with a load balancer, or `Endpoint.portForwarding()`.
   *
   * @default - 1 in the development profile, 2 in the production profile
   */
  readonly replicas?: number;

  /**
   * The operating system.
   *
   * @default Ec2OperatingSystem.AMAZON_LINUX_2023
   */
  readonly operatingSystem?: Ec2OperatingSystem;

  /**
   * An image with that operating system, such as one that your organisation has hardened.
   *
   * @default - the newest one of the operating system's maker at each deployment; a newer one replaces the instance
   */
  readonly machineImage?: IMachineImage;

  /**
   * The encrypted disk of each instance, from 10 to 16384 whole GiB. An upload is kept there, whole, while it is on its
   * way to the artifact store: plan for the largest artifact times the uploads at the same time.
   *
   * @default Size.gibibytes(20)
   */
  readonly volumeSize?: Size;

  /**
   * The identity of the instances. It must trust `ec2.amazonaws.com`; what the server needs is added to it.
   *
   * @default - a role of its own with no more rights than the server needs
   */
  readonly role?: IRole;

  /**
   * The key pair for SSH. Session Manager works without one.
   *
   * @default - no SSH
   */
  readonly keyPair?: IKeyPair;

  /**
   * The blocks of IPv4 addresses that may connect with SSH, such as `203.0.113.0/24`.
   *
   * @default - no SSH
   */
  readonly sshCidrs?: string[];

  /**
   * The Python packages to install, as the text of a pip requirements file with the hash of each.
   *
   * It decides the release of MLflow, and needs `mlflow`, `psycopg2-binary` and `boto3` with all that they depend on.
   * An `image` of the server has packages of its own: it and `requirements` cannot be set together.
   *
   * @default - the packages that this version of the library is tested with
   */
  readonly requirements?: string;

  /**
   * For how long an instance may take from its launch until the server answers. The deployment fails after that.
   *
   * Longer than the longest migration of the database; at most 12 hours, which is CloudFormation's limit.
   *
   * @default Duration.minutes(20)
   */
  readonly bootTimeout?: Duration;
}
