import { Duration, Token } from 'aws-cdk-lib';
import { ISecret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';
import {
  AuthenticationBindOptions,
  AuthenticationCapabilities,
  AuthenticationConfig,
  IAuthentication,
} from './contract';
import { DefaultPermission } from './default-permission';
import { Binding } from '../private/binding';
import { generatedSecret } from '../private/generated-secret';
import { Problems } from '../private/problems';

/**
 * Properties of MLflow's basic auth.
 */
export interface BasicAuthenticationProps {
  /**
   * The permission of users on experiments and models for which they have no permission of their own.
   *
   * @default DefaultPermission.READ
   */
  readonly defaultPermission?: DefaultPermission;

  /**
   * How long each worker caches valid credentials, in seconds.
   *
   * Verifying a password takes about 0.1 seconds of CPU time. Without the cache, a few clients keep a server busy. Changed
   * passwords and permissions can take this long to take effect. `Duration.seconds(0)` disables the cache.
   *
   * @default Duration.seconds(60)
   */
  readonly cacheTtl?: Duration;

  /**
   * The secret with the user name and password of the administrator, as the JSON fields `username` and `password`. MLflow
   * requires a password of at least 12 characters.
   *
   * The server reads the secret only when it first starts, and creates this user. Import a secret that is defined elsewhere
   * by its complete ARN.
   *
   * @default - a new secret, with the user name `admin` and a generated password
   */
  readonly administrator?: ISecret;

  /**
   * The secret whose complete value signs the sessions of the UI. If it changes, users must sign in again.
   *
   * @default - a new secret, with a generated value
   */
  readonly flaskKey?: ISecret;
}

/**
 * MLflow's basic auth, with users and permissions in the database of the server.
 *
 * The server creates the administrator when it first starts, with a generated password unless you set `administrator`.
 */
export class BasicAuthentication implements IAuthentication {
  public readonly capabilities: AuthenticationCapabilities = { identifiesCallers: true };

  private readonly binding = new Binding<{ administrator: ISecret }>('Authentication.basic()');

  /**
   * @throws if `cacheTtl` is invalid
   */
  public constructor(private readonly props: BasicAuthenticationProps = {}) {
    const { cacheTtl } = props;
    if (!cacheTtl || cacheTtl.isUnresolved()) return;
    const milliseconds = cacheTtl.toMilliseconds();
    new Problems()
      .require(milliseconds % 1000 === 0, () => {
        return `'cacheTtl' must be a whole number of seconds; got ${milliseconds} milliseconds`;
      })
      .throwIfAny('Authentication.basic()');
  }

  /**
   * The secret with the fields `username` and `password` of the administrator.
   *
   * The server reads the password only when it first starts. Change it in MLflow afterwards.
   *
   * @throws if the authentication is not part of an `MlflowTrackingServer` yet
   */
  public get administrator(): ISecret {
    return this.binding.read('administrator');
  }

  public bind(scope: Construct, _options: AuthenticationBindOptions): AuthenticationConfig {
    this.binding.claim();
    const administrator = this.props.administrator ?? generatedAdministrator(scope);
    const flaskKey = this.props.flaskKey ?? generatedFlaskKey(scope);
    this.binding.set({ administrator });
    return {
      appName: 'basic-auth',
      environment: { CDK_MLFLOW_AUTH_CONFIG: this.renderConfig() },
      secrets: {
        MLFLOW_AUTH_ADMIN_USERNAME: { secret: administrator, field: 'username' },
        MLFLOW_AUTH_ADMIN_PASSWORD: { secret: administrator, field: 'password' },
        MLFLOW_FLASK_SERVER_SECRET_KEY: { secret: flaskKey },
      },
      credentials: administrator,
    };
  }

  /** The entries of MLflow's auth configuration file that differ from the packaged one. */
  private renderConfig(): string {
    const seconds = (this.props.cacheTtl ?? Duration.seconds(60)).toSeconds();
    return JSON.stringify({
      default_permission: this.props.defaultPermission ?? DefaultPermission.READ,
      auth_cache_ttl_seconds: Token.isUnresolved(seconds) ? Token.asString(seconds) : `${seconds}`,
    });
  }
}

function generatedAdministrator(scope: Construct): ISecret {
  return generatedSecret(scope, 'Administrator', 'The administrator of the MLflow server', {
    secretStringTemplate: JSON.stringify({ username: 'admin' }),
    generateStringKey: 'password',
    passwordLength: 32,
    // It is copied into terminals and notebooks. 32 letters and digits are strong enough without punctuation.
    excludePunctuation: true,
  });
}

function generatedFlaskKey(scope: Construct): ISecret {
  return generatedSecret(scope, 'FlaskKey', 'Signs the sessions of the MLflow UI', {
    passwordLength: 64,
    excludePunctuation: true,
  });
}
