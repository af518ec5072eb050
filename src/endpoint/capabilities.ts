import { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { IDeploymentValidation } from '../server';
import { AccessPath } from './access-path';

/**
 * What an endpoint offers, as data. It is judged before anything is defined.
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
   * How requests get from the endpoint to the server. The compute must support it.
   *
   * @default - in a way that every compute supports
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
   * Whether the endpoint is in subnets of at least two availability zones, as a load balancer must be.
   *
   * @default false
   */
  readonly needsTwoAvailabilityZones?: boolean;

  /**
   * The subnets that the endpoint itself is in.
   *
   * @default - public subnets where `needsPublicSubnets`, those of the servers otherwise
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Whether the endpoint admits the addresses of the VPC, which the VPC must tell.
   *
   * @default false
   */
  readonly needsVpcCidrBlock?: boolean;

  /**
   * The VPC that the endpoint is bound to, such as that of a given load balancer.
   *
   * @default - the endpoint goes into any VPC, or does not tell
   */
  readonly vpc?: IVpc;

  /**
   * Whether the endpoint exists already, so that the server must go into its VPC and not into a new one.
   *
   * @default false
   */
  readonly needsGivenVpc?: boolean;

  /**
   * Further rules for the Region and the VPC.
   *
   * @default - no further rules
   */
  readonly validation?: IDeploymentValidation;
}
