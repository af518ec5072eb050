import { Duration, Token } from 'aws-cdk-lib';
import { EcsComputeProps } from './ecs-compute-props';
import { EcsScalingOptions } from './ecs-scaling-options';
import { AccessPath } from '../../endpoint/access-path';
import { Problems } from '../../private/problems';
import { checkWhole } from '../../private/rules';
import { ComputeDeploymentContext } from '../validation';

/** The maximum of Amazon ECS. */
const MAX_GRACE_SECONDS = 2 ** 31 - 1;

/** From https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_AwsVpcConfiguration.html */
const MAX_SECURITY_GROUPS = 5;

/** A larger number is hardly meant as a number of vCPUs. */
const MAX_VCPUS = 64;

/** Notes what Amazon ECS would reject with any capacity. */
export function checkService(problems: Problems, props: EcsComputeProps): void {
  checkWhole(problems, 'replicas', props.replicas);
  if (props.scaling) {
    checkScaling(problems, props.scaling);
    problems.require(props.replicas === undefined, () => {
      return `'replicas' cannot be set with 'scaling', which sets the number of tasks; remove 'replicas' or 'scaling'`;
    });
  }
  const groups = props.securityGroups?.length ?? 1;
  problems
    .require(groups >= 1 && groups <= MAX_SECURITY_GROUPS, () => {
      return `'securityGroups' must have from 1 to ${MAX_SECURITY_GROUPS} security groups; got ${groups}`;
    })
    .require(props.circuitBreaker?.enable !== false || !props.circuitBreaker.rollback, () => {
      return `'circuitBreaker.rollback' has no effect without 'circuitBreaker.enable'; remove one of them`;
    });
  checkGracePeriod(problems, props.healthCheckGracePeriod);
}

/** Notes a permissions boundary where the compute creates no role. */
export function checkPermissionsBoundary(problems: Problems, props: EcsComputeProps): void {
  const { taskRole, executionRole, permissionsBoundary } = props;
  problems.require(!permissionsBoundary || !taskRole || !executionRole, () => {
    return `'permissionsBoundary' cannot be set with both 'taskRole' and 'executionRole', which are not changed; remove 'permissionsBoundary' or one of the roles`;
  });
}

/** Notes what requires a load balancer, where the endpoint has none. */
export function checkLoadBalancer(
  problems: Problems,
  { scaling, healthCheckGracePeriod }: EcsComputeProps,
  { endpoint }: ComputeDeploymentContext,
): void {
  if (AccessPath.LOAD_BALANCER.matches(endpoint?.accessPath)) return;
  const props = { 'scaling.requestsPerTarget': scaling?.requestsPerTarget, healthCheckGracePeriod };
  for (const [name, value] of Object.entries(props)) {
    problems.require(value === undefined, () => {
      return `'${name}' requires an endpoint with a load balancer; remove '${name}' or choose another endpoint`;
    });
  }
}

/** Advice for a number of vCPUs in place of CPU units. */
export function cpuAdvice(cpu: number): string {
  return cpu > 0 && cpu <= MAX_VCPUS ? `, 1 vCPU is 1024 units: ${cpu * 1024} for ${cpu}` : '';
}

function checkScaling(problems: Problems, scaling: EcsScalingOptions): void {
  const { minReplicas = 1, maxReplicas, cpuUtilizationPercent, requestsPerTarget } = scaling;
  checkWhole(problems, 'scaling.minReplicas', minReplicas);
  checkWhole(problems, 'scaling.maxReplicas', maxReplicas);
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
      return `'scaling.requestsPerTarget' must be greater than 0; got ${requestsPerTarget}`;
    });
  }
}

function checkGracePeriod(problems: Problems, period: Duration | undefined): void {
  if (!period || period.isUnresolved()) return;
  const seconds = period.toMilliseconds() / 1000;
  problems.require(Number.isInteger(seconds) && seconds <= MAX_GRACE_SECONDS, () => {
    return `'healthCheckGracePeriod' must be a whole number of seconds from 0 to ${MAX_GRACE_SECONDS}; got ${seconds}`;
  });
}
