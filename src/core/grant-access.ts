import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Artifacts, grantArtifacts, grantArtifactsRead } from './grant-artifacts';
import { ArtifactAccess } from '../artifact-store/artifact-access';
import { ArtifactStoreConfig } from '../artifact-store/contract';
import { ClientPermissions } from '../compute/client-permissions';

/** How access to a server is controlled. */
export interface Access {
  /** The name in error messages, such as that of the compute. */
  readonly displayName: string;
  /** The secret that clients sign in with, if the server checks credentials. */
  readonly credentials?: ISecret;
  /** The permissions of clients, if IAM controls access to the server. */
  readonly permissions?: ClientPermissions;
  /** The location of the artifacts, and whether clients access it directly. */
  readonly artifacts?: Artifacts & Pick<ArtifactStoreConfig, 'access'>;
}

/** Grants everything that a client needs to log runs. */
export function grantAccess(access: Access, grantee: IGrantable): Grant {
  const { permissions } = access;
  const grant = permissions
    ? grantOn(permissions, permissions.accessActions, grantee)
    : grantCredentials(access, grantee);
  return combine(grant, grantArtifacts(directArtifacts(access), grantee));
}

/** Grants everything that a client needs to read, if there are separate read permissions. */
export function grantRead(access: Access, grantee: IGrantable): Grant {
  const { permissions, displayName } = access;
  if (!permissions) {
    throw new Error(
      `'grantRead' cannot be used with ${displayName}, because IAM does not control access to MLflow there; ` +
        "use 'grantAccess', or create an MLflow user with read-only permissions for the client",
    );
  }
  if (!permissions.readActions) {
    throw new Error(
      `'grantRead' cannot be used with ${displayName}, which has no separate read and write permissions; ` +
        "use 'grantAccess', or choose a compute that has them",
    );
  }
  const grant = grantOn(permissions, permissions.readActions, grantee);
  return combine(grant, grantArtifactsRead(directArtifacts(access), grantee));
}

/** Grants what a person needs to open the UI. */
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
    : Grant.drop(grantee, 'the server requires no permissions');
}

function grantCredentials({ credentials }: Access, grantee: IGrantable): Grant {
  return credentials ? credentials.grantRead(grantee) : Grant.drop(grantee, 'the server requires no credentials');
}

/** The artifacts on which clients need permissions: none if clients access them through the server. */
function directArtifacts({ permissions, artifacts = {} }: Access): Artifacts {
  const direct = permissions?.directArtifacts || artifacts.access === ArtifactAccess.DIRECT;
  return direct ? artifacts : {};
}

function combine(grant: Grant, more: Grant[]): Grant {
  return more.reduce((sum, next) => sum.combine(next), grant);
}
