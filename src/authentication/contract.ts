import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import { Profile, ServerSecret } from '../server';

/**
 * What an authentication offers, as data. It is judged before anything is defined.
 */
export interface AuthenticationCapabilities {
  /**
   * Whether every request needs credentials.
   */
  readonly identifiesCallers: boolean;

  /**
   * Whether the user accepts that an endpoint that can be reached from the internet asks nobody for credentials.
   *
   * @default false
   */
  readonly acknowledgesPublicAccess?: boolean;

  /**
   * The name in error messages, such as `single sign-on`.
   *
   * @default - the messages have no name for it
   */
  readonly displayName?: string;

  /**
   * Whether clients must use HTTPS, as for single sign-on, whose identity providers redirect to HTTPS only.
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
 * What an authentication is bound with.
 */
export interface AuthenticationBindOptions {
  /**
   * The profile that gives the defaults.
   */
  readonly profile: Profile;

  /**
   * Whether the endpoint can be reached from the internet.
   *
   * @default false
   */
  readonly isPublic?: boolean;

  /**
   * The scheme and host by which clients reach the server, such as `https://mlflow.example.com`, with the port unless it
   * is the scheme's own.
   *
   * @default - known only after the compute is defined
   */
  readonly origin?: string;
}

/**
 * How the server authenticates callers.
 */
export interface AuthenticationConfig {
  /**
   * The name of MLflow's server application that checks credentials (`--app-name`).
   *
   * @default - MLflow's application without authentication
   */
  readonly appName?: string;

  /**
   * Environment variables for the server.
   *
   * @default - none
   */
  readonly environment?: { readonly [name: string]: string };

  /**
   * Environment variables with secret values for the server, by name.
   *
   * @default - none
   */
  readonly secrets?: { readonly [name: string]: ServerSecret };

  /**
   * The secret with the fields `username` and `password` that a client signs in with.
   *
   * @default - clients need no such secret
   */
  readonly credentials?: ISecret;
}

/**
 * Who may use the server.
 *
 * Choose one with `Authentication`, or implement this interface for an authentication of your own.
 */
export interface IAuthentication {
  /**
   * What the authentication offers. Read before anything is defined.
   */
  readonly capabilities: AuthenticationCapabilities;

  /**
   * Define the authentication. Called once, by the construct.
   *
   * @param scope The scope that belongs to the authentication alone.
   * @param options What the authentication is bound with.
   */
  bind(scope: Construct, options: AuthenticationBindOptions): AuthenticationConfig;
}
