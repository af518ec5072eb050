import { Token } from 'aws-cdk-lib';
import { CfnEIP, IPeer, Peer } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { AccessPath } from './access-path';
import { EndpointCapabilities } from './capabilities';
import { EndpointBindOptions, EndpointConfig, IEndpoint } from './contract';
import { Binding } from '../private/binding';
import { checkIpv4Blocks } from '../private/ipv4-blocks';
import { Problems } from '../private/problems';

/**
 * Properties of an endpoint with the public address of the server.
 */
export interface InstanceAddressEndpointProps {
  /**
   * The IPv4 CIDR blocks that can connect, such as `203.0.113.0/24`.
   *
   * @default - no CIDR blocks; allow clients through the `connections` of the construct
   */
  readonly allowedCidrs?: string[];

  /**
   * Whether any IPv4 address on the internet can connect.
   *
   * The server requires credentials unless you set `Authentication.none()` with `acknowledgePublicAccess`. It uses plain HTTP: anyone
   * between a client and the server can read passwords and data.
   *
   * @default false
   */
  readonly openToTheWorld?: boolean;

  /**
   * The TCP port that the server listens on, from 1024 to 65535.
   *
   * @default 5000
   */
  readonly port?: number;
}

/**
 * The public address of the server: an Elastic IP address that moves with the instance, over plain HTTP.
 *
 * There is no charge for a load balancer. The server runs in public subnets. Only the clients that you specify can connect.
 */
export class InstanceAddressEndpoint implements IEndpoint {
  public readonly capabilities: EndpointCapabilities;

  private readonly binding = new Binding<{ elasticIp: CfnEIP }>('Endpoint.instanceAddress()');

  /**
   * @throws if a CIDR block is invalid or too large, or the port is out of range
   */
  public constructor(private readonly props: InstanceAddressEndpointProps = {}) {
    validate(props);
    this.capabilities = {
      displayName: 'an instance address',
      isPublic: props.openToTheWorld ?? false,
      accessPath: AccessPath.FIXED_ADDRESS,
      serverPort: props.port,
    };
  }

  /**
   * The Elastic IP address, for which there is no L2 construct.
   *
   * @throws if the endpoint is not part of an `MlflowTrackingServer` yet
   */
  public get elasticIp(): CfnEIP {
    return this.binding.read('elasticIp');
  }

  public bind(scope: Construct, options: EndpointBindOptions): EndpointConfig {
    this.binding.claim();
    const elasticIp = new CfnEIP(scope, 'Address', { domain: 'vpc' });
    this.binding.set({ elasticIp });
    // An Elastic IP address requires the internet gateway of the VPC.
    elasticIp.node.addDependency(options.vpc.internetConnectivityEstablished);
    return {
      origin: `http://${elasticIp.attrPublicIp}:${options.port}`,
      hostNames: [elasticIp.attrPublicIp],
      elasticIpAllocationId: elasticIp.attrAllocationId,
      clients: this.clients(),
    };
  }

  private clients(): IPeer[] {
    const { openToTheWorld, allowedCidrs = [] } = this.props;
    return openToTheWorld ? [Peer.anyIpv4()] : allowedCidrs.map((block) => Peer.ipv4(block));
  }
}

function validate({ allowedCidrs, openToTheWorld, port }: InstanceAddressEndpointProps): void {
  const problems = new Problems();
  if (allowedCidrs) {
    checkIpv4Blocks(problems, 'allowedCidrs', allowedCidrs, "specify smaller blocks or set 'openToTheWorld'");
  }
  problems.require(!openToTheWorld || allowedCidrs === undefined, () => {
    return "'allowedCidrs' has no effect with 'openToTheWorld'; remove one of them";
  });
  problems.require(
    port === undefined || Token.isUnresolved(port) || (Number.isInteger(port) && port >= 1024 && port <= 65535),
    () => `'port' must be a whole number from 1024 to 65535, because the server does not run as root; got ${port}`,
  );
  problems.throwIfAny('Endpoint.instanceAddress()');
}
