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
import { encryptedVolume } from '../common/encrypted-volume';
import { ServerBindOptions } from '../self-hosted';

export interface LaunchSettings extends InstanceNames {
  readonly securityGroup: ISecurityGroup;
  readonly profile: IInstanceProfile;
}

/** What an instance is, and what it does at its first boot. */
export function defineLaunchTemplate(
  scope: Construct,
  props: Ec2ComputeProps,
  options: ServerBindOptions,
  settings: LaunchSettings,
): LaunchTemplate {
  const instanceType = instanceTypeOf(props, options.profile);
  const { rootDevice, newestImage } = traitsOf(props);
  const launchTemplate = new LaunchTemplate(scope, 'LaunchTemplate', {
    instanceType,
    machineImage: props.machineImage ?? newestImage(instanceType.architecture),
    userData: UserData.custom(instanceUserData(props, instanceType, options, settings)),
    securityGroup: settings.securityGroup,
    instanceProfile: settings.profile,
    keyPair: props.keyPair,
    // To fetch its packages before it has the Elastic IP.
    associatePublicIpAddress: isPublic(options) || undefined,
    httpTokens: LaunchTemplateHttpTokens.REQUIRED,
    httpPutResponseHopLimit: 1,
    blockDevices: [{ deviceName: rootDevice, volume: encryptedVolume(props.volumeSize ?? Size.gibibytes(20)) }],
  });
  resourceOf(launchTemplate).addMetadata('cdk-mlflow:files', instanceFiles(props, instanceType, options));
  return launchTemplate;
}

/** Not the id of the group on ECS, which a custom resource deletes when the server moves from there to here. */
const GROUP_ID = 'Instances';

/** Keeps the instances running: a failed one is replaced. */
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
    vpcSubnets: subnetsFor(options),
    launchTemplate,
    minCapacity: replicas,
    maxCapacity: replicas,
    signals: Signals.waitForCount(replicas, { timeout }),
    // Stop first, then start: MLflow forbids two versions on one database.
    updatePolicy: UpdatePolicy.rollingUpdate({ minInstancesInService: 0, maxBatchSize: replicas }),
    healthChecks: options.endpoint.targetGroup
      ? HealthChecks.withAdditionalChecks({ ...grace, additionalTypes: [AdditionalHealthCheckType.ELB] })
      : HealthChecks.ec2(grace),
  });
}

/** Where the servers have public addresses, they are in public subnets. */
export function subnetsFor(options: ServerBindOptions): SubnetSelection {
  return { subnetType: isPublic(options) ? SubnetType.PUBLIC : SubnetType.PRIVATE_WITH_EGRESS };
}

function isPublic({ endpoint }: ServerBindOptions): boolean {
  return endpoint.elasticIpAllocationId !== undefined;
}

export function resourceOf(construct: Construct): CfnResource {
  return construct.node.defaultChild as CfnResource;
}
