import { IApplicationListener, IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { InstanceAddressEndpoint, InstanceAddressEndpointProps } from './instance-address-endpoint';
import { KubernetesIngressEndpoint } from './kubernetes-ingress-endpoint';
import { KubernetesIngressEndpointProps } from './kubernetes-ingress-endpoint-props';
import { ExistingListenerEndpoint } from './load-balancer/existing-listener-endpoint';
import { ExistingListenerEndpointProps } from './load-balancer/existing-listener-endpoint-props';
import { ExistingLoadBalancerEndpoint } from './load-balancer/existing-load-balancer-endpoint';
import { ExistingLoadBalancerEndpointProps } from './load-balancer/existing-load-balancer-endpoint-props';
import {
  InternalLoadBalancerEndpoint,
  InternalLoadBalancerEndpointProps,
} from './load-balancer/internal-load-balancer-endpoint';
import {
  PublicLoadBalancerEndpoint,
  PublicLoadBalancerEndpointProps,
} from './load-balancer/public-load-balancer-endpoint';
import { PortForwardingEndpoint } from './port-forwarding-endpoint';

/**
 * How clients reach the server.
 */
export class Endpoint {
  /**
   * Returns an endpoint with a new internal Application Load Balancer, for clients in the VPC and in networks that are connected to it.
   */
  public static internalLoadBalancer(props: InternalLoadBalancerEndpointProps = {}): InternalLoadBalancerEndpoint {
    return new InternalLoadBalancerEndpoint(props);
  }

  /**
   * Returns an endpoint with a new internet-facing Application Load Balancer, for the clients that you specify.
   */
  public static publicLoadBalancer(props: PublicLoadBalancerEndpointProps): PublicLoadBalancerEndpoint {
    return new PublicLoadBalancerEndpoint(props);
  }

  /**
   * Returns an endpoint that adds a listener to an existing Application Load Balancer.
   *
   * @param loadBalancer The load balancer, whose settings are not changed. An imported one is treated as internet-facing unless you set
   * `internetFacing` to false.
   */
  public static onLoadBalancer(
    loadBalancer: IApplicationLoadBalancer,
    props: ExistingLoadBalancerEndpointProps = {},
  ): ExistingLoadBalancerEndpoint {
    return new ExistingLoadBalancerEndpoint(loadBalancer, props);
  }

  /**
   * Returns an endpoint that adds a rule to an existing listener of an Application Load Balancer.
   *
   * @param listener The listener, whose settings are not changed. An imported one is treated as internet-facing and as HTTPS unless
   * you set `internetFacing` to false or `plainHttp` to true.
   */
  public static onListener(
    listener: IApplicationListener,
    props: ExistingListenerEndpointProps,
  ): ExistingListenerEndpoint {
    return new ExistingListenerEndpoint(listener, props);
  }

  /**
   * Returns an endpoint with the public address of the server: an Elastic IP address that moves with the instance. Requires a single
   * server on Amazon EC2.
   */
  public static instanceAddress(props: InstanceAddressEndpointProps = {}): InstanceAddressEndpoint {
    return new InstanceAddressEndpoint(props);
  }

  /**
   * Returns an endpoint without a listener: clients reach the server through AWS Systems Manager Session Manager.
   */
  public static portForwarding(): PortForwardingEndpoint {
    return new PortForwardingEndpoint();
  }

  /**
   * Returns an endpoint with an ingress of the Kubernetes cluster that the server runs in, which must have an ingress controller.
   */
  public static kubernetesIngress(props: KubernetesIngressEndpointProps): KubernetesIngressEndpoint {
    return new KubernetesIngressEndpoint(props);
  }

  private constructor() {}
}
