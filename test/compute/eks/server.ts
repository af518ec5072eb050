import { Duration } from 'aws-cdk-lib';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { ServerDefinition } from '../../../src';
import { PodSettings } from '../../../src/compute/eks/names';

const secret = (secretArn: string) => ({ secretArn }) as ISecret;

/** A server of few words. */
export const SERVER: ServerDefinition = {
  imageUri: 'registry.example.com/mlflow:1',
  program: 'print("bootstrap")',
  migrateArguments: ['migrate'],
  serveArguments: ['serve', '--app-name', 'basic-auth'],
  environment: { MLFLOW_PORT: '5000', PRICE: '$5 for $(HOME)' },
  secrets: {
    PGPASSWORD: { secret: secret('arn:database'), field: 'password' },
    WEBHOOK_KEY: { secret: secret('arn:webhook') },
  },
  port: 5000,
  healthCheckPath: '/p/health',
  stopTimeout: Duration.seconds(120),
  scratchPath: '/tmp',
  userId: 1000,
};

export const POD: PodSettings = {
  namespace: 'ml',
  server: SERVER,
  replicas: 2,
  vcpus: 0.25,
  memoryMiB: 1536,
  scratchMiB: 2048,
  nodeSelector: {},
  imagePullSecrets: [],
  podProgram: 'print("pod")',
};
