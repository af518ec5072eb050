import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Artifacts, grantArtifacts, grantArtifactsRead } from './grant-artifacts';
import { ArtifactAccess } from '../artifact-store/artifact-access';
import { ArtifactStoreConfig } from '../artifact-store/contract';
import { ClientPermissions } from '../compute/client-permissions';

/** What decides who may use a server, and how. */
export interface Access {
  /** What the server is called in messages: the compute's name, mostly. */
  readonly displayName: string;
  /** The secret that clients sign in with, where the server checks credentials itself. */
  readonly credentials?: ISecret;
  /** What clients need, where AWS Identity and Access Management decides. */
  readonly permissions?: ClientPermissions;
  /** Where the artifacts are, and whether clients go there without the server. */
  readonly artifacts?: Artifacts & Pick<ArtifactStoreConfig, 'access'>;
}

/** Everything that a client needs to log runs. */
export function grantAccess(access: Access, grantee: IGrantable): Grant {
  const { permissions } = access;
  const grant = permissions
    ? grantOn(permissions, permissions.accessActions, grantee)
    : grantCredentials(access, grantee);
  return combine(grant, grantArtifacts(directArtifacts(access), grantee));
}

/** Everything that a client needs to read, where rights tell reading from writing. */
export function grantRead(access: Access, grantee: IGrantable): Grant {
  const { permissions, displayName } = access;
  if (!permissions) {
    throw new Error(
      `'grantRead' cannot be used with ${displayName}, where AWS Identity and Access Management does not decide who may write; ` +
        "use 'grantAccess', or give the client an MLflow user of its own that may only read",
    );
  }
  if (!permissions.readActions) {
    throw new Error(
      `'grantRead' cannot be used with ${displayName}, whose actions do not tell reading from writing; ` +
        "use 'grantAccess', or choose a compute whose actions do",
    );
  }
  const grant = grantOn(permissions, permissions.readActions, grantee);
  return combine(grant, grantArtifactsRead(directArtifacts(access), grantee));
}

/** What a person needs to open the UI. */
export function grantUi(access: Access, grantee: IGrantable): Grant {
  const { permissions } = access;
  if (!permissions) return grantCredentials(access, grantee);
  const grant = grantOn(permissions, permissions.uiActions ?? [], grantee);
  const actions = permissions.uiActionsOnAnyResource ?? [];
  return actions.length > 0 ? grant.combine(Grant.addToPrincipal({ grantee, actions, resourceArns: ['*'] })) : grant;
}

function grantOn({ resourceArns }: ClientPermissions, actions: string[], grantee: IGrantable): Grant {
  return actions.length > 0
    ? Grant.addToPrincipal({ grantee, actions, resourceArns })
    : Grant.drop(grantee, 'the server asks for no rights');
}

function grantCredentials({ credentials }: Access, grantee: IGrantable): Grant {
  return credentials ? credentials.grantRead(grantee) : Grant.drop(grantee, 'the server asks for no credentials');
}

/** The artifacts that clients need rights on: none where the server passes them on. */
function directArtifacts({ permissions, artifacts = {} }: Access): Artifacts {
  const direct = permissions?.directArtifacts || artifacts.access === ArtifactAccess.DIRECT;
  return direct ? artifacts : {};
}

function combine(grant: Grant, more: Grant[]): Grant {
  return more.reduce((sum, next) => sum.combine(next), grant);
}
