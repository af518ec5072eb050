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

/** Notes a VPC in which no task would ever start. Subnets that were chosen, and a VPC of another app, may have a way out. */
export function checkWayOut(
  problems: Problems,
  { vpcSubnets }: { readonly vpcSubnets?: SubnetSelection },
  { vpc, publicServers, image }: ComputeDeploymentContext,
): void {
  // For an image outside of Amazon ECR, the VPC itself is refused.
  if (!vpc || vpcSubnets || publicServers || image?.needsInternet || !isClosed(vpc)) return;
  const missing = servicesWithoutEndpoint(vpc, TASK_SERVICES);
  problems.require(missing.length === 0, () => {
    return `'vpc' must have endpoints for ${missing.join(', ')} where it has no way out, because no task starts without them; add NAT gateways to the VPC, or the endpoints before the server is defined, which IsolatedVpc has`;
  });
}
