import { BasicAuthentication, BasicAuthenticationProps } from './basic-authentication';
import { NoAuthentication } from './no-authentication';

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
   * Refused on an endpoint that is reachable from the internet.
   */
  public static none(): NoAuthentication {
    return new NoAuthentication();
  }

  private constructor() {}
}
