import { Aws, Stack } from 'aws-cdk-lib';
import { Grant, IRole, InstanceProfile, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { SESSION_ACTIONS } from '../common/instances';
import { grantSecrets } from '../common/secrets';
import { ServerBindOptions } from '../self-hosted';

export interface InstanceIdentity {
  readonly role: IRole;
  readonly profile: InstanceProfile;
}

/** The role of the instances, with the permissions that the boot, the server and its logs need, and no more. */
export function defineIdentity(
  scope: Construct,
  existing: IRole | undefined,
  logGroup: ILogGroup,
  options: ServerBindOptions,
): InstanceIdentity {
  const role = existing ?? new Role(scope, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  const profile = new InstanceProfile(scope, 'InstanceProfile', { role });
  const grant = (actions: string[], ...resourceArns: string[]) =>
    Grant.addToPrincipal({ grantee: role, actions, resourceArns });

  grant(SESSION_ACTIONS, '*');
  // The `signals` of the group grant the permission to signal.
  grant(['cloudformation:DescribeStackResource'], Aws.STACK_ID);
  logGroup.grant(role, 'logs:CreateLogStream', 'logs:PutLogEvents');
  grantSecrets(options.server, role);
  options.server.imageRepository?.grantPull(role);
  options.server.imageCredentials?.grantRead(role);
  if (options.endpoint.elasticIpAllocationId) {
    grantAddress(scope, role, profile, options.endpoint.elasticIpAllocationId);
  }
  return { role, profile };
}

/** Grants permissions to associate this address with instances that have this profile. */
function grantAddress(scope: Construct, role: IRole, profile: InstanceProfile, allocationId: string): void {
  const arn = (resource: string, resourceName: string) =>
    Stack.of(scope).formatArn({ service: 'ec2', resource, resourceName });
  Grant.addToPrincipal({
    grantee: role,
    actions: ['ec2:AssociateAddress'],
    resourceArns: [arn('elastic-ip', allocationId)],
  });
  Grant.addToPrincipal({
    grantee: role,
    actions: ['ec2:AssociateAddress'],
    resourceArns: [arn('instance', '*')],
    conditions: { ArnEquals: { 'ec2:InstanceProfile': profile.instanceProfileArn } },
  });
}
