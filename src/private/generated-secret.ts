import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret, SecretStringGenerator } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

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
