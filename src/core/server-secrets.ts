import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret, SecretStringGenerator } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { ServerSecret } from '../server';

/**
 * A secret that is generated once and stays: what it has encrypted or signed is worthless without it.
 * Only where the stack's own creation fails is it deleted again.
 */
export function generatedSecret(
  scope: Construct,
  id: string,
  description: string,
  generateSecretString: SecretStringGenerator,
): Secret {
  return new Secret(scope, id, {
    description,
    generateSecretString,
    removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
  });
}

/** The secrets that every server needs, with or without authentication. */
export function defineServerSecrets(scope: Construct): Record<string, ServerSecret> {
  return {
    MLFLOW_CRYPTO_KEK_PASSPHRASE: {
      secret: generatedSecret(scope, 'EncryptionPassphrase', 'Encrypts the credentials that MLflow stores', {
        passwordLength: 64,
        excludePunctuation: true,
      }),
    },
    MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY: {
      // 43 letters and digits and the `=` that the server's program adds are a Fernet key.
      secret: generatedSecret(scope, 'WebhookKey', 'Encrypts the secrets of MLflow webhooks', {
        passwordLength: 43,
        excludePunctuation: true,
      }),
    },
  };
}
