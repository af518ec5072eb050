import {
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  SubnetType,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { SageMakerClientVpcOptions } from './client-vpc-options';
import { hasKnownCidrBlock } from '../../network/subnets';
import { Problems } from '../../private/problems';

/** Notes a VPC without a known CIDR block or without subnets for the endpoints, and an empty list of security groups. */
export function checkClientVpc(problems: Problems, options: SageMakerClientVpcOptions | undefined): void {
  if (!options) return;
  const { vpc, securityGroups } = options;
  problems
    .require(securityGroups === undefined || securityGroups.length > 0, () => {
      return "'clientVpc.securityGroups' must have at least one security group; got an empty list, add one or remove it";
    })
    .require(securityGroups !== undefined || hasKnownCidrBlock(vpc), () => {
      return "'clientVpc.vpc' must have a known CIDR block, which the endpoints allow; import the VPC with 'vpcCidrBlock', or set 'clientVpc.securityGroups'";
    });
  if (options.subnets) return;
  problems.require(options.vpc.isolatedSubnets.length + options.vpc.privateSubnets.length > 0, () => {
    return "'clientVpc.vpc' must have isolated or private subnets; got neither, add them or set 'clientVpc.subnets' to the subnets of the clients";
  });
}

/**
 * Defines the endpoints for clients without internet access: for the data plane, the API that returns the URL of the UI,
 * and Amazon S3.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/dg/mlflow-interface-endpoint-create.html
 */
export function defineClientEndpoints(
  scope: Construct,
  dataPlane: InterfaceVpcEndpointAwsService,
  { vpc, securityGroups, s3Gateway, ...options }: SageMakerClientVpcOptions,
): void {
  const subnets = options.subnets ?? {
    subnetType: vpc.isolatedSubnets.length > 0 ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS,
  };
  const services = { DataPlane: dataPlane, Api: InterfaceVpcEndpointAwsService.SAGEMAKER_API };
  for (const [id, service] of Object.entries(services)) {
    // With existing security groups, their owner decides who can connect.
    new InterfaceVpcEndpoint(scope, id, { vpc, subnets, service, securityGroups, open: !securityGroups });
  }
  if (s3Gateway ?? true) {
    new GatewayVpcEndpoint(scope, 'S3', { vpc, subnets: [subnets], service: GatewayVpcEndpointAwsService.S3 });
  }
}
