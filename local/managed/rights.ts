import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import { DeployedResource, DeployedStack } from '../emulator/deployed-stack';
import { Emulator } from '../emulator/emulator';
import { LocalRunFailure } from '../failure';
import { ManagedServer } from './managed-server';

/** What roles may do, as the emulator evaluates the policies of the template. */
export class Rights {
  private readonly iam: IAMClient;
  private readonly known = new Map<string, Promise<boolean>>();

  constructor(emulator: Emulator) {
    this.iam = new IAMClient(emulator.client());
  }

  public may(roleArn: string, action: string, resourceArn: string): Promise<boolean> {
    const question = [roleArn, action, resourceArn].join(' ');
    const answer = this.known.get(question) ?? this.ask(roleArn, action, resourceArn);
    this.known.set(question, answer);
    return answer;
  }

  private async ask(roleArn: string, action: string, resourceArn: string): Promise<boolean> {
    const { EvaluationResults } = await this.iam.send(
      new SimulatePrincipalPolicyCommand({
        PolicySourceArn: roleArn,
        ActionNames: [action],
        ResourceArns: [resourceArn],
      }),
    );
    return EvaluationResults?.[0]?.EvalDecision === 'allowed';
  }
}

/** The roles of the template that use the server, found by what they may do. */
export interface ClientRoles {
  /** Logs runs. */
  readonly writer: string;
  /** Reads them, and may not write. */
  readonly reader?: string;
  /** May do nothing there. */
  readonly stranger: string;
}

export async function clientRolesOf(stack: DeployedStack, server: ManagedServer, rights: Rights): Promise<ClientRoles> {
  const may = (role: string, method: string, path: string) =>
    rights.may(role, server.actionOf(method, `/api/2.0/mlflow/${path}`)!, server.arn);
  const roles = stack.all('AWS::IAM::Role').map(({ attributes }: DeployedResource) => attributes.Arn as string);
  const judged = await Promise.all(
    roles.map(async (role) => ({
      role,
      writes: await may(role, 'POST', 'runs/create'),
      reads: await may(role, 'GET', 'runs/get'),
    })),
  );
  const writer = judged.find(({ writes, reads }) => writes && reads)?.role;
  if (!writer) throw new LocalRunFailure(`no role of the template may log runs to the ${server.kind}`);
  const stranger = judged.find(({ role, writes, reads }) => role === server.roleArn && !writes && !reads)?.role;
  if (!stranger) throw new LocalRunFailure(`the role of the ${server.kind} itself may call its API, which it need not`);
  return { writer, reader: judged.find(({ writes, reads }) => reads && !writes)?.role, stranger };
}
