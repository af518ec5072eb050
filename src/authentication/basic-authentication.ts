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
 * Settings of MLflow's own authentication.
 */
export interface BasicAuthenticationProps {
  /**
   * What users may do with an experiment or a model on which they were given no permission of their own.
   *
   * @default DefaultPermission.READ
   */
  readonly defaultPermission?: DefaultPermission;

  /**
   * For how long each worker remembers that credentials were right, in whole seconds.
   *
   * Checking a password costs about 0.1 s of CPU; without the cache, a few clients keep a server busy. A changed
   * password or permission takes up to this long to be noticed. `Duration.seconds(0)` checks every request.
   *
   * @default Duration.seconds(60)
   */
  readonly cacheTtl?: Duration;

  /**
   * The secret with the administrator's user name and password, as the JSON fields `username` and `password`. It is read
   * once, at the first start of the server, which creates that user; MLflow asks for 12 characters or more.
   *
   * A secret that is defined elsewhere is best referred to by its complete ARN.
   *
   * @default - a new one, with the user name `admin` and a generated password
   */
  readonly administrator?: ISecret;

  /**
   * The secret whose whole value signs the sessions of the UI. Where it changes, people sign in again.
   *
   * @default - a new one, with a generated value
   */
  readonly flaskKey?: ISecret;
}

/**
 * MLflow's own users and permissions, kept in the tracking database.
 *
 * An administrator is created at the first start, with a generated password unless one is given.
 */
export class BasicAuthentication implements IAuthentication {
  public readonly capabilities: AuthenticationCapabilities = { identifiesCallers: true };

  private readonly bound = new Binding<{ administrator: ISecret }>('Authentication.basic()');

  /**
   * @throws If `cacheTtl` is not a whole number of seconds.
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
   * The administrator's credentials: the fields `username` and `password`.
   *
   * The password is read once, at the first start of the server; change it in MLflow afterwards.
   *
   * @throws If the authentication is not bound yet.
   */
  public get administrator(): ISecret {
    return this.bound.read('administrator');
  }

  public bind(scope: Construct, _options: AuthenticationBindOptions): AuthenticationConfig {
    this.bound.claim();
    const administrator = this.props.administrator ?? generatedAdministrator(scope);
    const flaskKey = this.props.flaskKey ?? generatedFlaskKey(scope);
    this.bound.set({ administrator });
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

  /** The entries of MLflow's authentication file that differ from the packaged one. */
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
    // It is copied into terminals and notebooks; 32 letters and digits are strong enough without.
    excludePunctuation: true,
  });
}

function generatedFlaskKey(scope: Construct): ISecret {
  return generatedSecret(scope, 'FlaskKey', 'Signs the sessions of the MLflow UI', {
    passwordLength: 64,
    excludePunctuation: true,
  });
}
