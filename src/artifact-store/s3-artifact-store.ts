import { RemovalPolicy, Stack } from 'aws-cdk-lib';
import { BlockPublicAccess, Bucket, BucketEncryption, IBucket, ObjectOwnership } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ArtifactStoreBindOptions, ArtifactStoreConfig, IArtifactStore } from './contract';
import { Bound } from '../private/bound';
import { Problems } from '../private/problems';

/**
 * Settings of an artifact store in Amazon S3.
 */
export interface S3ArtifactStoreProps {
  /**
   * A bucket that exists already. It must refuse requests without TLS by itself.
   *
   * @default - a private, encrypted bucket that refuses requests without TLS and stays when the stack is deleted
   */
  readonly bucket?: IBucket;

  /**
   * The prefix of all keys, without slashes at its ends.
   *
   * @default - the whole bucket
   */
  readonly prefix?: string;
}

/**
 * Artifacts in an Amazon S3 bucket. Clients send and fetch them through the server and need no rights on the bucket.
 */
export class S3ArtifactStore implements IArtifactStore {
  private readonly bound = new Bound<{ bucket: IBucket }>('ArtifactStore.s3()');

  /**
   * @throws If the prefix is empty, or begins or ends with a slash.
   */
  public constructor(private readonly props: S3ArtifactStoreProps = {}) {
    new Problems()
      .require(props.prefix === undefined || /^[^/](.*[^/])?$/.test(props.prefix), () => {
        return `'prefix' must not be empty, nor begin or end with a slash; got '${props.prefix}'`;
      })
      .throwIfAny('ArtifactStore.s3()');
  }

  /**
   * The bucket that holds the artifacts.
   *
   * @throws If the store is not bound yet.
   */
  public get bucket(): IBucket {
    return this.bound.read('bucket');
  }

  public bind(scope: Construct, _options: ArtifactStoreBindOptions): ArtifactStoreConfig {
    this.bound.claim();
    const { prefix } = this.props;
    const bucket = this.props.bucket ?? defineBucket(scope);
    this.bound.set({ bucket });
    return {
      bucket,
      prefix,
      artifactsUri: `s3://${bucket.bucketName}${prefix ? `/${prefix}` : ''}`,
      // A bucket of that name in a stranger's account is never written to. A given bucket may be in another account.
      environment: this.props.bucket ? {} : { MLFLOW_S3_EXPECTED_BUCKET_OWNER: Stack.of(scope).account },
    };
  }
}

function defineBucket(scope: Construct): Bucket {
  return new Bucket(scope, 'Bucket', {
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    encryption: BucketEncryption.S3_MANAGED,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    objectOwnership: ObjectOwnership.BUCKET_OWNER_ENFORCED,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}
