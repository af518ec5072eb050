import { Duration, Token } from 'aws-cdk-lib';
import { ICluster } from 'aws-cdk-lib/aws-ecs';
import { EcsComputeProps } from './ecs-compute-props';
import { EcsScalingOptions } from './ecs-scaling-options';
import { Problems } from '../../private/problems';
import { requireWhole } from '../../private/rules';

/** The longest that ECS accepts. */
const MAX_GRACE_SECONDS = 2 ** 31 - 1;

interface ServiceProps extends EcsComputeProps {
  readonly cluster?: ICluster;
}

/** Notes what an ECS service would refuse, whatever the containers run on. */
export function requireService(problems: Problems, props: ServiceProps): void {
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
}

function requireScaling(problems: Problems, scaling: EcsScalingOptions): void {
  const { minReplicas = 1, maxReplicas, cpuUtilizationPercent, requestsPerTarget } = scaling;
  requireWhole(problems, 'scaling.minReplicas', minReplicas);
  requireWhole(problems, 'scaling.maxReplicas', maxReplicas);
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

export function requireGracePeriod(problems: Problems, period: Duration | undefined): void {
  if (!period || period.isUnresolved()) return;
  const seconds = period.toMilliseconds() / 1000;
  problems.require(Number.isInteger(seconds) && seconds <= MAX_GRACE_SECONDS, () => {
    return `'healthCheckGracePeriod' must be from 0 to ${MAX_GRACE_SECONDS} whole seconds; got ${seconds} seconds`;
  });
}
