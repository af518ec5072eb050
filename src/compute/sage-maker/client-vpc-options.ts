import { ISecurityGroup, IVpc, SubnetSelection } from 'aws-cdk-lib/aws-ec2';

/**
 * A VPC whose clients access managed MLflow without internet access.
 */
export interface SageMakerClientVpcOptions {
  /**
   * The VPC of the clients. DNS support and DNS host names must be enabled.
   */
  readonly vpc: IVpc;

  /**
   * The subnets of the clients.
   *
   * @default - the isolated subnets, or the private subnets if there are none
   */
  readonly subnets?: SubnetSelection;

  /**
   * The security groups of the interface endpoints. They must allow HTTPS from the clients.
   *
   * @default - a new security group for each endpoint, which allows HTTPS from the VPC
   */
  readonly securityGroups?: ISecurityGroup[];

  /**
   * Whether to create a gateway endpoint for Amazon S3. Set this to false if the subnets already have one.
   *
   * @default true
   */
  readonly s3Gateway?: boolean;
}
