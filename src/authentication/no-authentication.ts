import { Annotations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  AuthenticationBindOptions,
  AuthenticationCapabilities,
  AuthenticationConfig,
  IAuthentication,
} from './contract';

/**
 * Properties of a server without authentication.
 */
export interface NoAuthenticationProps {
  /**
   * Whether to accept an endpoint that can be reached from the internet. All clients that the endpoint allows can then read,
   * change and delete everything, and can make the server download and run code. Adds a warning to the stack.
   *
   * @default false
   */
  readonly acknowledgePublicAccess?: boolean;
}

/**
 * No authentication: anyone who can connect to the endpoint can read, change and delete everything.
 */
export class NoAuthentication implements IAuthentication {
  public readonly capabilities: AuthenticationCapabilities;

  public constructor(props: NoAuthenticationProps = {}) {
    this.capabilities = { identifiesCallers: false, acknowledgesPublicAccess: props.acknowledgePublicAccess };
  }

  public bind(scope: Construct, options: AuthenticationBindOptions): AuthenticationConfig {
    if (options.isPublic) {
      Annotations.of(scope).addWarningV2(
        'cdk-mlflow:noAuthenticationInPublic',
        'anyone on the internet whom the endpoint allows can read, change and delete every run and model without credentials; use Authentication.basic() to require them',
      );
      return {};
    }
    Annotations.of(scope).addWarningV2(
      'cdk-mlflow:noAuthentication',
      'anyone who can connect to the endpoint can read, change and delete every run and model; use Authentication.basic() to require credentials',
    );
    return {};
  }
}
