import { Tokenization } from 'aws-cdk-lib';
import { Certificate, CertificateValidation } from 'aws-cdk-lib/aws-certificatemanager';
import {
  ApplicationListener,
  ApplicationProtocol,
  ApplicationTargetGroup,
  BaseApplicationListenerProps,
  IApplicationLoadBalancer,
  ListenerAction,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, IHostedZone, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { Construct } from 'constructs';
import { LoadBalancerListenerOptions } from './load-balancer-endpoint-options';
import { ResolvedListener } from './resolve-listener';

/** Adds a listener to a load balancer, in the scope that owns it. */
export type AddListener = (id: string, props: BaseApplicationListenerProps) => ApplicationListener;

/** Defines the listener, the redirect to it, and its domain name. */
export function defineListener(
  scope: Construct,
  loadBalancer: IApplicationLoadBalancer,
  addListener: AddListener,
  targetGroup: ApplicationTargetGroup,
  props: LoadBalancerListenerOptions,
  { usesHttps, port, redirectsHttp }: ResolvedListener,
): { listener: ApplicationListener; hostName: string } {
  const { hostedZone, domainName: hostName = loadBalancer.loadBalancerDnsName } = props;
  const add: AddListener = (id, listenerProps) => addListener(id, { open: false, ...listenerProps });
  const defaultTargetGroups = [targetGroup];
  const listener = usesHttps
    ? add('Https', {
        port,
        protocol: ApplicationProtocol.HTTPS,
        certificates: [props.certificate ?? defineCertificate(scope, hostName, hostedZone)],
        sslPolicy: props.sslPolicy ?? SslPolicy.RECOMMENDED_TLS,
        defaultTargetGroups,
      })
    : add('Http', { port, protocol: ApplicationProtocol.HTTP, defaultTargetGroups });
  if (redirectsHttp) {
    // The ID of the plain listener: a load balancer that gets its certificate later never has two listeners on the port.
    add('Http', { port: 80, protocol: ApplicationProtocol.HTTP, defaultAction: redirectTo(port) });
  }
  if (hostedZone) defineAlias(scope, loadBalancer, hostName, hostedZone);
  return { listener, hostName };
}

function redirectTo(port: number): ListenerAction {
  return ListenerAction.redirect({ protocol: 'HTTPS', port: Tokenization.stringifyNumber(port), permanent: true });
}

function defineCertificate(scope: Construct, domainName: string, hostedZone: IHostedZone | undefined): Certificate {
  return new Certificate(scope, 'Certificate', {
    domainName,
    validation: CertificateValidation.fromDns(hostedZone),
  });
}

function defineAlias(
  scope: Construct,
  loadBalancer: IApplicationLoadBalancer,
  domainName: string,
  zone: IHostedZone,
): void {
  new ARecord(scope, 'Alias', {
    zone,
    // With the dot the name is complete, also if it is a token.
    recordName: `${domainName}.`,
    target: RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer)),
  });
}
