import { Stack } from 'aws-cdk-lib';
import { CfnBucket, CfnBucketPolicy, IBucket } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import { warnAtSynthesis } from '../private/warn-at-synthesis';

/** The condition keys of a statement that denies requests without TLS, or with an old version of it. */
const OF_TLS = /"(aws:SecureTransport|s3:TlsVersion)"/i;

/** Warns of a bucket of the same app whose policy allows requests without TLS. The policy of an imported bucket is not known. */
export function warnWithoutTls(scope: Construct, bucket: IBucket): void {
  const resource = bucket.node.defaultChild;
  if (!resource || !CfnBucket.isCfnBucket(resource)) return;
  warnAtSynthesis(
    scope,
    'cdk-mlflow:bucketWithoutTls',
    `the policy of the bucket ${bucket.node.path} does not deny requests without TLS; set its 'enforceSSL' to true`,
    () => !policiesOf(bucket, resource).some((policy) => OF_TLS.test(JSON.stringify(policy))),
  );
}

/** Of each policy in the app, not only of the bucket's own construct: a policy can be a resource of its own. */
function policiesOf({ bucketName }: IBucket, resource: CfnBucket): unknown[] {
  return resource.node.root.node
    .findAll()
    .filter((child): child is CfnBucketPolicy => CfnBucketPolicy.isCfnBucketPolicy(child))
    .filter(({ bucket }) => bucket === bucketName || bucket === resource.ref)
    .map((policy) => Stack.of(policy).resolve(policy.policyDocument));
}
