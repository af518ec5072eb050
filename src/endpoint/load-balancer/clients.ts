import { Tokenization } from 'aws-cdk-lib';
import { Connections, IPeer, IVpc, Peer, Port } from 'aws-cdk-lib/aws-ec2';
import { ApplicationTargetGroup, IApplicationListener } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { EndpointBindOptions, EndpointConfig } from '../contract';
import { LoadBalancerEndpointOptions } from './load-balancer-endpoint-options';
import { ResolvedListener } from './resolve-listener';
import { cidrBlockOf } from '../../network/subnets';

/** Which clients can connect. */
export interface ClientOptions extends LoadBalancerEndpointOptions {
  readonly openToTheWorld?: boolean;
}

/** How clients reach the listener; allows those of the properties through its security groups. */
export function endpointConfig(
  listener: IApplicationListener,
  hostName: string,
  targetGroup: ApplicationTargetGroup,
  clients: ClientOptions,
  resolved: ResolvedListener,
  { vpc }: EndpointBindOptions,
): EndpointConfig {
  const connections = new Connections({
    securityGroups: listener.connections.securityGroups,
    defaultPort: Port.tcp(resolved.port),
  });
  for (const [peer, description] of clientsOf(clients, resolved, vpc)) {
    connections.allowDefaultPortFrom(peer, description);
    if (resolved.redirectsHttp) connections.allowFrom(peer, Port.tcp(80), `${description}, to be redirected`);
  }
  return {
    origin: originOf(hostName, resolved),
    hostNames: [hostName],
    connections,
    targetGroup,
    idleTimeout: resolved.idleTimeout,
  };
}

function clientsOf(
  { openToTheWorld, allowedCidrs = [], allowedSecurityGroups = [] }: ClientOptions,
  { allowsVpc }: ResolvedListener,
  vpc: IVpc,
): [IPeer, string][] {
  if (openToTheWorld) return [[Peer.anyIpv4(), 'MLflow clients on the internet']];
  if (allowsVpc) return [[Peer.ipv4(cidrBlockOf(vpc)), 'MLflow clients in the VPC']];
  const peers = [...allowedCidrs.map((block) => Peer.ipv4(block)), ...allowedSecurityGroups];
  return peers.map((peer) => [peer, 'MLflow clients']);
}

function originOf(hostName: string, { usesHttps, port }: ResolvedListener): string {
  const usual = usesHttps ? 443 : 80;
  return `${usesHttps ? 'https' : 'http'}://${hostName}${port === usual ? '' : `:${Tokenization.stringifyNumber(port)}`}`;
}
