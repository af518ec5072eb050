import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import {
  BlockPublicAccess,
  Bucket,
  BucketEncryption,
  IBucket,
  LifecycleRule,
  ObjectOwnership,
  StorageClass,
} from 'aws-cdk-lib/aws-s3';
import { S3_SERVER_ACCESS_LOGS_USE_BUCKET_POLICY } from 'aws-cdk-lib/cx-api';
import { Construct } from 'constructs';
import { ArtifactAccess } from './artifact-access';
import { ArtifactStoreBindOptions, ArtifactStoreCapabilities, ArtifactStoreConfig, IArtifactStore } from './contract';
import { S3ArtifactStoreProps } from './s3-artifact-store-props';
import { checkRegion, validateS3Props } from './validate-s3-props';
import { Binding } from '../private/binding';
import { Problems } from '../private/problems';
import { Profile } from '../server';
import { profileDefaults } from '../server/profile-defaults';

const INCOMPLETE_UPLOADS = Duration.days(7);
const OLDER_VERSIONS = Duration.days(90);

/**
 * Artifacts in an Amazon S3 bucket.
 */
export class S3ArtifactStore implements IArtifactStore {
  public readonly capabilities?: ArtifactStoreCapabilities;

  private readonly bound = new Binding<{ bucket: IBucket }>('ArtifactStore.s3()');

  /**
   * @throws If a value cannot be used, or contradicts a given bucket, with every such value.
   */
  public constructor(private readonly props: S3ArtifactStoreProps = {}) {
    validateS3Props(props);
    const { access, bucket } = props;
    this.capabilities = {
      displayName: 'ArtifactStore.s3()',
      isBucket: true,
      access,
      validation: bucket && {
        validate: ({ region }) => Problems.in((problems) => checkRegion(problems, bucket, region)),
      },
    };
  }

  /**
   * The bucket that holds the artifacts.
   *
   * @throws If the store is not bound yet.
   */
  public get bucket(): IBucket {
    return this.bound.read('bucket');
  }

  public bind(scope: Construct, options: ArtifactStoreBindOptions): ArtifactStoreConfig {
    this.bound.claim();
    const { prefix, encryptionKey } = this.props;
    const bucket = this.props.bucket ?? this.defineBucket(scope, options);
    this.bound.set({ bucket });
    return {
      bucket,
      prefix,
      encryptionKey,
      access: this.props.access ?? ArtifactAccess.PROXIED,
      artifactsUri: `s3://${bucket.bucketName}${prefix ? `/${prefix}` : ''}`,
      environment: this.renderEnvironment(scope),
    };
  }

  private renderEnvironment(scope: Construct): Record<string, string> {
    const { bucket, bucketOwner, encryptionKey } = this.props;
    const owner = bucketOwner ?? (bucket ? undefined : Stack.of(scope).account);
    const extraArgs = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: encryptionKey?.keyArn };
    return {
      ...(owner ? { MLFLOW_S3_EXPECTED_BUCKET_OWNER: owner } : {}),
      ...(encryptionKey ? { MLFLOW_S3_UPLOAD_EXTRA_ARGS: Stack.of(scope).toJsonString(extraArgs) } : {}),
    };
  }

  private defineBucket(scope: Construct, { profile }: ArtifactStoreBindOptions): Bucket {
    const { encryptionKey } = this.props;
    const accessLogsBucket = this.props.accessLogsBucket ?? defineAccessLogsBucket(scope, profile);
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
    const { olderVersionsRetention = OLDER_VERSIONS, intelligentTiering, lifecycleRules = [] } = this.props;
    return [
      { id: 'IncompleteUploads', abortIncompleteMultipartUploadAfter: INCOMPLETE_UPLOADS },
      ...(versioned ? [{ id: 'OlderVersions', noncurrentVersionExpiration: olderVersionsRetention }] : []),
      ...(intelligentTiering ? [{ id: 'IntelligentTiering', transitions: [TIERING] }] : []),
      ...lifecycleRules,
    ];
  }
}

const TIERING = { storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(0) };

/** The bucket for access logs, where the profile has them. */
function defineAccessLogsBucket(scope: Construct, profile: Profile): Bucket | undefined {
  const { artifactAccessLogs, logRetentionDays } = profileDefaults(profile);
  if (!artifactAccessLogs) return undefined;
  // Without it, the L2 lets S3 in by an access control list, which the bucket does not take.
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
