import { Construct } from 'constructs';
import { generatedSecret } from '../private/generated-secret';
import { ServerSecret } from '../server';

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
