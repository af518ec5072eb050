import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Connections, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Grant, IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ComputeConfig } from './compute/contract';
import { IMlflowTrackingServer, MlflowTrackingServerAttributes } from './mlflow-tracking-server-interface';
import { MlflowTrackingServerProps } from './mlflow-tracking-server-props';
import { MonitoredTrackingServer } from './monitoring';
import { defineServer, healthCheckPath, serverPort } from './private/define-server';
import { Access, grantAccess, grantRead, grantUi } from './private/grant-access';
import { ImportedTrackingServer } from './private/imported-tracking-server';
import { defineVpc } from './private/network';
import { BoundParts, Parts } from './private/parts';
import { resolveParts } from './private/resolve-parts';
import { Measured } from './private/server-metrics';
import { serverProgram } from './private/server-program';
import { defineServerSecrets } from './private/server-secrets';
import { resolveTrackingUri } from './private/tracking-uri';
import { wire } from './private/wire';
import { resolveWorkers } from './private/workers';
import { ServerDefinition } from './server';

/**
 * An MLflow tracking server, with its database, its artifact store and its endpoint.
 */
export class MlflowTrackingServer extends MonitoredTrackingServer implements IMlflowTrackingServer, IGrantable {
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

  /** @internal */
  protected readonly _measured: Measured;

  private readonly access: Access;

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
    this._measured = { ...stores, ...access, compute };

    this.trackingUri = resolveTrackingUri(parts, access.endpoint, compute);
    this.connections = access.endpoint?.connections ?? compute.connections ?? new Connections();
    this.grantPrincipal = compute.grantee.grantPrincipal;
    this.access = {
      displayName: `${parts.compute.capabilities.displayName} compute`,
      credentials: access.authentication?.credentials,
      permissions: compute.clientPermissions,
      artifacts: stores.artifactStore,
    };
    this.defineOutputs(compute);
  }

  /**
   * Give a client what it needs to log runs and to register models, and no more.
   *
   * Where the server checks credentials, that is the right to read the secret with the administrator's user name and
   * password; without authentication there is nothing to grant. Where AWS Identity and Access Management decides, it is
   * the actions of the server's data plane and, where clients do without the server for artifacts, the rights on them.
   *
   * Whether the client reaches the server over the network is up to `connections`.
   *
   * @param grantee The client's identity.
   */
  public grantAccess(grantee: IGrantable): Grant {
    return grantAccess(this.access, grantee);
  }

  /**
   * Give a client what it needs to read runs, models and artifacts, and no more.
   *
   * @param grantee The client's identity.
   * @throws If the rights of this server do not tell reading from writing.
   */
  public grantRead(grantee: IGrantable): Grant {
    return grantRead(this.access, grantee);
  }

  /**
   * Give a person what it takes to open the UI.
   *
   * Where the server checks credentials, that is the right to read the secret with them. Where AWS Identity and Access
   * Management decides, it is the right to ask for the address of the UI; what the person may see and do there is
   * granted by `grantRead` and `grantAccess`.
   *
   * @param grantee The person's identity, such as the role that they take on.
   */
  public grantUi(grantee: IGrantable): Grant {
    return grantUi(this.access, grantee);
  }

  private defineNetwork(parts: Parts): IVpc | undefined {
    return parts.network && (parts.network.given ?? defineVpc(this, parts.profile, parts.network.publicServers));
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
        port: serverPort(endpoint),
        healthCheckPath: healthCheckPath(server?.options ?? {}),
      }),
      authentication: server?.authentication.bind(this.scopeOf('Authentication'), {
        profile,
        isPublic: endpoint?.capabilities.isPublic,
      }),
    };
  }

  private defineServer(
    { server, size, compute, endpoint }: Parts,
    bound: Omit<BoundParts, 'compute'>,
  ): ServerDefinition | undefined {
    if (!server) return undefined;
    const scope = this.scopeOf('Server');
    return defineServer({
      image: server.image?.bind(scope, {
        version: server.version,
        cpuArchitecture: compute.capabilities.cpuArchitecture,
      }),
      program: serverProgram(),
      port: serverPort(endpoint),
      workers: resolveWorkers(server.options, size),
      options: server.options,
      secrets: defineServerSecrets(scope),
      hostNames: compute.capabilities.hostNames,
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

  private defineOutputs({ clientPackages, connectCommand }: ComputeConfig): void {
    new CfnOutput(this, 'TrackingUri', { value: this.trackingUri, description: 'The address for MLflow clients' });
    if (connectCommand) {
      new CfnOutput(this, 'ConnectCommand', { value: connectCommand, description: 'Opens a way to the server' });
    }
    if (clientPackages) {
      const packages = clientPackages.map((name) => `"${name}"`).join(' ');
      new CfnOutput(this, 'PipInstall', { value: `pip install ${packages}`, description: 'What MLflow clients need' });
      new CfnOutput(this, 'Region', { value: Stack.of(this).region, description: 'The region for MLflow clients' });
    }
    if (this.access.credentials) {
      new CfnOutput(this, 'CredentialsSecret', {
        value: this.access.credentials.secretName,
        description: 'The secret with the user name and password of the MLflow administrator',
      });
    }
  }

  private scopeOf(part: string): Construct {
    return new Construct(this, part);
  }
}
