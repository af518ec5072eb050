import { Size } from 'aws-cdk-lib';
import { IVpc } from 'aws-cdk-lib/aws-ec2';

/**
 * Who provides a part of the deployment.
 */
export enum Provider {
  /**
   * The library defines the part, from the prop of that name.
   */
  LIBRARY = 'library',

  /**
   * The compute brings the part with it; the prop of that name cannot be set.
   */
  COMPUTE = 'compute',
}

/**
 * What a compute can do, as data. It is judged before anything is defined.
 */
export interface ComputeCapabilities {
  /**
   * The compute's name in error messages, such as `Fargate`.
   */
  readonly displayName: string;

  /**
   * Who keeps runs, models and users.
   *
   * @default Provider.LIBRARY
   */
  readonly metadataStore?: Provider;

  /**
   * Who decides how the server process is run: its image, version, options and authentication.
   *
   * @default Provider.LIBRARY
   */
  readonly serverProcess?: Provider;

  /**
   * Who makes the server reachable.
   *
   * @default Provider.LIBRARY
   */
  readonly endpoint?: Provider;

  /**
   * Who brings the network.
   *
   * @default Provider.LIBRARY
   */
  readonly network?: Provider;

  /**
   * The VPC that the compute is bound to, such as that of a given cluster.
   *
   * @default - the compute goes into any VPC
   */
  readonly vpc?: IVpc;

  /**
   * The number of virtual CPUs of each server.
   *
   * @default - the profile's
   */
  readonly vcpus?: number;

  /**
   * The memory of each server.
   *
   * @default - the profile's
   */
  readonly memory?: Size;

  /**
   * The number of servers that run at the same time.
   *
   * @default - the profile's
   */
  readonly replicas?: number;
}

/**
 * How large each server is, and how many there are.
 */
export interface ComputeSize {
  /**
   * The number of virtual CPUs of each server.
   */
  readonly vcpus: number;

  /**
   * The memory of each server.
   */
  readonly memory: Size;

  /**
   * The number of servers that run at the same time.
   */
  readonly replicas: number;
}
