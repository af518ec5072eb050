import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { Profile, ServerSecret } from '../server';

/**
 * What an authentication requires and provides, as data. The construct validates the props against it before it defines anything.
 */
export interface AuthenticationCapabilities {
  /**
   * Whether every request requires credentials.
   */
  readonly identifiesCallers: boolean;

  /**
   * Whether an endpoint that can be reached from the internet is accepted although it requires no credentials.
   *
   * @default false
   */
  readonly acknowledgesPublicAccess?: boolean;

  /**
   * The name in error messages, such as `single sign-on`.
   *
   * @default this authentication
   */
  readonly displayName?: string;

  /**
   * Whether clients must use HTTPS, such as for single sign-on, because identity providers redirect to HTTPS only.
   *
   * @default false
   */
  readonly needsHttps?: boolean;

  /**
   * The Python packages that the server needs in addition to MLflow with its `auth` extra, such as that of a single
   * sign-on plugin. The image, or the compute that installs MLflow itself, must name them.
   *
   * @default - no further packages
   */
  readonly pythonPackages?: string[];
}

/**
 * Options for binding an authentication.
 */
export interface AuthenticationBindOptions {
  /**
   * The profile of the deployment.
   */
  readonly profile: Profile;

  /**
   * Whether the endpoint can be reached from the internet.
   *
   * @default false
   */
  readonly isPublic?: boolean;

  /**
   * The scheme and host that clients use, such as `https://mlflow.example.com`, with the port unless it is the default
   * port of the scheme.
   *
   * @default - known only after the compute is defined
   */
  readonly origin?: string;
}

/**
 * A bound authentication.
 */
export interface AuthenticationConfig {
  /**
   * The name of MLflow's server application that checks credentials (`--app-name`).
   *
   * @default - MLflow's application without authentication
   */
  readonly appName?: string;

  /**
   * Environment variables of the server.
   *
   * @default - no environment variables
   */
  readonly environment?: { readonly [name: string]: string };

  /**
   * Environment variables of the server with secret values, by name.
   *
   * @default - no secrets
   */
  readonly secrets?: { readonly [name: string]: ServerSecret };

  /**
   * The secret with the fields `username` and `password` that clients sign in with.
   *
   * @default - clients need no such secret
   */
  readonly credentials?: ISecret;
}

/**
 * How the server authenticates users: create one with `Authentication`, or implement this interface for your own.
 */
export interface IAuthentication {
  /**
   * The capabilities of the authentication. They are read before anything is defined.
   */
  readonly capabilities: AuthenticationCapabilities;

  /**
   * Binds the authentication. Called once by the construct.
   *
   * @param scope The scope of the authentication.
   * @param options Options for binding.
   */
  bind(scope: Construct, options: AuthenticationBindOptions): AuthenticationConfig;
}
