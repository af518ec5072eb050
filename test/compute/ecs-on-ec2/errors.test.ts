import { Lazy, Size } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { ECS_ON_EC2_DEFINING, ECS_ON_EC2_ERRORS, ECS_ON_EC2_PROPS, importedCluster } from './errors';
import {
  EcsAutoScalingCapacityOptions,
  Compute,
  EcsCapacity,
  EcsOnEc2ComputeProps,
  MlflowTrackingServer,
} from '../../../src';
import { newStack } from '../../support/new-app';
import { elementsIn, messageOf } from '../../support/templates';

test.each(ECS_ON_EC2_ERRORS)('%s', (_name, action, message) => {
  expect(messageOf(action)).toBe(message);
});

test.each(ECS_ON_EC2_PROPS)('%s, before anything is defined', (_name, props, message) => {
  const stack = newStack();
  expect(messageOf(() => new MlflowTrackingServer(stack, 'Mlflow', props(stack)))).toBe(message);
  expect(elementsIn(stack)).toEqual([]);
});

test.each(ECS_ON_EC2_DEFINING)('%s', (_name, action, message) => {
  expect(messageOf(action)).toBe(message);
});

describe('what is not refused', () => {
  const token = Lazy.number({ produce: () => 2 });
  const withInstances = (options: EcsAutoScalingCapacityOptions, props: EcsOnEc2ComputeProps = {}) =>
    Compute.ecsOnEc2({ ...props, capacity: EcsCapacity.autoScaling(options) });
  test.each([
    ['the limits of a task', () => [128, 196608].map((cpu) => Compute.ecsOnEc2({ cpu, memoryLimitMiB: 1024 }))],
    ['the limits of the disk', () => [30, 16384].map((n) => withInstances({ volumeSize: Size.gibibytes(n) }))],
    ['as many instances at least as at most', () => withInstances({ minCapacity: 2, maxCapacity: 2 })],
    ['one Spot Instance', () => withInstances({ spot: { onDemandBase: 2, onDemandPercent: 99 } }, { replicas: 3 })],
    ['a base of which the largest number is not known', () => withInstances({ spot: { onDemandBase: 5 } })],
    [
      'tokens',
      () =>
        withInstances(
          {
            minCapacity: token,
            maxCapacity: token,
            volumeSize: Size.gibibytes(token),
            spot: { onDemandBase: token, onDemandPercent: token },
          },
          { replicas: token },
        ),
    ],
    [
      'a capacity provider with a base alone',
      () =>
        EcsCapacity.existing(importedCluster(), {
          capacityProviderStrategies: [
            { capacityProvider: 'a', base: 1 },
            { capacityProvider: 'b', base: 0, weight: 0 },
          ],
        }),
    ],
  ])('%s', (_name, action) => {
    expect(action).not.toThrow();
  });

  test.each([
    ['t4g.small', 1638],
    ['t4g.medium', 3532],
    ['m7g.large', 7321],
  ])('%s holds a task of %d MiB, and not one of a MiB more', (name, memoryLimitMiB) => {
    const define = (mebibytes: number) => () =>
      new MlflowTrackingServer(newStack(), 'Mlflow', {
        compute: withInstances({ instanceType: new InstanceType(name) }, { memoryLimitMiB: mebibytes }),
      });
    expect(define(memoryLimitMiB)).not.toThrow();
    expect(define(memoryLimitMiB + 1)).toThrow("'instanceType' must fit a task of");
  });
});
