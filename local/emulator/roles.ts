import { GetRoleCommand, IAMClient, UpdateAssumeRolePolicyCommand } from '@aws-sdk/client-iam';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { LocalRunFailure } from '../failure';
import { Credentials, Emulator } from './emulator';

const LOCAL_OPERATOR = {
  Effect: 'Allow',
  Action: 'sts:AssumeRole',
  Principal: { AWS: 'arn:aws:iam::000000000000:root' },
};

interface Statement {
  readonly Effect: string;
  readonly Action: string | string[];
  readonly Principal?: { readonly Service?: string | string[] };
}

/**
 * The role's credentials, as the AWS service that the role trusts would get them. The emulator has no such service:
 * the role is checked to trust it, and is then made to trust the local run as well.
 */
export async function assumeRoleAs(service: string, roleArn: string, emulator: Emulator): Promise<Credentials> {
  const iam = new IAMClient(emulator.client());
  const roleName = roleArn.slice(roleArn.lastIndexOf('/') + 1);
  const { Role } = await iam.send(new GetRoleCommand({ RoleName: roleName }));
  const trust = JSON.parse(decodeURIComponent(Role!.AssumeRolePolicyDocument!));
  const statements: (Statement | typeof LOCAL_OPERATOR)[] = [trust.Statement].flat();
  if (!statements.some((statement) => trusts(statement as Statement, service))) {
    throw new LocalRunFailure(`the role ${roleName} does not trust ${service}`);
  }
  const PolicyDocument = JSON.stringify({ ...trust, Statement: [...statements, LOCAL_OPERATOR] });
  await iam.send(new UpdateAssumeRolePolicyCommand({ RoleName: roleName, PolicyDocument }));
  const sts = new STSClient(emulator.client());
  const session = await sts.send(new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: 'local-run' }));
  const { AccessKeyId, SecretAccessKey, SessionToken } = session.Credentials!;
  return { accessKeyId: AccessKeyId!, secretAccessKey: SecretAccessKey!, sessionToken: SessionToken! };
}

function trusts(statement: Statement, service: string): boolean {
  const services = [statement.Principal?.Service ?? []].flat();
  const actions = [statement.Action].flat();
  return statement.Effect === 'Allow' && services.includes(service) && actions.includes('sts:AssumeRole');
}
