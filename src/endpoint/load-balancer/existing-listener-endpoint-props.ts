import { Duration } from 'aws-cdk-lib';
import { ListenerCondition } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LoadBalancerEndpointOptions } from './load-balancer-endpoint-options';

/**
 * Properties of an endpoint that adds a rule to an existing listener.
 */
export interface ExistingListenerEndpointProps extends LoadBalancerEndpointOptions {
  /**
   * The domain name that clients use, such as `mlflow.example.com`. The server accepts requests for no other name.
   */
  readonly domainName: string;

  /**
   * The priority of the rule, from 1 to 50000. Each rule of a listener must have a different priority.
   */
  readonly priority: number;

  /**
   * The conditions for the requests that are forwarded to the server.
   *
   * @default - requests for `domainName`
   */
  readonly conditions?: ListenerCondition[];

  /**
   * Whether the load balancer of the listener is internet-facing. The endpoint is then public: it requires authentication and HTTPS
   * unless you accept the opposite.
   *
   * Specify `false` for an imported listener of an internal load balancer.
   *
   * @default - the scheme of a load balancer of the same app; true for an imported listener
   */
  readonly internetFacing?: boolean;

  /**
   * Whether the listener uses plain HTTP. Anyone between a client and the load balancer can then read passwords and data.
   *
   * Specify `true` for an imported listener for HTTP, and to accept an HTTP listener of an internet-facing load balancer.
   *
   * @default - the protocol of a listener of the same app; false for an imported listener
   */
  readonly plainHttp?: boolean;

  /**
   * The TCP port of the listener.
   *
   * @default - the port of a listener of the same app; 443, or 80 with plain HTTP, for an imported listener
   */
  readonly port?: number;

  /**
   * Whether any IPv4 address on the internet can connect. Requires an internet-facing load balancer.
   *
   * @default false
   */
  readonly openToTheWorld?: boolean;

  /**
   * The idle timeout of the load balancer, from 1 to 4000 seconds. The server keeps connections open for longer.
   *
   * @default - the maximum, 4000 seconds
   */
  readonly idleTimeout?: Duration;
}
