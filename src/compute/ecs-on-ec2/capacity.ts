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
import { Role } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EcsOnEc2ComputeProps } from './ecs-on-ec2-compute-props';
import { deleteGroupWithStack } from './group-removal';
import { RESERVED_MIB } from './instance-choice';
import { defineInstanceRole } from './instance-role';
import { encryptedVolume } from '../common/encrypted-volume';
import { ServerBindOptions } from '../self-hosted';

/** Between two instances that an update replaces: a new one joins the cluster, and a task starts on it. */
const PAUSE = Duration.minutes(5);

/** What a capacity provider may be called, beside its prefix. */
const NAME = { maxLength: 252, allowedSpecialCharacters: '-_' };

/**
 * For ever: the capacity provider has a name, so CloudFormation cannot replace it where the group is another. And no other
 * compute's: what took over the group's id would be deleted by the removal that left with this compute.
 */
const GROUP_ID = 'Group';

export interface Capacity {
  readonly autoScalingGroup: AutoScalingGroup;
  readonly capacityProvider: AsgCapacityProvider;
  /** What deletes the group, before the group is deleted with the stack. */
  readonly removal?: Construct;
}

/** Instances for the tasks of the cluster, as many as those need. */
export function defineCapacity(
  scope: Construct,
  props: EcsOnEc2ComputeProps,
  options: ServerBindOptions,
  network: { readonly cluster: Cluster; readonly instanceType: InstanceType; readonly vpcSubnets: SubnetSelection },
): Capacity {
  const { cluster, instanceType, vpcSubnets } = network;
  const role = defineInstanceRole(scope, cluster, props.spot !== undefined);
  const launchTemplate = defineLaunchTemplate(scope, props, { cluster, instanceType, role });
  const autoScalingGroup = new AutoScalingGroup(scope, GROUP_ID, {
    vpc: cluster.vpc,
    vpcSubnets,
    ...launched(launchTemplate, instanceType, props),
    ...limits(props, options),
    // ECS moves the tasks away from an instance before it goes. There may be no room for one more.
    updatePolicy: UpdatePolicy.rollingUpdate({ minInstancesInService: 0, maxBatchSize: 1, pauseTime: PAUSE }),
  });
  const isProtected = props.managedTerminationProtection ?? true;
  const capacityProvider = new AsgCapacityProvider(scope, 'CapacityProvider', {
    // By default the name begins with that of the stack, and ECS refuses some beginnings, `ecs` among them.
    capacityProviderName: `cp-${Names.uniqueResourceName(autoScalingGroup, NAME)}`,
    autoScalingGroup,
    enableManagedScaling: true,
    enableManagedTerminationProtection: isProtected,
    enableManagedDraining: true,
  });
  cluster.addAsgCapacityProvider(capacityProvider);
  // The L2 waits for neither. The first instance needs its rights and a way out.
  autoScalingGroup.node.addDependency(role, cluster.vpc.selectSubnets(vpcSubnets).internetConnectivityEstablished);
  return {
    autoScalingGroup,
    capacityProvider,
    // Not only where it is needed: a removal that leaves the template deletes a group that is still in use.
    removal: props._withoutGroupRemoval ? undefined : deleteGroupWithStack(scope, autoScalingGroup, options),
  };
}

function limits({ minCapacity = 0, maxCapacity }: EcsOnEc2ComputeProps, { size }: ServerBindOptions) {
  const { replicas } = size;
  const isKnown = !Token.isUnresolved(minCapacity) && !Token.isUnresolved(replicas);
  return { minCapacity, maxCapacity: maxCapacity ?? (isKnown ? Math.max(replicas, minCapacity) : replicas) };
}

function defineLaunchTemplate(
  scope: Construct,
  props: EcsOnEc2ComputeProps,
  given: { readonly cluster: Cluster; readonly instanceType: InstanceType; readonly role: Role },
): LaunchTemplate {
  const { cluster, instanceType, role } = given;
  return new LaunchTemplate(scope, 'LaunchTemplate', {
    instanceType,
    machineImage: props.machineImage ?? newestImage(instanceType),
    userData: agentSettings(props),
    securityGroup: new SecurityGroup(scope, 'InstanceSecurityGroup', {
      vpc: cluster.vpc,
      description: 'The instances of the MLflow server, which nobody connects to',
    }),
    // The cluster would add rights on every log and every image, which the tasks' own roles have where they need them.
    role: role.withoutPolicyUpdates(),
    httpTokens: LaunchTemplateHttpTokens.REQUIRED,
    httpPutResponseHopLimit: 1,
    blockDevices: [{ deviceName: '/dev/xvda', volume: encryptedVolume(props.volumeSize ?? Size.gibibytes(30)) }],
  });
}

/** The cluster adds its name. */
function agentSettings({ spot }: EcsOnEc2ComputeProps): UserData {
  const settings = {
    // Tasks have roles of their own, and nothing to look for in the instance's.
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
  { spot }: EcsOnEc2ComputeProps,
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
