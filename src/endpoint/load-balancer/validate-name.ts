import { Token } from 'aws-cdk-lib';
import { IHostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerListenerOptions } from './load-balancer-endpoint-options';
import { ResolvedListener } from './resolve-listener';
import { Problems } from '../../private/problems';

const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN_NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(\\.${LABEL})+$`, 'i');

/** @see https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
const LONGEST_CERTIFIED_NAME = 64;

/** Notes what is wrong with the name that clients use; tokens pass. */
export function checkDomainName(problems: Problems, domainName: string | undefined): void {
  problems.require(domainName === undefined || Token.isUnresolved(domainName) || DOMAIN_NAME.test(domainName), () => {
    return `'domainName' must be a fully qualified domain name such as 'mlflow.example.com', without a scheme, a port or a trailing dot; got '${domainName}'`;
  });
}

/** Notes what a certificate or a record of a new listener cannot be for. */
export function checkNameOfListener(
  problems: Problems,
  props: LoadBalancerListenerOptions,
  { usesHttps }: ResolvedListener,
): void {
  const { domainName, hostedZone, certificate } = props;
  for (const prop of ['certificate', 'hostedZone'] as const) {
    problems.require(props[prop] === undefined || domainName !== undefined, () => {
      return `'${prop}' requires 'domainName', the name that clients use; set it, or remove '${prop}'`;
    });
  }
  const definesCertificate = hostedZone !== undefined && certificate === undefined && usesHttps;
  problems.require(!definesCertificate || !(hostedZone instanceof PrivateHostedZone), () => {
    return "'hostedZone' is private, and no certificate can be validated in it; set 'certificate' or 'plainHttp' true";
  });
  if (domainName === undefined || Token.isUnresolved(domainName) || !DOMAIN_NAME.test(domainName)) return;
  problems.require(!definesCertificate || domainName.length <= LONGEST_CERTIFIED_NAME, () => {
    return `'domainName' must have at most 64 characters for a certificate; got ${domainName.length}, choose a shorter name or set 'certificate'`;
  });
  const zoneName = hostedZone && nameOf(hostedZone);
  problems.require(zoneName === undefined || isWithin(domainName, zoneName), () => {
    return `'domainName' must be in the 'hostedZone' ${zoneName}; got '${domainName}'`;
  });
}

/** The name of the zone, if it is known: a zone that is imported by its ID alone has none. */
function nameOf(zone: IHostedZone): string | undefined {
  try {
    return Token.isUnresolved(zone.zoneName) ? undefined : zone.zoneName;
  } catch {
    return undefined;
  }
}

function isWithin(domainName: string, zoneName: string): boolean {
  const name = domainName.toLowerCase();
  const zone = zoneName.toLowerCase().replace(/\.$/, '');
  return name === zone || name.endsWith(`.${zone}`);
}
