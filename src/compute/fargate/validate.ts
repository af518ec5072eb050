import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { FargateComputeProps } from './fargate-compute-props';
import { validateFargateSizes } from './sizes';
import { Problems } from '../../private/problems';
import { requireGracePeriod, requireService } from '../ecs/validate';

/** Throws one error with all that Fargate, or MLflow on it, would refuse. */
export function validateFargateProps(props: FargateComputeProps): void {
  const problems = new Problems();
  validateFargateSizes(problems, props);
  requireService(problems, props);
  requireSubnets(problems, props);
  requireGracePeriod(problems, props.healthCheckGracePeriod);
  problems.throwIfAny('Compute.fargate()');
}

/** Without a public address, nothing leaves a public subnet; outside of one, the address leads nowhere. */
function requireSubnets(problems: Problems, { vpcSubnets, assignPublicIp = false }: FargateComputeProps): void {
  const type = vpcSubnets?.subnetType;
  problems
    .require(type !== SubnetType.PUBLIC || assignPublicIp, () => {
      return `'vpcSubnets' cannot be public without 'assignPublicIp', as the tasks could not fetch their image; set 'assignPublicIp' or choose private subnets`;
    })
    .require(type === undefined || type === SubnetType.PUBLIC || !assignPublicIp, () => {
      return `'assignPublicIp' needs public subnets; got 'vpcSubnets' of type ${type}, remove one of them`;
    });
}
