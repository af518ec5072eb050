import { Size } from 'aws-cdk-lib';
import { InstanceArchitecture, IVpc } from 'aws-cdk-lib/aws-ec2';
import { AccessPath } from '../endpoint/access-path';
import { MlflowVersion } from '../server';
import { ComputeEndpointCapabilities } from './endpoint-capabilities';
import { IComputeValidation } from './validation';

export * from './endpoint-capabilities';
export * from './size';
export * from './validation';

/**
 * The capabilities of a compute, as data. The construct validates the props against it before it defines anything.
 */
export interface ComputeCapabilities {
  /**
   * The compute's name in error messages, such as `Acme`.
   */
  readonly displayName: string;

  /**
   * Whether the compute is a managed MLflow service: it stores the metadata, runs the server process, and has its own
   * endpoint and network. The props for these cannot be set, and `bind` gets no `selfHosted` options.
   *
   * @default false
   */
  readonly managed?: boolean;

  /**
   * The access paths that the servers support.
   *
   * @default - a load balancer, or none if the compute has its own endpoint
   */
  readonly accessPaths?: AccessPath[];

  /**
   * The endpoint that the compute itself provides for the servers. The prop `endpoint` cannot be set then, and `bind`
   * returns the `trackingUri`.
   *
   * @default - the servers are reached through the `endpoint` of the construct
   */
  readonly endpoint?: ComputeEndpointCapabilities;

  /**
   * The size of the servers.
   *
   * @default - the default of the profile
   */
  readonly size?: ComputeSizeCapabilities;

  /**
   * How MLflow is installed on the servers.
   *
   * @default - in a container image
   */
  readonly runtime?: ComputeRuntimeCapabilities;

  /**
   * The VPC that the compute is bound to, such as that of an existing cluster.
   *
   * @default - any VPC
   */
  readonly vpc?: IVpc;

  /**
   * The CPU architecture of the servers. An image that is built at deployment is built for it.
   *
   * @default - unknown
   */
  readonly cpuArchitecture?: InstanceArchitecture;

  /**
   * Whether the servers are in public subnets, with public addresses to which only the load balancer can connect. A new
   * VPC then has no NAT gateways.
   *
   * @default false
   */
  readonly publicServers?: boolean;

  /**
   * The compute's prop that places the servers in public subnets, such as `assignPublicIp`, for error messages.
   *
   * @default - there is no such prop
   */
  readonly publicServersProp?: string;

  /**
   * The host names with which clients connect to the servers without the endpoint. The servers accept these names, too.
   *
   * @default - no such names
   */
  readonly hostNames?: string[];

  /**
   * Whether the servers download packages from the internet, with any image.
   *
   * @default false
   */
  readonly needsInternet?: boolean;

  /**
   * Further rules for the other parts and the Region.
   *
   * @default - no further rules
   */
  readonly validation?: IComputeValidation;
}

/**
 * The size of the servers of a compute.
 */
export interface ComputeSizeCapabilities {
  /**
   * The number of vCPUs of each server.
   *
   * @default - the default of the profile
   */
  readonly vcpus?: number;

  /**
   * The memory of each server, including `systemMemory`.
   *
   * @default - the default of the profile
   */
  readonly memory?: Size;

  /**
   * The part of `memory` that the operating system uses.
   *
   * @default - nothing
   */
  readonly systemMemory?: Size;

  /**
   * The part of `memory` that the operating system uses if the server runs in a container image.
   *
   * @default - `systemMemory`
   */
  readonly containerSystemMemory?: Size;

  /**
   * The number of servers that run at the same time.
   *
   * @default - the default of the profile
   */
  readonly replicas?: number;
}

/**
 * How MLflow is installed on the servers of a compute.
 */
export interface ComputeRuntimeCapabilities {
  /**
   * Whether the servers can run in a container image.
   *
   * @default true
   */
  readonly containerImages?: boolean;

  /**
   * The release of MLflow that the compute installs itself if no image is chosen.
   *
   * @default - the servers always run in a container image
   */
  readonly mlflowVersion?: MlflowVersion;

  /**
   * The Python packages that the compute installs itself if no image is chosen, and that an authentication can need.
   *
   * @default - only MLflow and its dependencies
   */
  readonly pythonPackages?: string[];
}
