import { Duration } from 'aws-cdk-lib';

/**
 * Settings of an endpoint that is a Kubernetes cluster's own ingress.
 */
export interface KubernetesIngressEndpointProps {
  /**
   * The name that clients use, such as `mlflow.example.com`. It is made to point to the ingress controller elsewhere, by
   * hand or by a controller such as ExternalDNS. The server answers to no other, but for those inside of the cluster.
   */
  readonly domainName: string;

  /**
   * The class of the ingress controller, such as `nginx` or `alb`.
   *
   * @default - the cluster's default class
   */
  readonly ingressClassName?: string;

  /**
   * What the ingress controller is told, in its own words: for example that uploads may be large.
   *
   * @default - none
   */
  readonly annotations?: { readonly [name: string]: string };

  /**
   * The Secret of type `kubernetes.io/tls` with the certificate, in the namespace of the server.
   *
   * @default - the ingress controller has a certificate of its own
   */
  readonly tlsSecretName?: string;

  /**
   * Whether clients use plain HTTP. Whoever is between a client and the ingress controller can then read passwords and data.
   *
   * @default false
   */
  readonly plainHttp?: boolean;

  /**
   * Whether the ingress controller can be reached from the internet. The server then never runs without authentication.
   *
   * @default true
   */
  readonly isPublic?: boolean;

  /**
   * The namespace of the ingress controller's pods, such as `ingress-nginx`. They alone may then connect to the server.
   *
   * @default - the controller has no pods in between: a load balancer of the VPC connects, as with the class `alb`
   */
  readonly controllerNamespace?: string;

  /**
   * The time after which the ingress controller closes an idle connection to the server, from 1 to 4000 whole seconds. The
   * server keeps connections open for longer.
   *
   * @default Duration.seconds(4000)
   */
  readonly idleTimeout?: Duration;
}
