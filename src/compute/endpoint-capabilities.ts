import { Duration } from 'aws-cdk-lib';

/**
 * The endpoint that a compute itself provides.
 */
export interface ComputeEndpointCapabilities {
  /**
   * Whether the endpoint can be reached from the internet.
   */
  readonly isPublic: boolean;

  /**
   * Whether clients use HTTPS, so that no one in transit can read passwords and data.
   *
   * @default false
   */
  readonly usesHttps?: boolean;

  /**
   * The host names that clients use, without ports. The server rejects requests for any other name.
   *
   * A name that is known only after the compute is defined can be a pattern such as `*.eu-central-1.example.com`, which
   * is as wide as it looks: each client name that it matches is accepted.
   */
  readonly hostNames: string[];

  /**
   * The scheme and host of the UI, such as `https://mlflow.example.com`. The server rejects changes that pages of any
   * other origin request. If it is a pattern, pages of each origin that it matches are allowed to request changes with
   * the credentials that the browser has cached; add a domain name of your own where that matters.
   *
   * @default - the first of `hostNames`, with the scheme
   */
  readonly origin?: string;

  /**
   * The TCP port that the server must listen on.
   *
   * @default 5000
   */
  readonly serverPort?: number;

  /**
   * The time after which the endpoint closes an idle connection to the server. The server keeps connections open for
   * longer.
   *
   * @default - unknown
   */
  readonly idleTimeout?: Duration;
}
