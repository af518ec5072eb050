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
   * Imports a tracking server that is defined elsewhere.
   *
   * @param scope The parent construct.
   * @param id The id of the construct.
   * @param attrs The attributes of the server.
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
   * The identity of the server, to which you can grant more permissions.
   */
  public readonly grantPrincipal: IPrincipal;

  /**
   * The VPC of the server: a new one, or the one that you specified. Undefined with a managed compute, which does not run
   * in your VPC.
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
   * @throws if props are invalid or incompatible: one error with every problem, before anything is defined
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
   * Grants a client the permissions to log runs and to register models.
   *
   * If the server checks credentials, this is the permission to read the secret with the administrator's user name and
   * password. If IAM controls access, these are the data plane actions of the server and, if clients access artifacts
   * directly, permissions on the artifacts. Without authentication, there is nothing to grant.
   *
   * To allow the client on the network, use `connections`. If the client is in another stack, call
   * `allowToDefaultPort(server)` on the `connections` of the client.
   *
   * @param grantee The identity of the client.
   */
  public grantAccess(grantee: IGrantable): Grant {
    return grantAccess(this.access, grantee);
  }

  /**
   * Grants a client the permissions to read runs, models and artifacts.
   *
   * @param grantee The identity of the client.
   * @throws if the server has no separate read and write permissions
   */
  public grantRead(grantee: IGrantable): Grant {
    return grantRead(this.access, grantee);
  }

  /**
   * Grants a person the permissions to open the UI.
   *
   * If the server checks credentials, this is the permission to read the secret that contains them. If IAM controls access,
   * this is the permission to request the URL of the UI. What the person can read and do in the UI depends on `grantRead` and
   * `grantAccess`.
   *
   * @param grantee The identity of the person, such as the role that they assume.
   */
  public grantUi(grantee: IGrantable): Grant {
    return grantUi(this.access, grantee);
  }

  private defineOutputs({ clientPackages, connectCommand }: ComputeConfig): void {
    new CfnOutput(this, 'TrackingUri', { value: this.trackingUri, description: 'The address for MLflow clients' });
    if (connectCommand) {
      new CfnOutput(this, 'ConnectCommand', { value: connectCommand, description: 'Opens a tunnel to the server' });
    }
    if (clientPackages) {
      const packages = clientPackages.map((name) => `"${name}"`).join(' ');
      new CfnOutput(this, 'PipInstall', {
        value: `pip install ${packages}`,
        description: 'Installs the packages that MLflow clients need',
      });
      new CfnOutput(this, 'Region', { value: Stack.of(this).region, description: 'The Region for MLflow clients' });
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
