import { RemovalPolicy } from 'aws-cdk-lib';
import { Secret, SecretStringGenerator } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

/**
 * A secret that is generated once and retained: data that it has encrypted or signed cannot be used without it. It is only
 * deleted if the creation of the stack fails.
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
