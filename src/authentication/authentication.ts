import { BasicAuthentication, BasicAuthenticationProps } from './basic-authentication';
import { NoAuthentication, NoAuthenticationProps } from './no-authentication';

/**
 * How the server authenticates users.
 */
export class Authentication {
  /**
   * Returns MLflow's basic auth: users and permissions in MLflow, with user names and passwords over HTTP.
   */
  public static basic(props: BasicAuthenticationProps = {}): BasicAuthentication {
    return new BasicAuthentication(props);
  }

  /**
   * Returns no authentication: anyone who can connect to the endpoint can read, change and delete everything.
   *
   * You cannot combine it with an endpoint that can be reached from the internet, unless you set `acknowledgePublicAccess`.
   */
  public static none(props: NoAuthenticationProps = {}): NoAuthentication {
    return new NoAuthentication(props);
  }

  private constructor() {}
}
