import {
  GatewayVpcEndpoint,
  GatewayVpcEndpointAwsService,
  InterfaceVpcEndpoint,
  InterfaceVpcEndpointAwsService,
  SubnetType,
} from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { ClientVpcOptions } from './client-vpc-options';
import { hasKnownCidrBlock } from '../../network/subnets';
import { Problems } from '../../private/problems';

/** Notes a VPC without addresses that the endpoints could admit, or without any subnet that they could go into. */
export function requireClientSubnets(problems: Problems, options: ClientVpcOptions | undefined): void {
  if (!options) return;
  problems.require(hasKnownCidrBlock(options.vpc), () => {
    return "'clientVpc.vpc' must tell its block of addresses, which the endpoints admit; import it with 'vpcCidrBlock'";
  });
  if (options.subnets) return;
  problems.require(options.vpc.isolatedSubnets.length + options.vpc.privateSubnets.length > 0, () => {
    return `'clientVpc.vpc' must have isolated or private subnets; got none, add them or name the clients' subnets in 'clientVpc.subnets'`;
  });
}

/**
 * The endpoints of a client without a way out: the data plane, the API that hands out the UI's address, and S3.
 * The names are those of https://docs.aws.amazon.com/sagemaker/latest/dg/mlflow-interface-endpoint-create.html
 */
export function defineClientEndpoints(
  scope: Construct,
  dataPlane: InterfaceVpcEndpointAwsService,
  { vpc, s3Gateway, ...options }: ClientVpcOptions,
): void {
  const subnets = options.subnets ?? {
    subnetType: vpc.isolatedSubnets.length > 0 ? SubnetType.PRIVATE_ISOLATED : SubnetType.PRIVATE_WITH_EGRESS,
  };
  const services = { DataPlane: dataPlane, Api: InterfaceVpcEndpointAwsService.SAGEMAKER_API };
  for (const [id, service] of Object.entries(services)) {
    new InterfaceVpcEndpoint(scope, id, { vpc, subnets, service });
  }
  if (s3Gateway ?? true) {
    new GatewayVpcEndpoint(scope, 'S3', { vpc, subnets: [subnets], service: GatewayVpcEndpointAwsService.S3 });
  }
}
