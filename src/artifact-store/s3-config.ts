import { Stack } from 'aws-cdk-lib';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { ArtifactAccess } from './artifact-access';
import { ArtifactStoreConfig } from './contract';
import { S3ArtifactStoreOptions } from './s3-artifact-store-options';

/** How the server uses a bucket, new or existing. */
interface BucketUse extends S3ArtifactStoreOptions {
  readonly encryptionKey?: IKey;
  readonly bucketOwner?: string;
}

export function renderConfig(scope: Construct, bucket: IBucket, use: BucketUse): ArtifactStoreConfig {
  const { prefix, encryptionKey, access = ArtifactAccess.PROXIED } = use;
  return {
    bucket,
    prefix,
    encryptionKey,
    access,
    artifactsUri: `s3://${bucket.bucketName}${prefix ? `/${prefix}` : ''}`,
    environment: renderEnvironment(scope, use),
  };
}

function renderEnvironment(scope: Construct, { bucketOwner, encryptionKey }: BucketUse): Record<string, string> {
  const extraArgs = { ServerSideEncryption: 'aws:kms', SSEKMSKeyId: encryptionKey?.keyArn };
  return {
    ...(bucketOwner ? { MLFLOW_S3_EXPECTED_BUCKET_OWNER: bucketOwner } : {}),
    ...(encryptionKey ? { MLFLOW_S3_UPLOAD_EXTRA_ARGS: Stack.of(scope).toJsonString(extraArgs) } : {}),
  };
}
