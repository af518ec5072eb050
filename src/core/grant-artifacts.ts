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

/** Where the artifacts are, as far as rights are concerned. */
export type Artifacts = Pick<ArtifactStoreConfig, 'bucket' | 'prefix' | 'encryptionKey'>;

/** What MLflow needs to keep artifacts under a prefix of a bucket, and no more. Nothing where there is no bucket. */
export function grantArtifacts(artifacts: Artifacts, grantee: IGrantable): Grant[] {
  return [
    ...grantActions(artifacts, grantee, BUCKET_ACTIONS, OBJECT_ACTIONS),
    ...keysOf(artifacts).map((key) => key.grantEncryptDecrypt(grantee)),
  ];
}

/** What MLflow needs to fetch artifacts from under a prefix of a bucket, and no more. */
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

/** The bucket's own key and the one that artifacts are written with: mostly none, or one and the same. */
function keysOf({ bucket, encryptionKey }: Artifacts): IKey[] {
  return [...new Set([bucket?.encryptionKey, encryptionKey])].filter((key): key is IKey => key !== undefined);
}
