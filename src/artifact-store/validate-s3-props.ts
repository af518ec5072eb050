import { Token } from 'aws-cdk-lib';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ExistingBucketArtifactStoreProps } from './existing-bucket-artifact-store-props';
import { S3ArtifactStoreOptions } from './s3-artifact-store-options';
import { S3ArtifactStoreProps } from './s3-artifact-store-props';
import { Problems } from '../private/problems';

export function validateS3Props(name: string, props: S3ArtifactStoreProps): void {
  const problems = new Problems();
  checkPrefix(problems, props);
  checkVersions(problems, props);
  problems.throwIfAny(name);
}

export function validateExistingBucketProps(name: string, props: ExistingBucketArtifactStoreProps): void {
  const { bucketOwner } = props;
  const problems = new Problems();
  checkPrefix(problems, props);
  problems.require(bucketOwner === undefined || Token.isUnresolved(bucketOwner) || /^\d{12}$/.test(bucketOwner), () => {
    return `'bucketOwner' must be an account ID of 12 digits; got '${bucketOwner}'`;
  });
  problems.throwIfAny(name);
}

function checkPrefix(problems: Problems, { prefix }: S3ArtifactStoreOptions): void {
  problems.require(prefix === undefined || /^[^/](.*[^/])?$/.test(prefix), () => {
    return `'prefix' must not be empty, and must not start or end with a slash; got '${prefix}'`;
  });
}

/** Addresses of artifacts are signed for the Region of the stack, which S3 refuses elsewhere. */
export function checkRegion(problems: Problems, { env: { region: found } }: IBucket, region: string): void {
  problems.require(!known(found) || !known(region) || found === region, () => {
    return `'bucket' must be in the region of the stack, because addresses of artifacts are signed for it; got a bucket in ${found} and a stack in ${region}, choose another bucket or deploy the server in ${found}`;
  });
}

function known(value: string | undefined): value is string {
  return value !== undefined && !Token.isUnresolved(value);
}

function checkVersions(
  problems: Problems,
  { versioned, noncurrentVersionExpiration: expiration }: S3ArtifactStoreProps,
) {
  if (!expiration) return;
  problems.require(versioned !== false, () => {
    return "'noncurrentVersionExpiration' has no effect with 'versioned' false; remove one of them";
  });
  if (expiration.isUnresolved()) return;
  const days = expiration.toDays({ integral: false });
  problems.require(Number.isInteger(days) && days >= 1, () => {
    return `'noncurrentVersionExpiration' must be a whole number of days, at least 1; got ${days} days`;
  });
}
