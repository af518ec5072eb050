import { Token } from 'aws-cdk-lib';
import { Connections, Port } from 'aws-cdk-lib/aws-ec2';
import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { Access, grantAccess, grantRead, grantUi } from './grant-access';
import { IMlflowTrackingServer, MlflowTrackingServerAttributes } from '../mlflow-tracking-server-interface';

/** A tracking server that is defined elsewhere. */
export class ImportedTrackingServer extends Construct implements IMlflowTrackingServer {
  public readonly trackingUri: string;
  public readonly connections: Connections;
  public readonly credentials?: ISecret;
  public readonly artifactBucket?: IBucket;
  private readonly access: Access;

  public constructor(scope: Construct, id: string, attrs: MlflowTrackingServerAttributes) {
    super(scope, id);
    this.trackingUri = attrs.trackingUri;
    this.connections = new Connections({
      securityGroups: attrs.securityGroups,
      defaultPort: Port.tcp(attrs.port ?? portOf(attrs.trackingUri)),
    });
    this.credentials = attrs.credentials;
    this.artifactBucket = attrs.artifactBucket;
    this.access = {
      displayName: 'an imported server',
      credentials: attrs.credentials,
      permissions: attrs.clientPermissions,
      artifacts: { bucket: attrs.artifactBucket, prefix: attrs.artifactPrefix },
    };
  }

  public grantAccess(grantee: IGrantable): Grant {
    return grantAccess(this.access, grantee);
  }

  public grantRead(grantee: IGrantable): Grant {
    return grantRead(this.access, grantee);
  }

  public grantUi(grantee: IGrantable): Grant {
    return grantUi(this.access, grantee);
  }
}

/** Tokens contain no colon and no slash, so a port before or after one is recognized. */
const ADDRESS = /^(?<scheme>https?):\/\/[^/:]*(:(?<port>[^/]+))?(\/|$)/i;

function portOf(trackingUri: string): number {
  const { scheme, port } = ADDRESS.exec(trackingUri)?.groups ?? {};
  if (port !== undefined) return Token.isUnresolved(port) ? Token.asNumber(port) : Number(port);
  return scheme?.toLowerCase() === 'https' ? 443 : 80;
}
