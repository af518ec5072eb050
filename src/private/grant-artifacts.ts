import { Grant, IGrantable } from 'aws-cdk-lib/aws-iam';
import { IBucket } from 'aws-cdk-lib/aws-s3';

// Narrower than `bucket.grantReadWrite()`, which also grants tagging, legal holds, retention and every `Get*` action.
const BUCKET_ACTIONS = ['s3:ListBucket', 's3:GetBucketLocation', 's3:ListBucketMultipartUploads'];
const OBJECT_ACTIONS = [
  's3:GetObject',
  's3:PutObject',
  's3:DeleteObject',
  's3:AbortMultipartUpload',
  's3:ListMultipartUploadParts',
];

/** What MLflow needs to keep artifacts under a prefix of a bucket, and no more. */
export function grantArtifacts(bucket: IBucket, prefix: string | undefined, grantee: IGrantable): void {
  Grant.addToPrincipal({ grantee, actions: BUCKET_ACTIONS, resourceArns: [bucket.bucketArn] });
  Grant.addToPrincipal({
    grantee,
    actions: OBJECT_ACTIONS,
    resourceArns: [bucket.arnForObjects(prefix ? `${prefix}/*` : '*')],
  });
  bucket.encryptionKey?.grantEncryptDecrypt(grantee);
}
