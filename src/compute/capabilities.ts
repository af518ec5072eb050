import { Duration, Size } from 'aws-cdk-lib';
import { InstanceArchitecture, IVpc } from 'aws-cdk-lib/aws-ec2';
import { AccessPath } from '../endpoint/access-path';
import { MlflowVersion } from '../server';

/**
 * What a compute supports, as data. The construct validates the props against it before it defines anything.
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
   * @default - the profile's
   */
  readonly size?: ComputeSizeCapabilities;

  /**
   * How MLflow is installed on the servers.
   *
   * @default - in a container image
   */
  readonly software?: ComputeSoftwareCapabilities;

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
   * The names by which programs next to the servers reach them without the endpoint. The servers accept these names, too.
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
}

/**
 * The size of the servers of a compute.
 */
export interface ComputeSizeCapabilities {
  /**
   * The number of vCPUs of each server.
   *
   * @default - the profile's
   */
  readonly vcpus?: number;

  /**
   * The memory of each server, including `systemMemory`.
   *
   * @default - the profile's
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
   * @default - the profile's
   */
  readonly replicas?: number;
}

/**
 * How MLflow is installed on the servers of a compute.
 */
export interface ComputeSoftwareCapabilities {
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
}

/**
 * The endpoint that a compute itself provides.
 */
export interface ComputeEndpointCapabilities {
  /**
   * Whether the endpoint can be reached from the internet.
   */
  readonly isPublic: boolean;

  /**
   * Whether clients use HTTPS, so that no one in transit can read passwords and data.
   *
   * @default false
   */
  readonly usesHttps?: boolean;

  /**
   * The names by which clients address the server, without ports. The server refuses requests for any other name.
   *
   * A name that is known only after the compute is defined can be a pattern such as `*.eu-central-1.example.com`, which
   * is as wide as it looks: each client name that it matches is accepted.
   */
  readonly hostNames: string[];

  /**
   * The scheme and host of the UI, such as `https://mlflow.example.com`. The server refuses changes that pages of any
   * other origin request. If it is a pattern, pages of each origin that it matches are allowed to request changes with
   * the credentials that the browser has cached; add a domain name of your own where that matters.
   *
   * @default - the first of `hostNames`, with the scheme
   */
  readonly origin?: string;

  /**
   * The TCP port that the server must listen on.
   *
   * @default 5000
   */
  readonly serverPort?: number;

  /**
   * The time after which the endpoint closes an idle connection to the server. The server keeps connections open for
   * longer.
   *
   * @default - unknown
   */
  readonly idleTimeout?: Duration;
}

/**
 * The size and the number of the servers.
 */
export interface ComputeSize {
  /**
   * The number of vCPUs of each server.
   */
  readonly vcpus: number;

  /**
   * The memory of each server, without the part that the operating system uses.
   */
  readonly memory: Size;

  /**
   * The number of servers that run at the same time.
   */
  readonly replicas: number;
}
