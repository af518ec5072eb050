import { Annotations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  AuthenticationBindOptions,
  AuthenticationCapabilities,
  AuthenticationConfig,
  IAuthentication,
} from './contract';

/**
 * No authentication: whoever reaches the endpoint may read, change and delete everything.
 */
export class NoAuthentication implements IAuthentication {
  public readonly capabilities: AuthenticationCapabilities = { identifiesCallers: false };

  public bind(scope: Construct, _options: AuthenticationBindOptions): AuthenticationConfig {
    Annotations.of(scope).addWarningV2(
      'cdk-mlflow:noAuthentication',
      'whoever reaches the endpoint may read, change and delete every run and model; use Authentication.basic() to ask for credentials',
    );
    return {};
  }
}
