import { Token } from 'aws-cdk-lib';
import { ClientOptions } from './clients';
import { LoadBalancerListenerOptions, NewLoadBalancerEndpointOptions } from './load-balancer-endpoint-options';
import { ResolvedListener } from './resolve-listener';
import { checkDomainName, checkNameOfListener } from './validate-name';
import { checkIpv4Blocks } from '../../private/ipv4-blocks';
import { Problems } from '../../private/problems';
import { isWhole } from '../../private/rules';
import { checkIdleTimeout } from '../idle-timeout';

const WEB_ACL = /^arn:[\w-]+:wafv2:[\w-]+:\d{12}:regional\/webacl\/[\w-]+\/[\w-]+$/;

/** What has an effect with HTTPS only. */
const OF_HTTPS = ['certificate', 'sslPolicy', 'httpRedirect'] as const;

/** Throws one error with every problem. */
export function validateNewLoadBalancer(
  name: string,
  props: NewLoadBalancerEndpointOptions & ClientOptions,
  resolved: ResolvedListener,
): void {
  const problems = new Problems();
  checkListener(problems, props, resolved);
  checkClients(problems, props, resolved);
  checkIdleTimeout(problems, props);
  checkProtection(problems, props);
  problems.throwIfAny(name);
}

/** Notes what is wrong with a new listener. */
export function checkListener(
  problems: Problems,
  props: LoadBalancerListenerOptions,
  resolved: ResolvedListener,
): void {
  checkDomainName(problems, props.domainName);
  checkNameOfListener(problems, props, resolved);
  checkEncryption(problems, props, resolved);
  checkPort(problems, props.port);
  problems.require(!resolved.redirectsHttp || resolved.port !== 80, () => {
    return "'port' cannot be 80 with HTTPS, because port 80 is for the redirect; choose another port, or set 'httpRedirect' to false";
  });
}

function checkEncryption(
  problems: Problems,
  props: LoadBalancerListenerOptions,
  { isPublic, scheme, usesHttps }: ResolvedListener,
): void {
  const { certificate, hostedZone, plainHttp } = props;
  const hasCertificate = certificate !== undefined || hostedZone !== undefined;
  if (usesHttps) {
    const ifInternal = scheme === 'unknown' ? ", set 'internetFacing' to false if the load balancer is internal" : '';
    problems.require(hasCertificate || !isPublic || plainHttp === false, () => {
      return `'certificate' or 'hostedZone' must be set, because passwords and data cross the internet; set one of them${ifInternal}, or accept that they can be read in transit with 'plainHttp' true`;
    });
    problems.require(hasCertificate || plainHttp !== false, () => {
      return "'plainHttp' is false, which requires 'certificate' or 'hostedZone'; set one of them, or remove 'plainHttp'";
    });
    return;
  }
  for (const prop of OF_HTTPS) {
    problems.require(props[prop] === undefined, () => {
      return `'${prop}' has no effect with plain HTTP; use HTTPS with 'certificate' or 'hostedZone', or remove '${prop}'`;
    });
  }
}

export function checkPort(problems: Problems, port: number | undefined): void {
  problems.require(port === undefined || isWhole(port, 1, 65535), () => {
    return `'port' must be a whole number from 1 to 65535; got ${port}`;
  });
}

export function checkClients(problems: Problems, clients: ClientOptions, { isPublic }: ResolvedListener): void {
  const { allowedCidrs, openToTheWorld } = clients;
  if (allowedCidrs) {
    const advice = isPublic ? "specify smaller blocks or set 'openToTheWorld'" : 'specify smaller blocks';
    checkIpv4Blocks(problems, 'allowedCidrs', allowedCidrs, advice);
  }
  for (const prop of ['allowedCidrs', 'allowedSecurityGroups'] as const) {
    problems.require(!openToTheWorld || clients[prop] === undefined, () => {
      return `'${prop}' has no effect with 'openToTheWorld'; remove one of them`;
    });
  }
}

function checkProtection(problems: Problems, { webAclArn, accessLogsBucket }: NewLoadBalancerEndpointOptions): void {
  problems.require(webAclArn === undefined || Token.isUnresolved(webAclArn) || WEB_ACL.test(webAclArn), () => {
    return `'webAclArn' must be the ARN of a regional web ACL such as 'arn:aws:wafv2:eu-central-1:111122223333:regional/webacl/name/id'; got '${webAclArn}'`;
  });
  problems.require(accessLogsBucket?.encryptionKey === undefined, () => {
    return "'accessLogsBucket' must be encrypted with keys that Amazon S3 manages, because load balancers cannot write to other buckets; got one with an AWS KMS key";
  });
}
