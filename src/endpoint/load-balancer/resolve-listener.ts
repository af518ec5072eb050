import { Duration } from 'aws-cdk-lib';
import {
  ApplicationListener,
  ApplicationProtocol,
  CfnLoadBalancer,
  IApplicationListener,
  IApplicationLoadBalancer,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ExistingListenerEndpointProps } from './existing-listener-endpoint-props';
import { ExistingLoadBalancerEndpointProps } from './existing-load-balancer-endpoint-props';
import { LoadBalancerListenerOptions, NewLoadBalancerEndpointOptions } from './load-balancer-endpoint-options';
import { LONGEST_IDLE_TIMEOUT } from '../idle-timeout';

/** The scheme is unknown if the load balancer is imported. */
export type Scheme = 'internal' | 'internet-facing' | 'unknown';

/** The listener that clients connect to, as it follows from the properties and from what exists. */
export interface ResolvedListener {
  readonly scheme: Scheme;
  /** Whether anyone on the internet can reach it. With an unknown scheme, this is assumed. */
  readonly isPublic: boolean;
  readonly usesHttps: boolean;
  readonly port: number;
  /** Whether the endpoint adds a listener on port 80 that redirects to this one. */
  readonly redirectsHttp: boolean;
  /** Whether the addresses of the VPC can connect, which is the default of an internal load balancer. */
  readonly allowsVpc: boolean;
  readonly idleTimeout: Duration;
}

/** Longer than the load balancer's default of 60 s: the server answers an upload only once it is stored. */
const IDLE_TIMEOUT = Duration.seconds(300);

/** The listener of a new load balancer. */
export function resolveNewListener(
  scheme: Scheme,
  { idleTimeout = IDLE_TIMEOUT, ...props }: NewLoadBalancerEndpointOptions,
): ResolvedListener {
  return { ...resolveListener(scheme, props), idleTimeout };
}

/** A new listener of an existing load balancer. */
export function resolveAddedListener(
  loadBalancer: IApplicationLoadBalancer,
  { internetFacing, idleTimeout = LONGEST_IDLE_TIMEOUT, ...props }: ExistingLoadBalancerEndpointProps,
): ResolvedListener {
  return { ...resolveListener(schemeOf(loadBalancer, internetFacing), props), idleTimeout };
}

export function resolveExistingListener(
  listener: IApplicationListener,
  { internetFacing, plainHttp = false, port, idleTimeout = LONGEST_IDLE_TIMEOUT }: ExistingListenerEndpointProps,
): ResolvedListener {
  const known = knownListener(listener);
  const scheme = schemeOf(known?.loadBalancer, internetFacing);
  const usesHttps = known ? known.protocol === ApplicationProtocol.HTTPS : !plainHttp;
  return {
    scheme,
    isPublic: scheme !== 'internal',
    usesHttps,
    port: known?.port ?? port ?? defaultPort(usesHttps),
    redirectsHttp: false,
    allowsVpc: false,
    idleTimeout,
  };
}

/** A listener of the same app, which has a protocol, a port and a load balancer. An imported one has none of these. */
export function knownListener(listener: IApplicationListener): ApplicationListener | undefined {
  return isKnown(listener) ? listener : undefined;
}

/** Whether a load balancer of the same app is internet-facing. */
export function knownScheme(loadBalancer: IApplicationLoadBalancer | undefined): Scheme {
  const resource = loadBalancer?.node.defaultChild;
  const scheme = CfnLoadBalancer.isCfnLoadBalancer(resource) ? resource.scheme : undefined;
  return scheme === 'internal' || scheme === 'internet-facing' ? scheme : 'unknown';
}

function resolveListener(scheme: Scheme, props: LoadBalancerListenerOptions): Omit<ResolvedListener, 'idleTimeout'> {
  const { plainHttp, certificate, hostedZone, httpRedirect = true } = props;
  const isPublic = scheme !== 'internal';
  const plainByDefault = !isPublic && certificate === undefined && hostedZone === undefined;
  const usesHttps = !(plainHttp ?? plainByDefault);
  return {
    scheme,
    isPublic,
    usesHttps,
    port: props.port ?? defaultPort(usesHttps),
    redirectsHttp: usesHttps && httpRedirect,
    allowsVpc: !isPublic && !props.allowedCidrs && !props.allowedSecurityGroups,
  };
}

function schemeOf(loadBalancer: IApplicationLoadBalancer | undefined, internetFacing: boolean | undefined): Scheme {
  const known = knownScheme(loadBalancer);
  if (known !== 'unknown' || internetFacing === undefined) return known;
  return internetFacing ? 'internet-facing' : 'internal';
}

// Not by class: it may come from another copy of the AWS CDK.
function isKnown(listener: IApplicationListener): listener is ApplicationListener {
  return 'protocol' in listener && 'port' in listener && 'loadBalancer' in listener;
}

function defaultPort(usesHttps: boolean): number {
  return usesHttps ? 443 : 80;
}
