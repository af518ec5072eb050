import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { IDeploymentValidation } from '../server';

/**
 * The requirements of a backend store, as data. The construct validates the props against it before it defines anything.
 */
export interface BackendStoreCapabilities {
  /**
   * The name in error messages, such as `the Acme database`.
   *
   * @default the backend store
   */
  readonly displayName?: string;

  /**
   * Whether the store needs subnets in at least two Availability Zones, as an Amazon RDS database does. They are the
   * isolated subnets of the VPC or, if there are none, the private subnets.
   *
   * @default false
   */
  readonly needsTwoAvailabilityZones?: boolean;

  /**
   * The VPC of the store, such as that of an existing database. The server runs in this VPC.
   *
   * @default - the store can be in any VPC, or can be reached from any
   */
  readonly vpc?: IVpc;

  /**
   * Further rules for the Region and the VPC.
   *
   * @default - no further rules
   */
  readonly validation?: IDeploymentValidation;
}
