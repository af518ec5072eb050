import { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { isClosed, servicesWithoutEndpoint } from '../../network/subnets';
import { Problems } from '../../private/problems';
import { ComputeDeploymentContext } from '../validation';

/**
 * What a task needs before its server starts: the layers of its image come from Amazon S3.
 *
 * @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/vpc-endpoints.html
 */
const TASK_SERVICES = ['ecr.api', 'ecr.dkr', 'logs', 's3', 'secretsmanager'];

/** Notes a VPC in which no task would start. Chosen subnets, and an imported VPC, can have internet access. */
export function checkInternetAccess(
  problems: Problems,
  { vpcSubnets }: { readonly vpcSubnets?: SubnetSelection },
  { vpc, publicServers, image }: ComputeDeploymentContext,
): void {
  // For an image outside of Amazon ECR, the VPC itself is refused.
  if (!vpc || vpcSubnets || publicServers || image?.needsInternet || !isClosed(vpc)) return;
  const missing = servicesWithoutEndpoint(vpc, TASK_SERVICES);
  problems.require(missing.length === 0, () => {
    return `'vpc' must have VPC endpoints for ${missing.join(', ')} if it has no internet access, because no task starts without them; add NAT gateways to the VPC, or add the endpoints before you define the server, as IsolatedVpc does`;
  });
}
