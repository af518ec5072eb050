import { Duration } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import {
  IApplicationListener,
  IApplicationLoadBalancer,
  ListenerCondition,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { IBucket } from 'aws-cdk-lib/aws-s3';

/**
 * Settings that internal and public load balancers share.
 */
export interface LoadBalancerEndpointOptions {
  /**
   * The name that clients use, such as `mlflow.example.com`. The server then answers to no other.
   *
   * @default - the load balancer's own DNS name, over plain HTTP
   */
  readonly domainName?: string;

  /**
   * The hosted zone in which `domainName` becomes an alias of the load balancer. Without a certificate, one is defined and
   * validated in the zone, which must then be a public one.
   *
   * @default - the name is made to point to the load balancer elsewhere
   */
  readonly hostedZone?: IHostedZone;

  /**
   * The certificate for `domainName`, in the load balancer's region.
   *
   * @default - one that is defined and validated in `hostedZone`; without that zone, there is none
   */
  readonly certificate?: ICertificate;

  /**
   * Which versions of TLS and which ciphers clients may use.
   *
   * @default SslPolicy.RECOMMENDED_TLS
   */
  readonly sslPolicy?: SslPolicy;

  /**
   * Serve plain HTTP. Whoever is between a client and the load balancer can then read passwords and data.
   *
   * For a given `listener` that does not tell its protocol, this says that it is HTTP.
   *
   * @default - true for an internal load balancer with neither `certificate` nor `hostedZone`, false otherwise
   */
  readonly plainHttp?: boolean;

  /**
   * The TCP port that clients connect to.
   *
   * @default - 443, or 80 with plain HTTP; the port of a given `listener`, where that is known
   */
  readonly port?: number;

  /**
   * Whether port 80 sends browsers to HTTPS. MLflow clients get their address from `trackingUri`, which is not redirected:
   * many programs do not repeat what they send when they are.
   *
   * @default - true with HTTPS
   */
  readonly httpRedirect?: boolean;

  /**
   * The blocks of IPv4 addresses that may connect, such as `10.1.0.0/16`.
   *
   * @default - the VPC's own with an internal load balancer, unless `allowedSecurityGroups` is set; none otherwise
   */
  readonly allowedCidrs?: string[];

  /**
   * The security groups whose members may connect. With an empty list, nobody may until they are let in through the
   * construct's `connections`.
   *
   * @default - none
   */
  readonly allowedSecurityGroups?: ISecurityGroup[];

  /**
   * The time after which an idle connection is closed, from 1 to 4000 whole seconds. While a large artifact is stored, its
   * connection is idle. The server keeps connections open for longer.
   *
   * For a given load balancer or listener, this tells the time that is set there.
   *
   * @default Duration.seconds(300), or the longest that a given load balancer can have
   */
  readonly idleTimeout?: Duration;

  /**
   * The subnets of the load balancer, one of each availability zone.
   *
   * @default - public subnets for a public load balancer; private ones, or else isolated ones, for an internal one
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The bucket that access logs are written to, under the prefix `mlflow-load-balancer`. It must be in the same region, and
   * encrypted with keys of Amazon S3. The stack must know its region.
   *
   * @default - no access logs
   */
  readonly accessLogsBucket?: IBucket;

  /**
   * The ARN of a regional web ACL of AWS WAF that the load balancer asks about every request.
   *
   * @default - none
   */
  readonly webAclArn?: string;

  /**
   * Whether the load balancer is protected from deletion.
   *
   * A change between an internal and a public endpoint, or to a given load balancer, deletes the load balancer at its end.
   * Deploy `false` first: a protected one stays, and costs as much as before.
   *
   * @default - false in the development profile, true in the production profile
   */
  readonly deletionProtection?: boolean;

  /**
   * A load balancer that exists already. It gets a listener for the server.
   *
   * Its own settings stay as they are. The server neither needs nor believes the header `X-Forwarded-For`, which a new load
   * balancer removes. If the ARN is known only at deployment, import another load balancer under another construct ID:
   * the target group cannot move between two.
   *
   * @default - a new load balancer
   */
  readonly loadBalancer?: IApplicationLoadBalancer;

  /**
   * A listener that exists already. It gets a rule with `priority` for the server. It keeps its certificates, its default
   * action, and its redirects. What `loadBalancer` says of an ARN and of `X-Forwarded-For` holds here, too.
   *
   * @default - a new listener
   */
  readonly listener?: IApplicationListener;

  /**
   * The priority of the server's rule on a given listener, from 1 to 50000. Each rule of a listener needs its own.
   *
   * @default - none, without a given listener
   */
  readonly priority?: number;

  /**
   * Which requests to a given listener are for the server.
   *
   * @default - those for `domainName`
   */
  readonly conditions?: ListenerCondition[];
}
