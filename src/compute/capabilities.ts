import { Size } from 'aws-cdk-lib';
import { InstanceArchitecture, IVpc } from 'aws-cdk-lib/aws-ec2';
import { MlflowVersion } from '../server';

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
   * The compute's name in error messages, such as `Acme`.
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
   * The CPU architecture of the servers. An image that the library builds is built for it.
   *
   * @default - the compute does not say
   */
  readonly cpuArchitecture?: InstanceArchitecture;

  /**
   * The number of virtual CPUs of each server.
   *
   * @default - the profile's
   */
  readonly vcpus?: number;

  /**
   * The memory of each server, `systemMemory` included.
   *
   * @default - the profile's
   */
  readonly memory?: Size;

  /**
   * What the system takes of `memory`, so that it is not the server's.
   *
   * @default - nothing
   */
  readonly systemMemory?: Size;

  /**
   * What the system takes of `memory` where the server runs in a container image.
   *
   * @default - `systemMemory`
   */
  readonly containerSystemMemory?: Size;

  /**
   * The number of servers that run at the same time.
   *
   * @default - the profile's
   */
  readonly replicas?: number;

  /**
   * Whether the servers can run in a container image.
   *
   * @default true
   */
  readonly containerImages?: boolean;

  /**
   * The release of MLflow that the compute installs itself. It does so unless an image is chosen.
   *
   * @default - none; the servers run in a container image, chosen or not
   */
  readonly mlflowVersion?: MlflowVersion;

  /**
   * Whether the servers fetch packages over the internet, whatever they run in.
   *
   * @default false
   */
  readonly needsInternet?: boolean;

  /**
   * Whether a server can be given a fixed public address.
   *
   * @default false
   */
  readonly fixedAddress?: boolean;

  /**
   * Whether AWS Systems Manager Session Manager can open a way to a server.
   *
   * @default false
   */
  readonly sessionManager?: boolean;

  /**
   * Whether an ingress controller of the compute's own can make the server reachable.
   *
   * @default false
   */
  readonly ingress?: boolean;

  /**
   * The names by which programs beside the servers reach them without the endpoint. The servers answer to these too.
   *
   * @default - none
   */
  readonly hostNames?: string[];

  /**
   * The compute's prop that puts the servers into public subnets with addresses of their own, such as
   * `assignPublicIp`, for error messages.
   *
   * @default - there is none
   */
  readonly publicServersProp?: string;

  /**
   * Whether the servers are in public subnets, with public addresses of their own that nobody but the load balancer
   * can connect to. A network that the library defines then has no NAT gateways.
   *
   * @default false
   */
  readonly publicServers?: boolean;
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
   * The memory of each server, without what the system takes.
   */
  readonly memory: Size;

  /**
   * The number of servers that run at the same time.
   */
  readonly replicas: number;
}
