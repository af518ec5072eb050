import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  LifecycleRule,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { ArtifactStoreBindOptions, ArtifactStoreCapabilities, ArtifactStoreConfig, IArtifactStore } from './contract';
import { S3ArtifactStoreProps } from './s3-artifact-store-props';
import { renderConfig } from './s3-config';
import { validateS3Props } from './validate-s3-props';
import { Binding } from '../private/binding';
import { Profile } from '../server';
import { profileDefaults } from '../server/profile-defaults';

const NAME = 'ArtifactStore.s3()';
const INCOMPLETE_UPLOADS = Duration.days(7);
const NONCURRENT_VERSIONS = Duration.days(90);
const TIERING = { storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(0) };

/**
 * An artifact store in a new Amazon S3 bucket.
 *
 * The bucket is private and encrypted, denies requests without TLS, and is retained when the stack is deleted.
 */
export class S3ArtifactStore implements IArtifactStore {
  public readonly capabilities?: ArtifactStoreCapabilities;

  private readonly binding = new Binding<{ bucket: Bucket }>(NAME);

  /**
   * @throws if a value is invalid, or values are incompatible
   */
  public constructor(private readonly props: S3ArtifactStoreProps = {}) {
    validateS3Props(NAME, props);
    this.capabilities = { displayName: NAME, isBucket: true, access: props.access };
  }

  /**
   * The bucket that contains the artifacts.
   *
   * @throws if the store is not part of an `MlflowTrackingServer` yet
   */
  public get bucket(): Bucket {
    return this.binding.read('bucket');
  }

  public bind(scope: Construct, options: ArtifactStoreBindOptions): ArtifactStoreConfig {
    this.binding.claim();
    const bucket = this.defineBucket(scope, options);
    this.binding.set({ bucket });
    return renderConfig(scope, bucket, { ...this.props, bucketOwner: Stack.of(scope).account });
  }

  private defineBucket(scope: Construct, { profile }: ArtifactStoreBindOptions): Bucket {
    const { encryptionKey } = this.props;
    const accessLogsBucket = this.props.serverAccessLogsBucket ?? defineAccessLogsBucket(scope, profile);
    const versioned = this.props.versioned ?? profileDefaults(profile).versionedBucket;
    return new Bucket(scope, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: encryptionKey ? BucketEncryption.KMS : BucketEncryption.S3_MANAGED,
      encryptionKey,
      bucketKeyEnabled: encryptionKey ? true : undefined,
      enforceSSL: true,
      minimumTLSVersion: 1.2,
      objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
      versioned,
      lifecycleRules: this.lifecycleRules(versioned),
      serverAccessLogsBucket: accessLogsBucket,
      serverAccessLogsPrefix: accessLogsBucket && 'mlflow-artifacts/',
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  private lifecycleRules(versioned: boolean): LifecycleRule[] {
    const { noncurrentVersionExpiration = NONCURRENT_VERSIONS, intelligentTiering, lifecycleRules = [] } = this.props;
    return [
      { id: 'IncompleteUploads', abortIncompleteMultipartUploadAfter: INCOMPLETE_UPLOADS },
      ...(versioned ? [{ id: 'OlderVersions', noncurrentVersionExpiration }] : []),
      ...(intelligentTiering ? [{ id: 'IntelligentTiering', transitions: [TIERING] }] : []),
      ...lifecycleRules,
    ];
  }
}

/** The bucket for access logs, if the profile has them. */
function defineAccessLogsBucket(scope: Construct, profile: Profile): Bucket | undefined {
  const { artifactAccessLogs, logRetentionDays } = profileDefaults(profile);
  if (!artifactAccessLogs) return undefined;
  // Otherwise the L2 allows S3 to write through an access control list, which the bucket does not accept.
  scope.node.setContext(S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY, true);
  return new Bucket(scope, 'AccessLogs', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    lifecycleRules: [{ id: 'Expiration', expiration: Duration.days(logRetentionDays) }],
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}
