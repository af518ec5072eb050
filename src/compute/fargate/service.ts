import { SubnetSelection, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  CfnClusterCapacityProviderAssociations,
  FargateService,
  FargateTaskDefinition,
  ICluster,
} from 'aws-cdk-lib/aws-ecs';
import { Construct } from 'constructs';
import { FargateComputeProps } from './fargate-compute-props';
import { serverSubnets } from '../../network/subnets';
import { completeService, isScaled, workloadOf } from '../ecs/service';
import { serverServiceSettings } from '../ecs/task';
import { ServerBindOptions } from '../self-hosted';

const SPOT = 'FARGATE_SPOT';

/** Keeps the tasks running, as many as there should be. */
export function defineService(
  scope: Construct,
  props: FargateComputeProps,
  options: ServerBindOptions,
  task: { readonly cluster: ICluster; readonly taskDefinition: FargateTaskDefinition },
): FargateService {
  const { spot = false, assignPublicIp = false } = props;
  const service = new FargateService(scope, 'Service', {
    ...serverServiceSettings(options, { ...props, scaled: isScaled(props) }),
    ...task,
    capacityProviderStrategies: spot ? [{ capacityProvider: SPOT, weight: 1 }] : undefined,
    assignPublicIp,
    vpcSubnets: subnetsFor(props, task.cluster),
  });
  if (spot && !props.cluster) offerSpot(scope, task.cluster, service);
  completeService(scope, service, props, options);
  return service;
}

/** The subnets of the tasks. */
export function subnetsFor(props: FargateComputeProps, { vpc }: ICluster): SubnetSelection {
  return props.vpcSubnets ?? (props.assignPublicIp ? { subnetType: SubnetType.PUBLIC } : serverSubnets(vpc));
}

/** The L2 adds the association in an aspect, too late for the service to wait for it. */
function offerSpot(scope: Construct, cluster: ICluster, service: FargateService): void {
  const association = new CfnClusterCapacityProviderAssociations(scope, 'CapacityProviders', {
    cluster: cluster.clusterName,
    capacityProviders: [SPOT],
    defaultCapacityProviderStrategy: [],
  });
  workloadOf(service).node.addDependency(association);
}
