import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Cluster } from 'aws-cdk-lib/aws-ecs';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { SESSION_ACTIONS } from '../common/session-actions';

/**
 * What the agent of ECS asks for. Images, logs and secrets are the business of the tasks' own roles.
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
/** With which an instance that AWS takes back sends its tasks away. */
const DRAIN_ACTION = 'ecs:UpdateContainerInstancesState';

/** The identity of the instances: what the agent and Session Manager need, and no more. */
export function defineInstanceRole(scope: Construct, cluster: Cluster, isSpot: boolean): Role {
  const role = new Role(scope, 'InstanceRole', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  const grant = (actions: string[], resourceArn: string, conditions?: Record<string, Record<string, unknown>>) =>
    Grant.addToPrincipal({ grantee: role, actions, resourceArns: [resourceArn], conditions });
  const instances = Stack.of(scope).formatArn({
    service: 'ecs',
    resource: 'container-instance',
    resourceName: `${cluster.clusterName}/*`,
    arnFormat: ArnFormat.SLASH_RESOURCE_NAME,
  });
  grant(CLUSTER_ACTIONS, cluster.clusterArn);
  grant([...INSTANCE_ACTIONS, ...(isSpot ? [DRAIN_ACTION] : [])], instances, {
    ArnEquals: { 'ecs:cluster': cluster.clusterArn },
  });
  // It knows no resources, and neither do the actions of sessions.
  grant(['ecs:DiscoverPollEndpoint'], '*');
  grant(SESSION_ACTIONS, '*');
  return role;
}
