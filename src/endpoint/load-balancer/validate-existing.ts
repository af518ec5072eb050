import {
  ApplicationProtocol,
  IApplicationListener,
  IApplicationLoadBalancer,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ExistingListenerEndpointProps } from './existing-listener-endpoint-props';
import { ExistingLoadBalancerEndpointProps } from './existing-load-balancer-endpoint-props';
import { knownListener, knownScheme, ResolvedListener } from './resolve-listener';
import { checkClients, checkListener, checkPort } from './validate';
import { checkDomainName } from './validate-name';
import { Problems } from '../../private/problems';
import { isWhole } from '../../private/rules';
import { checkIdleTimeout } from '../idle-timeout';

/** Throws one error with every problem. */
export function validateExistingLoadBalancer(
  name: string,
  loadBalancer: IApplicationLoadBalancer,
  props: ExistingLoadBalancerEndpointProps,
  resolved: ResolvedListener,
): void {
  const problems = new Problems();
  checkAddress(problems, loadBalancer, props);
  checkScheme(problems, loadBalancer, props);
  checkListener(problems, props, resolved);
  checkClients(problems, props, resolved);
  checkIdleTimeout(problems, props);
  problems.throwIfAny(name);
}

/** Throws one error with every problem. */
export function validateExistingListener(
  name: string,
  listener: IApplicationListener,
  props: ExistingListenerEndpointProps,
  resolved: ResolvedListener,
): void {
  const problems = new Problems();
  checkDomainName(problems, props.domainName);
  checkRule(problems, props);
  checkScheme(problems, knownListener(listener)?.loadBalancer, props);
  checkProtocol(problems, listener, props, resolved);
  checkPort(problems, props.port);
  checkPortOf(problems, listener, props);
  checkClients(problems, props, resolved);
  checkIdleTimeout(problems, props);
  problems.throwIfAny(name);
}

/** An imported load balancer has only the attributes that it is imported with. */
function checkAddress(
  problems: Problems,
  loadBalancer: IApplicationLoadBalancer,
  { domainName, hostedZone }: ExistingLoadBalancerEndpointProps,
): void {
  problems.require(domainName !== undefined || isKnown(() => loadBalancer.loadBalancerDnsName), () => {
    return "the DNS name of the load balancer is not known; import it with 'loadBalancerDnsName', or set 'domainName'";
  });
  problems.require(
    !hostedZone || isKnown(() => loadBalancer.loadBalancerDnsName && loadBalancer.loadBalancerCanonicalHostedZoneId),
    () => {
      return "'hostedZone' requires a load balancer whose DNS name and hosted zone are known; import it with 'loadBalancerDnsName' and 'loadBalancerCanonicalHostedZoneId', or remove 'hostedZone'";
    },
  );
}

function isKnown(read: () => string | undefined): boolean {
  try {
    return read() !== undefined;
  } catch {
    return false;
  }
}

/** What is said of the load balancer must not make a public one pass for an internal one. */
function checkScheme(
  problems: Problems,
  loadBalancer: IApplicationLoadBalancer | undefined,
  { internetFacing, openToTheWorld }: ExistingLoadBalancerEndpointProps,
): void {
  const scheme = knownScheme(loadBalancer);
  const known = scheme === 'unknown' ? undefined : scheme === 'internet-facing';
  problems.require(internetFacing === undefined || known === undefined || internetFacing === known, () => {
    return `'internetFacing' must be ${known}, because the scheme of the load balancer is ${scheme}; got ${internetFacing}, remove 'internetFacing'`;
  });
  problems.require(!openToTheWorld || (known ?? internetFacing ?? true), () => {
    return "'openToTheWorld' requires an internet-facing load balancer; got an internal one, specify clients with 'allowedCidrs'";
  });
}

function checkRule(problems: Problems, { priority, conditions }: ExistingListenerEndpointProps): void {
  problems.require(isWhole(priority, 1, 50000), () => {
    return `'priority' must be a whole number from 1 to 50000; got ${priority}`;
  });
  problems.require(conditions === undefined || conditions.length > 0, () => {
    return "'conditions' must have at least one condition; got none, add one or remove 'conditions'";
  });
}

function checkProtocol(
  problems: Problems,
  listener: IApplicationListener,
  { plainHttp }: ExistingListenerEndpointProps,
  { isPublic }: ResolvedListener,
): void {
  const protocol = knownListener(listener)?.protocol;
  problems.require(plainHttp !== true || protocol !== ApplicationProtocol.HTTPS, () => {
    return "'plainHttp' cannot be true with a listener for HTTPS; remove 'plainHttp'";
  });
  problems.require(plainHttp !== false || protocol !== ApplicationProtocol.HTTP, () => {
    return "'plainHttp' cannot be false with a listener for HTTP; choose a listener for HTTPS, or remove 'plainHttp'";
  });
  problems.require(!isPublic || plainHttp !== undefined || protocol !== ApplicationProtocol.HTTP, () => {
    return "the listener must be for HTTPS, because passwords and data cross the internet; choose another listener, or accept that they can be read in transit with 'plainHttp' true";
  });
}

function checkPortOf(
  problems: Problems,
  listener: IApplicationListener,
  { port }: ExistingListenerEndpointProps,
): void {
  const known = knownListener(listener)?.port;
  problems.require(port === undefined || known === undefined || port === known, () => {
    return `'port' must be ${known}, the port of the listener; got ${port}, remove 'port'`;
  });
}
