import { Duration } from 'aws-cdk-lib';

/**
 * Properties of an endpoint with an ingress of a Kubernetes cluster.
 */
export interface KubernetesIngressEndpointProps {
  /**
   * The domain name that clients use, such as `mlflow.example.com`. Point it to the ingress controller yourself, or with a controller
   * such as ExternalDNS. Apart from clients inside the cluster, the server accepts requests for no other name.
   */
  readonly domainName: string;

  /**
   * The class of the ingress controller, such as `nginx` or `alb`.
   *
   * @default - the default class of the cluster
   */
  readonly ingressClassName?: string;

  /**
   * The annotations of the ingress, which configure the ingress controller, such as the maximum size of an upload.
   *
   * @default - no annotations
   */
  readonly annotations?: { readonly [name: string]: string };

  /**
   * The Secret of type `kubernetes.io/tls` that contains the certificate, in the namespace of the server.
   *
   * @default - the certificate of the ingress controller
   */
  readonly tlsSecretName?: string;

  /**
   * Whether clients use plain HTTP. Anyone between a client and the ingress controller can then read passwords and data.
   *
   * @default false
   */
  readonly plainHttp?: boolean;

  /**
   * Whether the ingress controller can be reached from the internet. The endpoint is then public and requires authentication.
   *
   * @default true
   */
  readonly internetFacing?: boolean;

  /**
   * The namespace of the pods of the ingress controller, such as `ingress-nginx`. Only they can then connect to the server.
   *
   * @default - a load balancer in the VPC connects to the server, as with the class `alb`
   */
  readonly controllerNamespace?: string;

  /**
   * The time after which the ingress controller closes an idle connection to the server, from 1 to 4000 seconds. The server keeps
   * connections open for longer.
   *
   * @default Duration.seconds(4000)
   */
  readonly idleTimeout?: Duration;
}
