import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { FargateComputeProps } from './fargate-compute-props';
import { checkSizes } from './sizes';
import { Problems } from '../../private/problems';
import { checkPermissionsBoundary, checkService } from '../ecs/validate';

/** Throws one error with everything that Fargate would reject. */
export function validateFargateProps(props: FargateComputeProps): void {
  const problems = new Problems();
  checkSizes(problems, props);
  checkService(problems, props);
  problems.require(!props.cluster || props.containerInsights === undefined, () => {
    return `'containerInsights' cannot be set with an existing 'cluster', which is not changed; set it on that cluster, and remove 'containerInsights'`;
  });
  checkPermissionsBoundary(problems, props);
  checkSubnets(problems, props);
  problems.throwIfAny('Compute.fargate()');
}

/** A public subnet has internet access only through public addresses, and public addresses only work there. */
function checkSubnets(problems: Problems, { vpcSubnets, assignPublicIp = false }: FargateComputeProps): void {
  const type = vpcSubnets?.subnetType;
  problems
    .require(type !== SubnetType.PUBLIC || assignPublicIp, () => {
      return `'vpcSubnets' cannot be public without 'assignPublicIp', because the tasks could not pull their image; set 'assignPublicIp' or choose private subnets`;
    })
    .require(type === undefined || type === SubnetType.PUBLIC || !assignPublicIp, () => {
      return `'assignPublicIp' requires public subnets; got 'vpcSubnets' of type ${type}, remove one of them`;
    });
}
