import { Token } from 'aws-cdk-lib';
import { ApplicationProtocol } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { clientPort, LoadBalancerSettings, ownListener, usesHttps } from './settings';
import { requireUsableGivens } from './validate-given';
import { requireUsableName } from './validate-name';
import { requireIpv4Blocks } from '../../private/ipv4-blocks';
import { Problems } from '../../private/problems';
import { isWhole } from '../../private/rules';
import { requireIdleTimeout } from '../idle-timeout';

const WEB_ACL = /^arn:[\w-]+:wafv2:[\w-]+:\d{12}:regional\/webacl\/[\w-]+\/[\w-]+$/;

/** What means something to HTTPS alone. */
const OF_HTTPS = ['certificate', 'sslPolicy', 'httpRedirect'] as const;

/** Throws one error with all that cannot be used or has no effect. */
export function validateLoadBalancerOptions(name: string, settings: LoadBalancerSettings): void {
  const problems = new Problems();
  requireUsableGivens(problems, settings);
  requireUsableName(problems, settings);
  requireEncryption(problems, settings);
  requirePort(problems, settings);
  requireClients(problems, settings);
  requireIdleTimeout(problems, settings);
  requireProtection(problems, settings);
  problems.throwIfAny(name);
}

function requireEncryption(problems: Problems, settings: LoadBalancerSettings): void {
  const { isPublic, listener, certificate, hostedZone, plainHttp } = settings;
  const hasCertificate = certificate !== undefined || hostedZone !== undefined;
  if (listener) {
    requireEncryptedListener(problems, settings);
  } else if (usesHttps(settings)) {
    problems.require(hasCertificate || !isPublic || plainHttp === false, () => {
      return "'certificate' or 'hostedZone' must be set, because passwords and data cross the internet; set one of them, or accept that they can be read on the way with 'plainHttp' true";
    });
    problems.require(hasCertificate || plainHttp !== false, () => {
      return "'plainHttp' is false, which needs 'certificate' or 'hostedZone'; set one of them, or remove 'plainHttp'";
    });
  } else {
    for (const prop of OF_HTTPS) {
      problems.require(settings[prop] === undefined, () => {
        return `'${prop}' has no effect with plain HTTP; use HTTPS with 'certificate' or 'hostedZone', or remove '${prop}'`;
      });
    }
  }
}

function requireEncryptedListener(problems: Problems, settings: LoadBalancerSettings): void {
  const { isPublic, plainHttp } = settings;
  const protocol = ownListener(settings)?.protocol;
  problems.require(plainHttp !== true || protocol !== ApplicationProtocol.HTTPS, () => {
    return "'plainHttp' cannot be true with a given 'listener' for HTTPS; remove 'plainHttp'";
  });
  problems.require(plainHttp !== false || protocol !== ApplicationProtocol.HTTP, () => {
    return "'plainHttp' cannot be false with a given 'listener' for plain HTTP; give one for HTTPS, or remove 'plainHttp'";
  });
  problems.require(!isPublic || plainHttp !== undefined || protocol !== ApplicationProtocol.HTTP, () => {
    return "'listener' must be for HTTPS, because passwords and data cross the internet; give another one, or accept that they can be read on the way with 'plainHttp' true";
  });
}

function requirePort(problems: Problems, settings: LoadBalancerSettings): void {
  const { port, listener, httpRedirect } = settings;
  const own = ownListener(settings)?.port;
  problems.require(port === undefined || isWhole(port, 1, 65535), () => {
    return `'port' must be a whole number from 1 to 65535; got ${port}`;
  });
  problems.require(port === undefined || own === undefined || port === own, () => {
    return `'port' must be ${own}, the port of the given 'listener'; got ${port}, remove 'port'`;
  });
  const redirects = !listener && usesHttps(settings) && httpRedirect !== false;
  problems.require(!redirects || clientPort(settings) !== 80, () => {
    return "'port' cannot be 80 with HTTPS, because port 80 is for the redirect; choose another port, or set 'httpRedirect' to false";
  });
}

function requireClients(problems: Problems, settings: LoadBalancerSettings): void {
  const { isPublic, allowedCidrs, openToTheWorld } = settings;
  if (allowedCidrs) {
    const advice = isPublic ? "name narrower blocks or set 'openToTheWorld'" : 'name narrower blocks';
    requireIpv4Blocks(problems, 'allowedCidrs', allowedCidrs, advice);
  }
  for (const prop of ['allowedCidrs', 'allowedSecurityGroups'] as const) {
    problems.require(!openToTheWorld || settings[prop] === undefined, () => {
      return `'${prop}' has no meaning with 'openToTheWorld'; remove one of them`;
    });
  }
}

function requireProtection(problems: Problems, { webAclArn, accessLogsBucket }: LoadBalancerSettings): void {
  problems.require(webAclArn === undefined || Token.isUnresolved(webAclArn) || WEB_ACL.test(webAclArn), () => {
    return `'webAclArn' must be the ARN of a regional web ACL such as 'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/name/id'; got '${webAclArn}'`;
  });
  problems.require(accessLogsBucket?.encryptionKey === undefined, () => {
    return "'accessLogsBucket' must be encrypted with keys of Amazon S3, because load balancers write to no other; got one with a key of AWS KMS";
  });
}
