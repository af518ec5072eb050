import { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IDeploymentValidation } from '../server';
import { AccessPath } from './access-path';

/**
 * The capabilities and requirements of an endpoint, as data. The construct validates the props against them before it defines
 * anything.
 */
export interface EndpointCapabilities {
  /**
   * The endpoint's name in error messages, such as `a public load balancer`.
   */
  readonly displayName: string;

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
   * How requests get from the endpoint to the servers. The compute must support this access path.
   *
   * @default - any compute is supported
   */
  readonly accessPath?: AccessPath;

  /**
   * The TCP port that the server must listen on.
   *
   * @default 5000
   */
  readonly serverPort?: number;

  /**
   * Whether the endpoint itself is in public subnets.
   *
   * @default false
   */
  readonly needsPublicSubnets?: boolean;

  /**
   * Whether the endpoint needs subnets in at least two Availability Zones, as a load balancer does.
   *
   * @default false
   */
  readonly needsTwoAvailabilityZones?: boolean;

  /**
   * The subnets of the endpoint itself.
   *
   * @default - public subnets with `needsPublicSubnets`, otherwise the subnets of the servers
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Whether the endpoint allows the CIDR block of the VPC, which must then be known.
   *
   * @default false
   */
  readonly needsVpcCidrBlock?: boolean;

  /**
   * The VPC of the endpoint, such as that of an existing load balancer.
   *
   * @default - the endpoint can be in any VPC, or its VPC is unknown
   */
  readonly vpc?: IVpc;

  /**
   * Whether the endpoint already exists, so that the server must be in its VPC and not in a new one.
   *
   * @default false
   */
  readonly needsExistingVpc?: boolean;

  /**
   * Further rules for the Region and the VPC.
   *
   * @default - no further rules
   */
  readonly validation?: IDeploymentValidation;
}
