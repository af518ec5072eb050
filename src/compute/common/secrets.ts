import { IGrantable } from 'aws-cdk-lib/aws-iam';
import { ServerDefinition } from '../../server';

/** Lets whoever fetches the server's secrets by itself read each of them, and no others. */
export function grantSecrets({ secrets }: ServerDefinition, grantee: IGrantable): void {
  for (const secret of new Set(Object.values(secrets).map((each) => each.secret))) secret.grantRead(grantee);
}
