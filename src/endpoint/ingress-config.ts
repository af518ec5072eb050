/**
 * How a Kubernetes cluster's own ingress controller makes the server reachable.
 */
export interface IngressConfig {
  /**
   * The class of the ingress controller.
   *
   * @default - the cluster's default class
   */
  readonly className?: string;

  /**
   * What the ingress controller is told of this server, in its own words.
   *
   * @default - none
   */
  readonly annotations?: { readonly [name: string]: string };

  /**
   * The Secret with the certificate, in the namespace of the server.
   *
   * @default - the ingress controller has a certificate of its own
   */
  readonly tlsSecretName?: string;

  /**
   * The namespace of the ingress controller's pods, which connect to the server.
   *
   * @default - a load balancer of the VPC connects
   */
  readonly controllerNamespace?: string;
}
