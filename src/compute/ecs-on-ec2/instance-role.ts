import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { Grant, IRole, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { EcsAutoScalingCapacityOptions } from './ecs-capacity-options';
import { SESSION_ACTIONS } from '../common/instances';

/**
 * The actions of the ECS agent. The roles of the tasks have the permissions for images, logs and secrets.
 *
 * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/instance_IAM_role.html
 */
const CLUSTER_ACTIONS = [
  'ecs:DeregisterContainerInstance',
  'ecs:RegisterContainerInstance',
  'ecs:SubmitAttachmentStateChanges',
  'ecs:SubmitContainerStateChange',
  'ecs:SubmitTaskStateChange',
];
const INSTANCE_ACTIONS = ['ecs:Poll', 'ecs:StartTelemetrySession'];
/** Drains an instance that AWS interrupts. */
const DRAIN_ACTION = 'ecs:UpdateContainerInstancesState';

export interface InstanceRole {
  readonly role: IRole;
  /** The same role without later additions: the cluster would add permissions for every log and image. */
  readonly withoutPolicyUpdates: IRole;
}

/** The role of the instances, with the permissions that the ECS agent and Session Manager need, and no more. */
export function defineInstanceRole(
  scope: Construct,
  cluster: Cluster,
  capacity: EcsAutoScalingCapacityOptions,
): InstanceRole {
  const instanceRole = instanceRoleOf(scope, capacity);
  const grant = (actions: string[], resourceArn: string, conditions?: Record<string, Record<string, unknown>>) =>
    Grant.addToPrincipal({ grantee: instanceRole.role, actions, resourceArns: [resourceArn], conditions });
  const instances = Stack.of(scope).formatArn({
    service: 'ecs',
    resource: 'container-instance',
    resourceName: `${cluster.clusterName}/*`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  grant(CLUSTER_ACTIONS, cluster.clusterArn);
  grant([...INSTANCE_ACTIONS, ...(capacity.spot ? [DRAIN_ACTION] : [])], instances, {
    ArnEquals: { 'ecs:cluster': cluster.clusterArn },
  });
  // These actions do not support resource-level permissions.
  grant(['ecs:DiscoverPollEndpoint'], '*');
  grant(SESSION_ACTIONS, '*');
  return instanceRole;
}

function instanceRoleOf(scope: Construct, { role: existing }: EcsAutoScalingCapacityOptions): InstanceRole {
  if (existing) {
    const immutable = Role.fromRoleName(scope, 'ExistingInstanceRole', existing.roleName, { mutable: false });
    return { role: existing, withoutPolicyUpdates: immutable };
  }
  const role = new Role(scope, 'InstanceRole', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  return { role, withoutPolicyUpdates: role.withoutPolicyUpdates() };
}
