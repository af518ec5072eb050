import { InstanceAddressEndpoint, InstanceAddressEndpointProps } from './instance-address-endpoint';
import { KubernetesIngressEndpoint } from './kubernetes-ingress-endpoint';
import { KubernetesIngressEndpointProps } from './kubernetes-ingress-endpoint-props';
import { InternalLoadBalancerEndpoint } from './load-balancer/internal-load-balancer-endpoint';
import { InternalLoadBalancerEndpointProps } from './load-balancer/internal-load-balancer-endpoint-props';
import { PublicLoadBalancerEndpoint } from './load-balancer/public-load-balancer-endpoint';
import { PublicLoadBalancerEndpointProps } from './load-balancer/public-load-balancer-endpoint-props';
import { PortForwardingEndpoint } from './port-forwarding-endpoint';

/**
 * How people and programs reach the server.
 */
export class Endpoint {
  /**
   * An Application Load Balancer that is reachable from inside the VPC, and from networks that are joined to it.
   */
  public static internalLoadBalancer(props: InternalLoadBalancerEndpointProps = {}): InternalLoadBalancerEndpoint {
    return new InternalLoadBalancerEndpoint(props);
  }

  /**
   * An Application Load Balancer that is reachable from the internet, over HTTPS, by those who are let in.
   */
  public static publicLoadBalancer(props: PublicLoadBalancerEndpointProps): PublicLoadBalancerEndpoint {
    return new PublicLoadBalancerEndpoint(props);
  }

  /**
   * The server's own public address: an Elastic IP that follows the instance. For one server on Amazon EC2.
   */
  public static instanceAddress(props: InstanceAddressEndpointProps = {}): InstanceAddressEndpoint {
    return new InstanceAddressEndpoint(props);
  }

  /**
   * No listener at all: people reach the server through AWS Systems Manager Session Manager.
   */
  public static portForwarding(): PortForwardingEndpoint {
    return new PortForwardingEndpoint();
  }

  /**
   * The ingress of the Kubernetes cluster that the server runs in, for clusters that have an ingress controller.
   */
  public static kubernetesIngress(props: KubernetesIngressEndpointProps): KubernetesIngressEndpoint {
    return new KubernetesIngressEndpoint(props);
  }

  private constructor() {}
}
