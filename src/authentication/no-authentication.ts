import { Annotations } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import {
  AuthenticationBindOptions,
  AuthenticationCapabilities,
  AuthenticationConfig,
  IAuthentication,
} from './contract';

/**
 * Settings of a server without authentication.
 */
export interface NoAuthenticationProps {
  /**
   * Accept an endpoint that can be reached from the internet: whoever is let in there may read, change and delete
   * everything, and have the server fetch and run what they name. The stack warns of it.
   *
   * @default false
   */
  readonly acknowledgePublicAccess?: boolean;
}

/**
 * No authentication: whoever reaches the endpoint may read, change and delete everything.
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
        'whoever on the internet is let in by the endpoint may read, change and delete every run and model, without credentials; use Authentication.basic() to ask for them',
      );
      return {};
    }
    Annotations.of(scope).addWarningV2(
      'cdk-mlflow:noAuthentication',
      'whoever reaches the endpoint may read, change and delete every run and model; use Authentication.basic() to ask for credentials',
    );
    return {};
  }
}
