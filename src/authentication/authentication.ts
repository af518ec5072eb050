import { BasicAuthentication, BasicAuthenticationProps } from './basic-authentication';
import { NoAuthentication, NoAuthenticationProps } from './no-authentication';

/**
 * Who may use the server.
 */
export class Authentication {
  /**
   * MLflow's own users and permissions, with user names and passwords over HTTP basic authentication.
   */
  public static basic(props: BasicAuthenticationProps = {}): BasicAuthentication {
    return new BasicAuthentication(props);
  }

  /**
   * No authentication: whoever reaches the endpoint may read, change and delete everything.
   *
   * Refused on an endpoint that is reachable from the internet, unless `acknowledgePublicAccess` accepts it.
   */
  public static none(props: NoAuthenticationProps = {}): NoAuthentication {
    return new NoAuthentication(props);
  }

  private constructor() {}
}
