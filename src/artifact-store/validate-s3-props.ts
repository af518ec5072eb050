import { Token } from 'aws-cdk-lib';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { S3ArtifactStoreProps } from './s3-artifact-store-props';
import { Problems } from '../private/problems';

/** What only the owner of a bucket can set. */
const OF_THE_BUCKET: (keyof S3ArtifactStoreProps)[] = [
  'versioned',
  'olderVersionsRetention',
  'intelligentTiering',
  'lifecycleRules',
  'accessLogsBucket',
];

/** Throws one error with all that cannot be used or has no effect. */
export function validateS3Props(props: S3ArtifactStoreProps): void {
  const { bucket, prefix, bucketOwner, versioned, olderVersionsRetention } = props;
  const problems = new Problems();
  problems.require(prefix === undefined || /^[^/](.*[^/])?$/.test(prefix), () => {
    return `'prefix' must not be empty, nor begin or end with a slash; got '${prefix}'`;
  });
  problems.require(!known(bucketOwner) || /^\d{12}$/.test(bucketOwner), () => {
    return `'bucketOwner' must be the twelve digits of an account; got '${bucketOwner}'`;
  });
  for (const name of OF_THE_BUCKET) {
    problems.require(!bucket || props[name] === undefined, () => {
      return `'${name}' cannot be set with a given 'bucket', which is not changed; set it on that bucket, and remove '${name}'`;
    });
  }
  problems.require(!(versioned === false && olderVersionsRetention), () => {
    return "'olderVersionsRetention' has no effect with 'versioned' false; remove one of them";
  });
  if (olderVersionsRetention && !olderVersionsRetention.isUnresolved()) {
    const days = olderVersionsRetention.toDays({ integral: false });
    problems.require(Number.isInteger(days) && days >= 1, () => {
      return `'olderVersionsRetention' must be a whole number of days, at least 1; got ${days} days`;
    });
  }
  problems.throwIfAny('ArtifactStore.s3()');
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
