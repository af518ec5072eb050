import { DeployedStack } from '../../local/emulator/deployed-stack';

/** How the template has the service replaced, and its servers judged. */
export interface DeploymentRules {
  readonly desiredCount: number;
  readonly minimumHealthyPercent: number;
  readonly maximumPercent: number;
  readonly deregistrationDelaySeconds: number;
  readonly healthCheckIntervalSeconds: number;
  readonly healthCheckTimeoutSeconds: number;
  readonly unhealthyThresholdCount: number;
  readonly idleTimeoutSeconds: number;
}

/** Reads them from the resolved resources; none has a default here. */
export function deploymentRules(stack: DeployedStack): DeploymentRules {
  const service = stack.only('AWS::ECS::Service').properties;
  const group = stack.only('AWS::ElasticLoadBalancingV2::TargetGroup').properties;
  const balancer = stack.only('AWS::ElasticLoadBalancingV2::LoadBalancer').properties;
  const deployment = service.DeploymentConfiguration;
  return {
    desiredCount: numberOf('DesiredCount', service.DesiredCount),
    minimumHealthyPercent: numberOf('MinimumHealthyPercent', deployment.MinimumHealthyPercent),
    maximumPercent: numberOf('MaximumPercent', deployment.MaximumPercent),
    deregistrationDelaySeconds: attribute(group.TargetGroupAttributes, 'deregistration_delay.timeout_seconds'),
    healthCheckIntervalSeconds: numberOf('HealthCheckIntervalSeconds', group.HealthCheckIntervalSeconds),
    healthCheckTimeoutSeconds: numberOf('HealthCheckTimeoutSeconds', group.HealthCheckTimeoutSeconds),
    unhealthyThresholdCount: numberOf('UnhealthyThresholdCount', group.UnhealthyThresholdCount),
    idleTimeoutSeconds: attribute(balancer.LoadBalancerAttributes, 'idle_timeout.timeout_seconds'),
  };
}

function attribute(attributes: { Key: string; Value: unknown }[], key: string): number {
  return numberOf(key, attributes.find(({ Key }) => Key === key)?.Value);
}

function numberOf(name: string, value: unknown): number {
  if (value === undefined || Number.isNaN(Number(value))) throw new Error(`the template sets no ${name}`);
  return Number(value);
}
