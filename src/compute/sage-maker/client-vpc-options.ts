import { IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';

/**
 * A VPC whose clients reach managed MLflow without the internet.
 */
export interface ClientVpcOptions {
  /**
   * The VPC of the clients. Its DNS support and DNS host names must be on.
   */
  readonly vpc: IVpc;

  /**
   * The subnets of the clients.
   *
   * @default - the isolated subnets; where there are none, the private ones
   */
  readonly subnets?: SubnetSelection;

  /**
   * Whether a gateway endpoint for Amazon S3 is defined too. Turn it off where the subnets have one.
   *
   * @default true
   */
  readonly s3Gateway?: boolean;
}
