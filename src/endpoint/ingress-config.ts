/**
 * How the ingress controller of a Kubernetes cluster exposes the server.
 */
export interface IngressConfig {
  /**
   * The class of the ingress controller.
   *
   * @default - the default class of the cluster
   */
  readonly className?: string;

  /**
   * The annotations of the ingress, which configure the ingress controller.
   *
   * @default - no annotations
   */
  readonly annotations?: { readonly [name: string]: string };

  /**
   * The Secret that contains the certificate, in the namespace of the server.
   *
   * @default - the certificate of the ingress controller
   */
  readonly tlsSecretName?: string;

  /**
   * The namespace of the pods of the ingress controller, which connect to the server.
   *
   * @default - a load balancer in the VPC connects to the server
   */
  readonly controllerNamespace?: string;
}
