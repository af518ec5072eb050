import { Token } from 'aws-cdk-lib';
import { IApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { LoadBalancerEndpointOptions } from './load-balancer-options';
import { LoadBalancerSettings } from './settings';
import { Problems } from '../../private/problems';

type PropName = keyof LoadBalancerEndpointOptions;

/** What belongs to whoever has defined the load balancer. */
const OF_THE_LOAD_BALANCER: PropName[] = ['vpcSubnets', 'accessLogsBucket', 'webAclArn', 'deletionProtection'];

/** What belongs to whoever has defined the listener. */
const OF_THE_LISTENER: PropName[] = [
  'loadBalancer',
  'certificate',
  'hostedZone',
  'sslPolicy',
  'httpRedirect',
  ...OF_THE_LOAD_BALANCER,
];

/** What means something to a given listener alone. */
const OF_THE_RULE: PropName[] = ['priority', 'conditions'];

/** Notes which props contradict a given load balancer or listener, and what it lacks. */
export function requireUsableGivens(problems: Problems, settings: LoadBalancerSettings): void {
  if (settings.listener) {
    requireForeign(problems, settings, 'listener', OF_THE_LISTENER);
    requireRule(problems, settings);
    return;
  }
  for (const prop of OF_THE_RULE) {
    problems.require(settings[prop] === undefined, () => {
      return `'${prop}' has no effect without a given 'listener'; give one, or remove '${prop}'`;
    });
  }
  if (settings.loadBalancer) {
    requireForeign(problems, settings, 'loadBalancer', OF_THE_LOAD_BALANCER);
    requireAddress(problems, settings, settings.loadBalancer);
  }
}

function requireForeign(
  problems: Problems,
  settings: LoadBalancerSettings,
  given: 'listener' | 'loadBalancer',
  props: PropName[],
): void {
  for (const prop of props) {
    problems.require(settings[prop] === undefined, () => {
      return `'${prop}' cannot be set with a given '${given}', which is not changed; set it there, and remove '${prop}'`;
    });
  }
}

function requireRule(problems: Problems, { domainName, priority, conditions }: LoadBalancerSettings): void {
  problems.require(domainName !== undefined, () => {
    return "'domainName' must be set with a given 'listener': the name by which clients reach it";
  });
  problems.require(priority !== undefined, () => {
    return "'priority' must be set with a given 'listener'; choose one from 1 to 50000 that no other of its rules has";
  });
  problems.require(
    priority === undefined ||
      Token.isUnresolved(priority) ||
      (Number.isInteger(priority) && priority >= 1 && priority <= 50000),
    () => `'priority' must be a whole number from 1 to 50000; got ${priority}`,
  );
  problems.require(conditions === undefined || conditions.length > 0, () => {
    return "'conditions' must have at least one condition; got none, add one or remove 'conditions'";
  });
}

/** A load balancer that was defined elsewhere tells of itself only what it was imported with. */
function requireAddress(
  problems: Problems,
  { domainName, hostedZone }: LoadBalancerSettings,
  loadBalancer: IApplicationLoadBalancer,
): void {
  problems.require(domainName !== undefined || tells(() => loadBalancer.loadBalancerDnsName), () => {
    return "'loadBalancer' does not tell its DNS name; import it with 'loadBalancerDnsName', or set 'domainName'";
  });
  problems.require(
    !hostedZone || tells(() => loadBalancer.loadBalancerDnsName && loadBalancer.loadBalancerCanonicalHostedZoneId),
    () => {
      return "'loadBalancer' does not tell what an alias needs; import it with 'loadBalancerDnsName' and 'loadBalancerCanonicalHostedZoneId', or remove 'hostedZone'";
    },
  );
}

function tells(read: () => string | undefined): boolean {
  try {
    return read() !== undefined;
  } catch {
    return false;
  }
}
