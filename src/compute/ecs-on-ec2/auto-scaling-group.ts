import { Duration, Names, Size, Token } from 'aws-cdk-lib';
import {
  AutoScalingGroup,
  AutoScalingGroupProps,
  SpotAllocationStrategy,
  UpdatePolicy,
} from 'aws-cdk-lib/aws-autoscaling';
import {
  IMachineImage,
  InstanceArchitecture,
  InstanceType,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  SecurityGroup,
  SubnetSelection,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { AmiHardwareType, AsgCapacityProvider, Cluster, EcsOptimizedImage } from 'aws-cdk-lib/aws-ecs';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EcsAutoScalingCapacityOptions } from './ecs-capacity-options';
import { deleteGroupWithStack } from './group-removal';
import { RESERVED_MIB } from './instance-choice';
import { defineInstanceRole } from './instance-role';
import { encryptedVolume } from '../common/instances';
import { ServerBindOptions } from '../self-hosted';

/** Between two instances that an update replaces: the new one registers in the cluster, and a task starts on it. */
const PAUSE = Duration.minutes(5);

/** The rules for the name of a capacity provider, after its prefix. */
const NAME = { maxLength: 252, allowedSpecialCharacters: '-_' };

/**
 * Never changes: the capacity provider has a name, so CloudFormation cannot replace it for another group. Used by no other
 * compute: the removal that leaves the template with this compute would delete a group with this id.
 */
const GROUP_ID = 'Group';

export interface Instances {
  readonly autoScalingGroup: AutoScalingGroup;
  readonly capacityProvider: AsgCapacityProvider;
  /** Deletes the group before the stack does. */
  readonly removal?: Construct;
}

/** The instances of the cluster, as many as its tasks need. */
export function defineInstances(
  scope: Construct,
  capacity: EcsAutoScalingCapacityOptions,
  options: ServerBindOptions,
  network: { readonly cluster: Cluster; readonly instanceType: InstanceType; readonly vpcSubnets: SubnetSelection },
): Instances {
  const { cluster, instanceType, vpcSubnets } = network;
  const { role, withoutPolicyUpdates } = defineInstanceRole(scope, cluster, capacity);
  const launchTemplate = defineLaunchTemplate(scope, capacity, { cluster, instanceType, role: withoutPolicyUpdates });
  const autoScalingGroup = new AutoScalingGroup(scope, GROUP_ID, {
    vpc: cluster.vpc,
    vpcSubnets,
    ...launched(launchTemplate, instanceType, capacity),
    ...limits(capacity, options),
    // ECS drains an instance before it is terminated. There may be no capacity for an additional one.
    updatePolicy: UpdatePolicy.rollingUpdate({ minInstancesInService: 0, maxBatchSize: 1, pauseTime: PAUSE }),
  });
  const isProtected = capacity.managedTerminationProtection ?? true;
  const capacityProvider = new AsgCapacityProvider(scope, 'CapacityProvider', {
    // The default name starts with the stack name, and ECS rejects some prefixes, such as `ecs`.
    capacityProviderName: `cp-${Names.uniqueResourceName(autoScalingGroup, NAME)}`,
    autoScalingGroup,
    enableManagedScaling: true,
    enableManagedTerminationProtection: isProtected,
    enableManagedDraining: true,
  });
  cluster.addAsgCapacityProvider(capacityProvider);
  // The L2 depends on neither. The first instance needs its permissions and internet access.
  autoScalingGroup.node.addDependency(role, cluster.vpc.selectSubnets(vpcSubnets).internetConnectivityEstablished);
  return {
    autoScalingGroup,
    capacityProvider,
    // Not only with protection: a removal that leaves the template deletes a group that is still in use.
    removal: capacity._withoutGroupRemoval ? undefined : deleteGroupWithStack(scope, autoScalingGroup, options),
  };
}

function limits({ minCapacity = 0, maxCapacity }: EcsAutoScalingCapacityOptions, { size }: ServerBindOptions) {
  const { replicas } = size;
  const isKnown = !Token.isUnresolved(minCapacity) && !Token.isUnresolved(replicas);
  return { minCapacity, maxCapacity: maxCapacity ?? (isKnown ? Math.max(replicas, minCapacity) : replicas) };
}

function defineLaunchTemplate(
  scope: Construct,
  capacity: EcsAutoScalingCapacityOptions,
  network: { readonly cluster: Cluster; readonly instanceType: InstanceType; readonly role: IRole },
): LaunchTemplate {
  const { cluster, instanceType, role } = network;
  const securityGroup =
    capacity.securityGroup ??
    new SecurityGroup(scope, 'InstanceSecurityGroup', {
      vpc: cluster.vpc,
      description: 'The instances of the MLflow server, which nobody connects to',
    });
  return new LaunchTemplate(scope, 'LaunchTemplate', {
    instanceType,
    machineImage: capacity.machineImage ?? newestImage(instanceType),
    userData: agentSettings(capacity),
    securityGroup,
    role,
    httpTokens: LaunchTemplateHttpTokens.REQUIRED,
    httpPutResponseHopLimit: 1,
    blockDevices: [{ deviceName: '/dev/xvda', volume: encryptedVolume(capacity.volumeSize ?? Size.gibibytes(30)) }],
  });
}

/** The settings of the ECS agent, to which the cluster adds its name. */
function agentSettings({ spot }: EcsAutoScalingCapacityOptions): UserData {
  const settings = {
    // Tasks have their own roles, and must not use that of the instance.
    ECS_AWSVPC_BLOCK_IMDS: true,
    ECS_RESERVED_MEMORY: RESERVED_MIB,
    ...(spot ? { ECS_ENABLE_SPOT_INSTANCE_DRAINING: true } : {}),
  };
  const userData = UserData.forLinux();
  for (const [name, value] of Object.entries(settings)) {
    userData.addCommands(`echo ${name}=${value} >> /etc/ecs/ecs.config`);
  }
  return userData;
}

function launched(
  launchTemplate: LaunchTemplate,
  instanceType: InstanceType,
  { spot }: EcsAutoScalingCapacityOptions,
): Pick<AutoScalingGroupProps, 'launchTemplate' | 'mixedInstancesPolicy'> {
  if (!spot) return { launchTemplate };
  const { onDemandBase = 0, onDemandPercent = 0, otherInstanceTypes = [] } = spot;
  return {
    mixedInstancesPolicy: {
      launchTemplate,
      launchTemplateOverrides: [instanceType, ...otherInstanceTypes].map((type) => ({ instanceType: type })),
      instancesDistribution: {
        onDemandBaseCapacity: onDemandBase,
        onDemandPercentageAboveBaseCapacity: onDemandPercent,
        spotAllocationStrategy: SpotAllocationStrategy.PRICE_CAPACITY_OPTIMIZED,
      },
    },
  };
}

function newestImage({ architecture }: InstanceType): IMachineImage {
  const isArm = architecture === InstanceArchitecture.ARM_64;
  return EcsOptimizedImage.amazonLinux2023(isArm ? AmiHardwareType.ARM : AmiHardwareType.STANDARD);
}
