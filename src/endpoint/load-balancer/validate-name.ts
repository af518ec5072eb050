import { Token } from 'aws-cdk-lib';
import { IHostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerSettings, usesHttps } from './settings';
import { Problems } from '../../private/problems';

const LABEL = '[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?';
const DOMAIN_NAME = new RegExp(`^(?=.{1,253}$)${LABEL}(\\.${LABEL})+$`, 'i');

/** @see https://docs.aws.amazon.com/acm/latest/APIReference/API_RequestCertificate.html */
const LONGEST_CERTIFIED_NAME = 64;

/** Notes what is wrong with the name that clients use; tokens pass. */
export function requireUsableName(problems: Problems, settings: LoadBalancerSettings): void {
  const { domainName, hostedZone, certificate } = settings;
  for (const prop of ['certificate', 'hostedZone'] as const) {
    problems.require(settings[prop] === undefined || domainName !== undefined, () => {
      return `'${prop}' needs 'domainName', the name that clients use; set it, or remove '${prop}'`;
    });
  }
  const definesCertificate = hostedZone !== undefined && certificate === undefined && usesHttps(settings);
  problems.require(!definesCertificate || !(hostedZone instanceof PrivateHostedZone), () => {
    return "'hostedZone' is private, and no certificate can be validated in it; set 'certificate' or 'plainHttp' true";
  });
  if (domainName === undefined || Token.isUnresolved(domainName)) return;
  const valid = DOMAIN_NAME.test(domainName);
  problems.require(valid, () => {
    return `'domainName' must be a full name such as 'mlflow.example.com', without a scheme, a port or a dot at its end; got '${domainName}'`;
  });
  problems.require(!valid || !definesCertificate || domainName.length <= LONGEST_CERTIFIED_NAME, () => {
    return `'domainName' must have at most 64 characters for a certificate; got ${domainName.length}, choose a shorter name or set 'certificate'`;
  });
  const zoneName = hostedZone && nameOf(hostedZone);
  problems.require(!valid || zoneName === undefined || isWithin(domainName, zoneName), () => {
    return `'domainName' must be in the 'hostedZone' ${zoneName}; got '${domainName}'`;
  });
}

/** The zone's name, if it is known: a zone that was imported by its id alone has none. */
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
