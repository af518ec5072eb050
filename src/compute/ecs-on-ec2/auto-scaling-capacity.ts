import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { PlacementConstraint } from 'aws-cdk-lib/aws-ecs';
import { defineInstances } from './auto-scaling-group';
import { CapacitySource, TaskProps } from './capacity-source';
import { EcsAutoScalingCapacityOptions } from './ecs-capacity-options';
import { instanceTypeFor, taskSize } from './instance-choice';
import { checkFit } from './validate-fit';
import { checkTasks, validateInstances } from './validate-instances';
import { defineCluster } from '../ecs/service';
import { architectureOf } from '../ecs/task';

/** The instances of a new cluster, one for each task. */
export function autoScalingCapacity(capacity: EcsAutoScalingCapacityOptions): CapacitySource {
  validateInstances(capacity);
  const architecture = ({ cpuArchitecture }: TaskProps) =>
    (cpuArchitecture ? architectureOf(cpuArchitecture) : capacity.instanceType?.architecture) ??
    InstanceArchitecture.ARM_64;
  return {
    architecture,
    checkProps: (problems, props) => checkTasks(problems, capacity, props),
    checkDeployment: (problems, props, context) => checkFit(problems, capacity, architecture(props), context),
    define: (scope, props, options, vpcSubnets) => {
      const cluster = defineCluster(scope, capacity.containerInsights, options);
      // `checkFit` has refused a task that fits no default type.
      const instanceType = instanceTypeFor(capacity, architecture(props), taskSize(options.size))!;
      const instances = defineInstances(scope, capacity, options, { cluster, instanceType, vpcSubnets });
      const { autoScalingGroup, capacityProvider, removal } = instances;
      return {
        cluster,
        autoScalingGroup,
        placement: {
          capacityProviderStrategies: [{ capacityProvider: capacityProvider.capacityProviderName, weight: 1 }],
          // A failed instance affects only one server, and the network interfaces of the smallest types are enough.
          placementConstraints: [PlacementConstraint.distinctInstances()],
        },
        // The complete cluster: an aspect adds its association with the capacity provider.
        dependencies: [cluster, ...(removal ? [removal] : [])],
      };
    },
  };
}
