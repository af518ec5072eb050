import { Token } from 'aws-cdk-lib';
import { CfnEIP, IPeer, Peer } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { AccessPath } from './access-path';
import { EndpointCapabilities } from './capabilities';
import { EndpointBindOptions, EndpointConfig, IEndpoint } from './contract';
import { Binding } from '../private/binding';
import { requireIpv4Blocks } from '../private/ipv4-blocks';
import { Problems } from '../private/problems';

/**
 * Settings of an endpoint that is the server's own address.
 */
export interface InstanceAddressEndpointProps {
  /**
   * The blocks of IPv4 addresses that may connect, such as `203.0.113.0/24`.
   *
   * @default - none; admit clients with the construct's `connections`, or a warning says that nobody can connect
   */
  readonly allowedCidrs?: string[];

  /**
   * Let every address of the internet connect.
   *
   * The server asks for credentials, unless `Authentication.none()` acknowledges that it does not. But it speaks plain HTTP: whoever is between a client and the
   * server can read passwords and data.
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
 * The server's own public address: an Elastic IP that follows the instance, over plain HTTP.
 *
 * There is no load balancer to pay for. The server is in public subnets, and is reached by those who are let in only.
 */
export class InstanceAddressEndpoint implements IEndpoint {
  public readonly capabilities: EndpointCapabilities;

  private readonly bound = new Binding<{ elasticIp: CfnEIP }>('Endpoint.instanceAddress()');

  /**
   * @throws If a block of addresses is malformed or very wide, or if the port is out of its range.
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
   * The Elastic IP. There is no L2 of it.
   *
   * @throws If the endpoint is not bound yet.
   */
  public get elasticIp(): CfnEIP {
    return this.bound.read('elasticIp');
  }

  public bind(scope: Construct, options: EndpointBindOptions): EndpointConfig {
    this.bound.claim();
    const elasticIp = new CfnEIP(scope, 'Address', { domain: 'vpc' });
    this.bound.set({ elasticIp });
    // An address in a VPC needs the VPC's way to the internet.
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
    requireIpv4Blocks(problems, 'allowedCidrs', allowedCidrs, "name narrower blocks or set 'openToTheWorld'");
  }
  problems.require(!openToTheWorld || allowedCidrs === undefined, () => {
    return "'allowedCidrs' has no meaning with 'openToTheWorld'; remove one of them";
  });
  problems.require(
    port === undefined || Token.isUnresolved(port) || (Number.isInteger(port) && port >= 1024 && port <= 65535),
    () => `'port' must be a whole number from 1024 to 65535, because the server is not root; got ${port}`,
  );
  problems.throwIfAny('Endpoint.instanceAddress()');
}
