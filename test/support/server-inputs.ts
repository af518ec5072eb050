import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { ServerInputs } from '../../src/core/server-inputs';

/** A secret as plain data: it is passed on, never looked into. */
export function namedSecret(secretName: string): ISecret {
  return { secretName } as ISecret;
}

/** What a server is defined from: no stack, no tokens. */
export const SERVER_INPUTS: ServerInputs = {
  image: { imageUri: 'example.com/mlflow:1' },
  program: 'print(1)',
  port: 5000,
  workers: 3,
  region: 'eu-central-1',
  options: {},
  backendStore: { environment: { PGHOST: 'db.example.com' } },
  artifactStore: { artifactsUri: 's3://bucket/prefix' },
  endpoint: { origin: 'https://mlflow.example.com', hostNames: ['mlflow.example.com'] },
  authentication: {},
  secrets: { SHARED: { secret: namedSecret('shared') } },
};
