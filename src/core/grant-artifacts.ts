import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IKey } from 'aws-cdk-lib/aws-kms';
import { ArtifactStoreConfig } from '../artifact-store/contract';

// Narrower than `bucket.grantReadWrite()`, which also grants tagging, legal holds, retention and every `Get*` action.
const BUCKET_ACTIONS = ['s3:ListBucket', 's3:GetBucketLocation', 's3:ListBucketMultipartUploads'];
const BUCKET_READ_ACTIONS = ['s3:ListBucket', 's3:GetBucketLocation'];
const OBJECT_READ_ACTIONS = ['s3:GetObject'];
const OBJECT_ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  's3:DeleteObject',
  's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts',
];

/** The location of the artifacts for which permissions are granted. */
export type Artifacts = Pick<ArtifactStoreConfig, 'bucket' | 'prefix' | 'encryptionKey'>;

/** Grants what MLflow needs to store artifacts under a prefix of a bucket, and no more. Nothing if there is no bucket. */
export function grantArtifacts(artifacts: Artifacts, grantee: IGrantable): Grant[] {
  return [
    ...grantActions(artifacts, grantee, BUCKET_ACTIONS, OBJECT_ACTIONS),
    ...keysOf(artifacts).map((key) => key.grantEncryptDecrypt(grantee)),
  ];
}

/** Grants what MLflow needs to read artifacts under a prefix of a bucket, and no more. */
export function grantArtifactsRead(artifacts: Artifacts, grantee: IGrantable): Grant[] {
  return [
    ...grantActions(artifacts, grantee, BUCKET_READ_ACTIONS, OBJECT_READ_ACTIONS),
    ...keysOf(artifacts).map((key) => key.grantDecrypt(grantee)),
  ];
}

function grantActions(
  { bucket, prefix }: Artifacts,
  grantee: IGrantable,
  bucketActions: string[],
  objectActions: string[],
): Grant[] {
  if (!bucket) return [];
  const objects = bucket.arnForObjects(prefix ? `${prefix}/*` : '*');
  return [
    Grant.addToPrincipal({ grantee, actions: bucketActions, resourceArns: [bucket.bucketArn] }),
    Grant.addToPrincipal({ grantee, actions: objectActions, resourceArns: [objects] }),
  ];
}

/** The key of the bucket and the key that artifacts are encrypted with: often none, or the same. */
function keysOf({ bucket, encryptionKey }: Artifacts): IKey[] {
  return [...new Set([bucket?.encryptionKey, encryptionKey])].filter((key): key is IKey => key !== undefined);
}
