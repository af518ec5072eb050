import {
  BuiltInAttributes,
  CapacityProviderStrategy,
  ICluster,
  PlacementConstraint,
  PlacementStrategy,
} from 'aws-cdk-lib/aws-ecs';
import { CapacitySource, TaskProps } from './capacity-source';
import { EcsExistingCapacityOptions } from './ecs-capacity-options';
import { Problems } from '../../private/problems';
import { architectureOf } from '../ecs/task';
import { checkPermissionsBoundary } from '../ecs/validate';

/** The instances of an existing cluster, on which other tasks may run, too. */
export function existingCapacity(
  cluster: ICluster,
  { capacityProviderStrategies }: EcsExistingCapacityOptions,
): CapacitySource {
  const problems = new Problems();
  problems.require(cluster.hasEc2Capacity, () => {
    return `'cluster' must have EC2 capacity; got none, add a capacity provider to it first, or import it with 'hasEc2Capacity'`;
  });
  if (capacityProviderStrategies) checkStrategies(problems, capacityProviderStrategies);
  problems.throwIfAny('EcsCapacity.existing()');

  const architecture = ({ cpuArchitecture }: TaskProps) => cpuArchitecture && architectureOf(cpuArchitecture);
  return {
    cluster,
    architecture,
    checkProps: checkPermissionsBoundary,
    checkDeployment: () => {},
    define: (_scope, props) => {
      const only = architecture(props);
      const placement = {
        capacityProviderStrategies,
        placementStrategies: [
          PlacementStrategy.spreadAcross(BuiltInAttributes.AVAILABILITY_ZONE),
          PlacementStrategy.spreadAcrossInstances(),
        ],
        placementConstraints: only && [PlacementConstraint.memberOf(`attribute:ecs.cpu-architecture == ${only}`)],
      };
      return { cluster, placement, dependencies: [] };
    },
  };
}

function checkStrategies(problems: Problems, strategies: CapacityProviderStrategy[]): void {
  const names = strategies.map(({ capacityProvider }) => capacityProvider);
  const count = (has: (strategy: CapacityProviderStrategy) => boolean) => strategies.filter(has).length;
  problems
    .require(names.length > 0, () => {
      return `'capacityProviderStrategies' must name at least one capacity provider; got none, name one or remove 'capacityProviderStrategies'`;
    })
    .require(new Set(names).size === names.length, () => {
      return `'capacityProviderStrategies' must name each capacity provider once; got ${names.join(', ')}`;
    })
    .require(count(({ base }) => base !== undefined && base !== 0) <= 1, () => {
      return `'capacityProviderStrategies' can have one base; got ${count(({ base }) => !!base)}, keep one of them`;
    })
    .require(names.length === 0 || count(({ weight }) => weight === undefined || weight !== 0) > 0, () => {
      return `'capacityProviderStrategies' must have a weight that is not 0, because no task could be placed above the base; got 0 for each`;
    });
}
