import { only, serverContainer, templateWith } from '../support/templates';

const template = templateWith();

test.each([
  ['MLFLOW_CRYPTO_KEK_PASSPHRASE', 'MlflowServerEncryptionPassphrase', 64],
  // 43 letters and digits and a `=` are a Fernet key of 32 bytes.
  ['MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY', 'MlflowServerWebhookKey', 43],
])('%s is generated once and survives the stack', (name, idPrefix, PasswordLength) => {
  const secret = only(template, 'AWS::SecretsManager::Secret', idPrefix);
  expect(secret.Properties.GenerateSecretString).toEqual({ PasswordLength, ExcludePunctuation: true });
  expect([secret.DeletionPolicy, secret.UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
  expect(serverContainer(template).Secrets).toContainEqual({ Name: name, ValueFrom: { Ref: secret.id } });
});
