import { Duration, Token } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { FargateComputeProps } from './fargate-compute-props';
import { FargateScalingOptions } from './fargate-scaling-options';
import { validateFargateSizes } from './fargate-sizes';
import { Problems } from '../private/problems';

/** The longest that ECS accepts. */
const MAX_GRACE_SECONDS = 2 ** 31 - 1;

/** Throws one error with all that Fargate, or MLflow on it, would refuse. */
export function validateFargateProps(props: FargateComputeProps): void {
  const problems = new Problems();
  validateFargateSizes(problems, props);
  if (props.scaling) {
    requireScaling(problems, props.scaling);
    problems.require(props.replicas === undefined, () => {
      return `'replicas' cannot be set with 'scaling', which sets the number of tasks; remove 'replicas' or 'scaling'`;
    });
  }
  problems
    .require(!props.cluster || props.containerInsights === undefined, () => {
      return `'containerInsights' cannot be set with a given 'cluster', which is not changed; set it on that cluster, and remove 'containerInsights'`;
    })
    .require(props.circuitBreaker?.enable !== false || !props.circuitBreaker.rollback, () => {
      return `'circuitBreaker.rollback' has no effect without 'circuitBreaker.enable'; remove one of them`;
    });
  requireSubnets(problems, props);
  if (props.healthCheckGracePeriod) requireGracePeriod(problems, props.healthCheckGracePeriod);
  problems.throwIfAny('Compute.fargate()');
}

function requireScaling(problems: Problems, scaling: FargateScalingOptions): void {
  const { minReplicas = 1, maxReplicas, cpuUtilizationPercent, requestsPerTarget } = scaling;
  const whole = (value: number) => Token.isUnresolved(value) || (Number.isInteger(value) && value >= 1);
  for (const [name, value] of Object.entries({ minReplicas, maxReplicas })) {
    problems.require(whole(value), () => `'scaling.${name}' must be a whole number of at least 1; got ${value}`);
  }
  const known = !Token.isUnresolved(minReplicas) && !Token.isUnresolved(maxReplicas);
  problems.require(!known || !(maxReplicas < minReplicas), () => {
    return `'scaling.maxReplicas' must be at least 'scaling.minReplicas', ${minReplicas}; got ${maxReplicas}`;
  });
  if (cpuUtilizationPercent !== undefined && !Token.isUnresolved(cpuUtilizationPercent)) {
    problems.require(cpuUtilizationPercent >= 10 && cpuUtilizationPercent <= 90, () => {
      return `'scaling.cpuUtilizationPercent' must be from 10 to 90; got ${cpuUtilizationPercent}`;
    });
  }
  if (requestsPerTarget !== undefined && !Token.isUnresolved(requestsPerTarget)) {
    problems.require(requestsPerTarget > 0, () => {
      return `'scaling.requestsPerTarget' must be more than 0; got ${requestsPerTarget}`;
    });
  }
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

function requireGracePeriod(problems: Problems, period: Duration): void {
  if (period.isUnresolved()) return;
  const seconds = period.toMilliseconds() / 1000;
  problems.require(Number.isInteger(seconds) && seconds <= MAX_GRACE_SECONDS, () => {
    return `'healthCheckGracePeriod' must be from 0 to ${MAX_GRACE_SECONDS} whole seconds; got ${seconds} seconds`;
  });
}
