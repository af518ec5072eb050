import { CfnOutput } from 'aws-cdk-lib';
import { Connections, IVpc, Port } from 'aws-cdk-lib/aws-ec2';
import { Grant, IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { IMlflowTrackingServer, MlflowTrackingServerAttributes } from './mlflow-tracking-server-interface';
import { MlflowTrackingServerProps } from './mlflow-tracking-server-props';
import { defineServer, healthCheckPath, SERVER_PORT } from './private/define-server';
import { defineVpc } from './private/network';
import { BoundParts, Parts } from './private/parts';
import { resolveParts } from './private/resolve-parts';
import { serverProgram } from './private/server-program';
import { defineServerSecrets } from './private/server-secrets';
import { wire } from './private/wire';
import { resolveWorkers } from './private/workers';
import { ServerDefinition } from './server';

/**
 * An MLflow tracking server, with its database, its artifact store and its endpoint.
 */
export class MlflowTrackingServer extends Construct implements IMlflowTrackingServer, IGrantable {
  /**
   * Refer to a tracking server that was defined elsewhere.
   *
   * @param scope The scope to refer from.
   * @param id The id in the scope.
   * @param attrs What is known of the server.
   */
  public static fromMlflowTrackingServerAttributes(
    scope: Construct,
    id: string,
    attrs: MlflowTrackingServerAttributes,
  ): IMlflowTrackingServer {
    return new ImportedTrackingServer(scope, id, attrs);
  }

  /**
   * The address for MLflow clients: the value of `MLFLOW_TRACKING_URI`.
   */
  public readonly trackingUri: string;

  /**
   * The network connections of the endpoint. Its default port is the one that clients connect to.
   */
  public readonly connections: Connections;

  /**
   * The identity that the server runs as.
   */
  public readonly grantPrincipal: IPrincipal;

  private readonly credentials?: ISecret;

  /**
   * @throws If props contradict each other or the compute, with every problem, before anything is defined.
   */
  public constructor(scope: Construct, id: string, props: MlflowTrackingServerProps = {}) {
    super(scope, id);
    const parts = resolveParts(props);
    const vpc = this.defineNetwork(parts);
    const stores = this.bindStores(parts, vpc);
    const access = this.bindAccess(parts, vpc);
    const server = this.defineServer(parts, { ...stores, ...access });
    const compute = this.bindCompute(parts, { ...stores, ...access }, vpc, server);
    wire(this, parts, { ...stores, ...access, compute });

    this.trackingUri = compute.trackingUri ?? `${access.endpoint!.origin}${props.server?.staticPrefix ?? ''}`;
    this.connections = access.endpoint?.connections ?? compute.connections ?? new Connections();
    this.grantPrincipal = compute.grantee.grantPrincipal;
    this.credentials = access.authentication?.credentials;
    this.defineOutputs();
  }

  /**
   * Give a client what it needs to sign in: the right to read the secret with the administrator's user name and
   * password. Without authentication there is nothing to grant.
   *
   * Whether the client reaches the server over the network is up to `connections`.
   *
   * @param grantee The client's identity.
   */
  public grantAccess(grantee: IGrantable): Grant {
    return grantCredentials(this.credentials, grantee);
  }

  private defineNetwork(parts: Parts): IVpc | undefined {
    return parts.network && (parts.network.given ?? defineVpc(this, parts.profile));
  }

  private bindStores({ profile, artifactStore, backendStore }: Parts, vpc?: IVpc) {
    return {
      artifactStore: artifactStore.bind(this.scopeOf('ArtifactStore'), { profile }),
      backendStore: backendStore?.bind(this.scopeOf('BackendStore'), { profile, vpc: vpc! }),
    };
  }

  private bindAccess({ profile, endpoint, server }: Parts, vpc?: IVpc) {
    return {
      endpoint: endpoint?.bind(this.scopeOf('Endpoint'), {
        profile,
        vpc: vpc!,
        port: SERVER_PORT,
        healthCheckPath: healthCheckPath(server?.options ?? {}),
      }),
      authentication: server?.authentication.bind(this.scopeOf('Authentication'), { profile }),
    };
  }

  private defineServer({ server, size }: Parts, bound: Omit<BoundParts, 'compute'>): ServerDefinition | undefined {
    if (!server) return undefined;
    const scope = this.scopeOf('Server');
    return defineServer({
      imageUri: server.image.bind(scope, { version: server.version }).imageUri,
      program: serverProgram(),
      workers: resolveWorkers(server.options, size),
      options: server.options,
      secrets: defineServerSecrets(scope),
      artifactStore: bound.artifactStore,
      backendStore: bound.backendStore!,
      endpoint: bound.endpoint!,
      authentication: bound.authentication!,
    });
  }

  private bindCompute(parts: Parts, bound: Omit<BoundParts, 'compute'>, vpc?: IVpc, server?: ServerDefinition) {
    const { artifactStore, endpoint } = bound;
    const { profile, size } = parts;
    return parts.compute.bind(this.scopeOf('Compute'), { profile, size, artifactStore, vpc, endpoint, server });
  }

  private defineOutputs(): void {
    new CfnOutput(this, 'TrackingUri', { value: this.trackingUri, description: 'The address for MLflow clients' });
    if (this.credentials) {
      new CfnOutput(this, 'CredentialsSecret', {
        value: this.credentials.secretName,
        description: 'The secret with the user name and password of the MLflow administrator',
      });
    }
  }

  private scopeOf(part: string): Construct {
    return new Construct(this, part);
  }
}

class ImportedTrackingServer extends Construct implements IMlflowTrackingServer {
  public readonly trackingUri: string;
  public readonly connections: Connections;

  public constructor(
    scope: Construct,
    id: string,
    private readonly attrs: MlflowTrackingServerAttributes,
  ) {
    super(scope, id);
    this.trackingUri = attrs.trackingUri;
    this.connections = new Connections({
      securityGroups: attrs.securityGroups,
      defaultPort: Port.tcp(attrs.port ?? 80),
    });
  }

  public grantAccess(grantee: IGrantable): Grant {
    return grantCredentials(this.attrs.credentials, grantee);
  }
}

function grantCredentials(credentials: ISecret | undefined, grantee: IGrantable): Grant {
  return credentials ? credentials.grantRead(grantee) : Grant.drop(grantee, 'the server asks for no credentials');
}
