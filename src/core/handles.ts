import { IVpc } from 'aws-cdk-lib/aws-ec2';
import { IDatabaseInstance } from 'aws-cdk-lib/aws-rds';
import { IBucket } from 'aws-cdk-lib/aws-s3';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Bindings } from './resolved-props';

/** The resources of a server that its users refer to. A part that has no such resource leaves it undefined. */
export interface Handles {
  readonly vpc?: IVpc;
  readonly artifactBucket?: IBucket;
  readonly databaseInstance?: IDatabaseInstance;
  readonly databaseCredentials?: ISecret;
  readonly credentials?: ISecret;
}

export function handlesOf(bindings: Bindings): Handles {
  const { bucket: artifactBucket } = bindings.artifactStore;
  if (bindings.managed) return { artifactBucket };
  const { vpc, backendStore, authentication } = bindings;
  const { databaseInstance, databaseCredentials } = backendStore;
  return { vpc, artifactBucket, databaseInstance, databaseCredentials, credentials: authentication.credentials };
}
