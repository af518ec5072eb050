import { Duration, Lazy } from 'aws-cdk-lib';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { FARGATE_DEFINING, FARGATE_ERRORS } from './errors';
import { Compute, FargateComputeProps } from '../../../src';
import { messageOf } from '../../support/templates';

test.each([...FARGATE_ERRORS, ...FARGATE_DEFINING])('%s', (_name, action, message) => {
  expect(messageOf(action)).toEqual(message);
});

const later = Lazy.number({ produce: () => 0 });

test.each<[string, FargateComputeProps]>([
  ['one task at most', { scaling: { maxReplicas: 1 } }],
  ['the limits of the CPU', { scaling: { maxReplicas: 2, cpuUtilizationPercent: 10, requestsPerTarget: 0.5 } }],
  ['the upper limit of the CPU', { scaling: { maxReplicas: 2, minReplicas: 2, cpuUtilizationPercent: 90 } }],
  [
    'numbers that are known later',
    { scaling: { minReplicas: later, maxReplicas: later, cpuUtilizationPercent: later, requestsPerTarget: later } },
  ],
  ['a time that is known later', { healthCheckGracePeriod: Duration.seconds(later) }],
  ['no grace', { healthCheckGracePeriod: Duration.seconds(0) }],
  ['no circuit breaker', { circuitBreaker: { enable: false } }],
  ['public subnets with addresses', { assignPublicIp: true, vpcSubnets: { subnetType: SubnetType.PUBLIC } }],
  ['subnets by name', { assignPublicIp: true, vpcSubnets: { subnetGroupName: 'Edge' } }],
])('%s is not refused', (_name, props) => {
  expect(() => Compute.fargate(props)).not.toThrow();
});
