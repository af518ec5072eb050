import { CfnResource, Size } from 'aws-cdk-lib';
import {
  AdditionalHealthCheckType,
  AutoScalingGroup,
  HealthChecks,
  Signals,
  UpdatePolicy,
} from 'aws-cdk-lib/aws-autoscaling';
import {
  ISecurityGroup,
  LaunchTemplate,
  LaunchTemplateHttpTokens,
  SubnetSelection,
  SubnetType,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { IInstanceProfile } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { bootTimeout, instanceFiles, InstanceNames, instanceUserData } from './boot';
import { Ec2ComputeProps } from './ec2-compute-props';
import { instanceTypeOf, traitsOf } from './machine';
import { encryptedVolume } from '../common/instances';
import { ServerBindOptions } from '../self-hosted';

export interface LaunchSettings extends InstanceNames {
  readonly securityGroups: ISecurityGroup[];
  readonly profile: IInstanceProfile;
}

/** The settings and the first boot of each instance. */
export function defineLaunchTemplate(
  scope: Construct,
  props: Ec2ComputeProps,
  options: ServerBindOptions,
  settings: LaunchSettings,
): LaunchTemplate {
  const instanceType = instanceTypeOf(props, options.profile);
  const { rootDevice, newestImage } = traitsOf(props);
  const [securityGroup, ...otherSecurityGroups] = settings.securityGroups;
  const launchTemplate = new LaunchTemplate(scope, 'LaunchTemplate', {
    instanceType,
    machineImage: props.machineImage ?? newestImage(instanceType.architecture),
    userData: UserData.custom(instanceUserData(props, instanceType, options, settings)),
    securityGroup,
    instanceProfile: settings.profile,
    keyPair: props.keyPair,
    // To download its packages before it has the Elastic IP address.
    associatePublicIpAddress: isPublic(options) || undefined,
    httpTokens: LaunchTemplateHttpTokens.REQUIRED,
    httpPutResponseHopLimit: 1,
    blockDevices: [{ deviceName: rootDevice, volume: encryptedVolume(props.volumeSize ?? Size.gibibytes(20)) }],
  });
  otherSecurityGroups.forEach((other) => launchTemplate.addSecurityGroup(other));
  resourceOf(launchTemplate).addMetadata('cdk-mlflow:files', instanceFiles(props, instanceType, options));
  return launchTemplate;
}

/** Not the id of the group on ECS, which a custom resource deletes when the server moves from ECS to EC2. */
const GROUP_ID = 'Instances';

/** The group that keeps the instances running, and replaces a failed one. */
export function defineGroup(
  scope: Construct,
  props: Ec2ComputeProps,
  options: ServerBindOptions,
  launchTemplate: LaunchTemplate,
): AutoScalingGroup {
  const { replicas } = options.size;
  const timeout = bootTimeout(props);
  const grace = { gracePeriod: timeout };
  return new AutoScalingGroup(scope, GROUP_ID, {
    vpc: options.vpc,
    vpcSubnets: subnetsFor(props, options),
    launchTemplate,
    minCapacity: replicas,
    maxCapacity: replicas,
    signals: Signals.waitForCount(replicas, { timeout }),
    // Stop first, then start: MLflow does not support two versions on one database.
    updatePolicy: UpdatePolicy.rollingUpdate({ minInstancesInService: 0, maxBatchSize: replicas }),
    healthChecks: options.endpoint.targetGroup
      ? HealthChecks.withAdditionalChecks({ ...grace, additionalTypes: [AdditionalHealthCheckType.ELB] })
      : HealthChecks.ec2(grace),
  });
}

/** The subnets of the instances, which need internet access. */
export function subnetsFor({ vpcSubnets }: Ec2ComputeProps, options: ServerBindOptions): SubnetSelection {
  return vpcSubnets ?? { subnetType: isPublic(options) ? SubnetType.PUBLIC : SubnetType.PRIVATE_WITH_EGRESS };
}

function isPublic({ endpoint }: ServerBindOptions): boolean {
  return endpoint.elasticIpAllocationId !== undefined;
}

export function resourceOf(construct: Construct): CfnResource {
  return construct.node.defaultChild as CfnResource;
}
