import { CfnOutput, Stack } from 'aws-cdk-lib';
import { Connections, IVpc } from 'aws-cdk-lib/aws-ec2';
import { Grant, IGrantable, IPrincipal } from 'aws-cdk-lib/aws-iam';
import { IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ComputeConfig } from './compute/contract';
import { bindParts } from './core/bind';
import { Access, grantAccess, grantRead, grantUi } from './core/grant-access';
import { handlesOf } from './core/handles';
import { ImportedTrackingServer } from './core/imported-tracking-server';
import { resolveProps } from './core/resolve-props';
import { Bindings } from './core/resolved-props';
import { warnWithoutClients } from './core/warn-without-clients';
import { trackingUriOf, wire } from './core/wire';
import { IMlflowTrackingServer, MlflowTrackingServerAttributes } from './mlflow-tracking-server-interface';
import { MlflowTrackingServerProps } from './mlflow-tracking-server-props';
import { MeasuredParts } from './monitoring/metric-sources';
import { MonitoredTrackingServer } from './monitoring/monitored-tracking-server';

/** Not the class: the server may come from another copy of this package. */
const TRACKING_SERVER = Symbol.for('cdk-mlflow.MlflowTrackingServer');

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
   * Returns whether the construct is an MlflowTrackingServer.
   *
   * @param x Any object.
   */
  public static isMlflowTrackingServer(x: any): x is MlflowTrackingServer {
    return x !== null && typeof x === 'object' && TRACKING_SERVER in x;
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

  /**
   * The VPC of the server: a new one, or the one that you specified. Undefined with a managed compute, which does not run
   * in a VPC of yours.
   */
  public readonly vpc?: IVpc;

  /**
   * The bucket of the artifacts. Undefined if the artifact store is not an Amazon S3 bucket.
   */
  public readonly artifactBucket?: IBucket;

  /**
   * The database instance of the backend store. To connect to it, call `allowToDefaultPort(server.databaseInstance)` on the
   * `connections` of the client. Undefined with a managed compute, and if the backend store is not an Amazon RDS instance.
   */
  public readonly databaseInstance?: IDatabaseInstance;

  /**
   * The secret with the fields `username`, `password`, `host` and `port` of the database's administrator. Undefined if the
   * backend store has no such secret.
   */
  public readonly databaseCredentials?: ISecret;

  /**
   * The secret with the fields `username` and `password` that clients sign in with. Undefined if they need no such secret.
   */
  public readonly credentials?: ISecret;

  /** @internal */
  protected readonly _measured: MeasuredParts;

  private readonly access: Access;

  /**
   * @throws If props contradict each other or the compute, with every problem, before anything is defined.
   */
  public constructor(scope: Construct, id: string, props: MlflowTrackingServerProps = {}) {
    super(scope, id);
    Object.defineProperty(this, TRACKING_SERVER, { value: true });
    const bindings = bindParts(this, resolveProps(props, Stack.of(this).region));
    wire(this, bindings);
    this._measured = bindings;

    this.trackingUri = trackingUriOf(bindings);
    this.connections = connectionsOf(bindings);
    warnWithoutClients(this, bindings);
    this.grantPrincipal = bindings.compute.grantee.grantPrincipal;
    this.access = accessOf(bindings);

    const handles = handlesOf(bindings);
    this.vpc = handles.vpc;
    this.artifactBucket = handles.artifactBucket;
    this.databaseInstance = handles.databaseInstance;
    this.databaseCredentials = handles.databaseCredentials;
    this.credentials = handles.credentials;
    this.defineOutputs(bindings.compute);
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
}

/** The connections of the endpoint, or of the servers where clients connect to them directly. */
function connectionsOf(bindings: Bindings): Connections {
  const ofEndpoint = bindings.managed ? undefined : bindings.endpoint.connections;
  return ofEndpoint ?? bindings.compute.connections ?? new Connections();
}

function accessOf(bindings: Bindings): Access {
  return {
    displayName: `${bindings.props.compute.capabilities.displayName} compute`,
    credentials: bindings.managed ? undefined : bindings.authentication.credentials,
    permissions: bindings.compute.clientPermissions,
    artifacts: bindings.artifactStore,
  };
}
