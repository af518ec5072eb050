import { Duration } from 'aws-cdk-lib';
import { ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { ISecurityGroup, SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { IBucket } from 'aws-cdk-lib/aws-s3';

/**
 * Options for an endpoint that uses an Application Load Balancer.
 */
export interface LoadBalancerEndpointOptions {
  /**
   * The IPv4 CIDR blocks that can connect, such as `10.1.0.0/16`.
   *
   * @default - the CIDR block of the VPC if the endpoint creates the listener, the load balancer is internal and
   * `allowedSecurityGroups` is not set; otherwise no CIDR blocks
   */
  readonly allowedCidrs?: string[];

  /**
   * The security groups that can connect. If the list is empty, allow clients through the `connections` of the construct.
   *
   * @default - no security groups
   */
  readonly allowedSecurityGroups?: ISecurityGroup[];
}

/**
 * Options for an endpoint that creates a listener, on a new or an existing load balancer.
 */
export interface LoadBalancerListenerOptions extends LoadBalancerEndpointOptions {
  /**
   * The domain name that clients use, such as `mlflow.example.com`. The server accepts requests for no other name.
   *
   * @default - the DNS name of the load balancer, over plain HTTP
   */
  readonly domainName?: string;

  /**
   * The hosted zone in which to create an alias record for `domainName`. Without `certificate`, a certificate is created and
   * validated in the zone, which must then be public.
   *
   * @default - no record; create one that points to the load balancer
   */
  readonly hostedZone?: IHostedZone;

  /**
   * The certificate for `domainName`, in the Region of the load balancer.
   *
   * @default - a new certificate that is validated in `hostedZone`; no certificate without that zone
   */
  readonly certificate?: ICertificate;

  /**
   * The security policy, which determines the TLS versions and ciphers.
   *
   * @default SslPolicy.RECOMMENDED_TLS
   */
  readonly sslPolicy?: SslPolicy;

  /**
   * Whether to use plain HTTP. Anyone between a client and the load balancer can then read passwords and data.
   *
   * @default - true for an internal load balancer with neither `certificate` nor `hostedZone`, false otherwise
   */
  readonly plainHttp?: boolean;

  /**
   * The TCP port that clients connect to.
   *
   * @default - 443, or 80 with plain HTTP
   */
  readonly port?: number;

  /**
   * Whether port 80 redirects browsers to HTTPS. MLflow clients use `trackingUri`, which is not redirected: many programs do not
   * repeat the body of a request after a redirect.
   *
   * @default - true with HTTPS
   */
  readonly httpRedirect?: boolean;
}

/**
 * Options for an endpoint that creates a load balancer.
 */
export interface NewLoadBalancerEndpointOptions extends LoadBalancerListenerOptions {
  /**
   * The time after which the load balancer closes an idle connection, from 1 to 4000 seconds. A connection is idle while a large
   * artifact is stored. The server keeps connections open for longer.
   *
   * @default Duration.seconds(300)
   */
  readonly idleTimeout?: Duration;

  /**
   * The subnets of the load balancer, of which one in each Availability Zone is used.
   *
   * @default - public subnets for a public load balancer; private or, if there are none, isolated subnets for an internal one
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * The bucket for access logs, which have the prefix `mlflow-load-balancer`. It must be in the same Region, and encrypted with
   * keys that Amazon S3 manages. Requires a stack with an explicit Region.
   *
   * @default - no access logs
   */
  readonly accessLogsBucket?: IBucket;

  /**
   * The ARN of a regional web ACL of AWS WAF that filters requests.
   *
   * @default - no web ACL
   */
  readonly webAclArn?: string;

  /**
   * Whether the load balancer is protected from deletion.
   *
   * A change to another kind of endpoint deletes the load balancer at the end of the deployment. Deploy `false` first: a protected
   * load balancer is kept, and continues to be charged.
   *
   * @default - false in the development profile, true in the production profile
   */
  readonly deletionProtection?: boolean;
}
