import { Duration } from 'aws-cdk-lib';
import { Peer, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { EndpointBindOptions, EndpointCapabilities, EndpointConfig, IEndpoint } from './contract';
import { Bound } from '../private/bound';
import { profileDefaults } from '../private/profile-defaults';

/** Longer than the balancer's own 60 s: the server answers an upload only once it is stored. */
const IDLE_TIMEOUT = Duration.seconds(300);

/**
 * An Application Load Balancer in private subnets, over plain HTTP.
 *
 * Addresses of the VPC may connect; let others in through the construct's `connections`.
 */
export class InternalLoadBalancerEndpoint implements IEndpoint {
  public readonly capabilities: EndpointCapabilities = { displayName: 'an internal load balancer', isPublic: false };

  private readonly bound = new Bound<{ loadBalancer: ApplicationLoadBalancer }>('Endpoint.internalLoadBalancer()');

  /**
   * The load balancer.
   *
   * @throws If the endpoint is not bound yet.
   */
  public get loadBalancer(): ApplicationLoadBalancer {
    return this.bound.read('loadBalancer');
  }

  public bind(scope: Construct, options: EndpointBindOptions): EndpointConfig {
    this.bound.claim();
    const loadBalancer = new ApplicationLoadBalancer(scope, 'LoadBalancer', {
      vpc: options.vpc,
      vpcSubnets: { subnetType: SubnetType.PRIVATE_WITH_EGRESS },
      internetFacing: false,
      idleTimeout: IDLE_TIMEOUT,
      dropInvalidHeaderFields: true,
      deletionProtection: profileDefaults(options.profile).deletionProtection,
    });
    this.bound.set({ loadBalancer });

    const targetGroup = defineTargetGroup(scope, options);
    const listener = loadBalancer.addListener('Http', {
      port: 80,
      protocol: ApplicationProtocol.HTTP,
      open: false,
      defaultTargetGroups: [targetGroup],
    });
    listener.connections.allowDefaultPortFrom(Peer.ipv4(options.vpc.vpcCidrBlock), 'MLflow clients in the VPC');

    return {
      origin: `http://${loadBalancer.loadBalancerDnsName}`,
      hostNames: [loadBalancer.loadBalancerDnsName],
      connections: listener.connections,
      targetGroup,
      idleTimeout: IDLE_TIMEOUT,
    };
  }
}

function defineTargetGroup(scope: Construct, options: EndpointBindOptions): ApplicationTargetGroup {
  return new ApplicationTargetGroup(scope, 'Targets', {
    vpc: options.vpc,
    port: options.port,
    protocol: ApplicationProtocol.HTTP,
    // Stop-first updates wait for this long; the server itself then finishes what is still open.
    deregistrationDelay: Duration.seconds(30),
    healthCheck: {
      path: options.healthCheckPath,
      healthyHttpCodes: '200',
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 5,
    },
  });
}
