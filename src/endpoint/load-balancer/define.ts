import { Tokenization } from 'aws-cdk-lib';
import { Certificate, CertificateValidation, ICertificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Connections, IPeer, Peer, Port } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationListenerRule,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ApplicationTargetGroup,
  BaseApplicationListenerProps,
  IApplicationListener,
  IApplicationLoadBalancer,
  ListenerAction,
  ListenerCondition,
  SslPolicy,
  XffHeaderProcessingMode,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { ARecord, RecordTarget } from 'aws-cdk-lib/aws-route53';
import { LoadBalancerTarget } from 'aws-cdk-lib/aws-route53-targets';
import { CfnWebACLAssociation } from 'aws-cdk-lib/aws-wafv2';
import { Construct } from 'constructs';
import { EndpointBindOptions, EndpointConfig } from '../contract';
import { admitsVpc, clientPort, idleTimeoutOf, LoadBalancerSettings, loadBalancerSubnets, usesHttps } from './settings';
import { defineTargetGroup, targetGroupId } from './target-group';
import { cidrBlockOf } from '../../network/subnets';
import { profileDefaults } from '../../server/profile-defaults';

const ACCESS_LOGS_PREFIX = 'mlflow-load-balancer';

/** What an endpoint with a load balancer has defined. */
export interface LoadBalancing {
  readonly config: EndpointConfig;
  readonly loadBalancer: () => ApplicationLoadBalancer;
  readonly listener: IApplicationListener;
  readonly targetGroup: ApplicationTargetGroup;
}

/** Defines the load balancer, its listeners and its name, or as much of these as is not given. */
export function defineLoadBalancing(
  scope: Construct,
  name: string,
  settings: LoadBalancerSettings,
  options: EndpointBindOptions,
): LoadBalancing {
  const own = settings.loadBalancer || settings.listener ? undefined : defineLoadBalancer(scope, settings, options);
  const loadBalancer = own ?? settings.loadBalancer;
  const targetGroup = defineTargetGroup(scope, targetGroupId(scope, settings), options);
  const listener = loadBalancer
    ? defineListeners(scope, loadBalancer, settings, targetGroup)
    : addRule(scope, settings, targetGroup);
  const port = clientPort(settings);
  const connections = new Connections({
    securityGroups: listener.connections.securityGroups,
    defaultPort: Port.tcp(port),
  });
  admitClients(connections, settings, options);
  if (loadBalancer && settings.hostedZone) defineAlias(scope, loadBalancer, settings);
  const hostName = settings.domainName ?? loadBalancer!.loadBalancerDnsName;
  return {
    config: {
      origin: originOf(hostName, port, usesHttps(settings)),
      hostNames: [hostName],
      connections,
      targetGroup,
      idleTimeout: idleTimeoutOf(settings),
    },
    loadBalancer: () => {
      if (own) return own;
      throw new Error(`'loadBalancer' of ${name} is not the library's own; use the one that was given`);
    },
    listener,
    targetGroup,
  };
}

function defineLoadBalancer(
  scope: Construct,
  settings: LoadBalancerSettings,
  options: EndpointBindOptions,
): ApplicationLoadBalancer {
  const { isPublic, accessLogsBucket, webAclArn } = settings;
  const loadBalancer = new ApplicationLoadBalancer(scope, 'LoadBalancer', {
    vpc: options.vpc,
    vpcSubnets: loadBalancerSubnets(settings, options),
    internetFacing: isPublic,
    idleTimeout: idleTimeoutOf(settings),
    dropInvalidHeaderFields: true,
    // The balancer would append to what the client wrote. The server needs no client's address, and believes none.
    xffHeaderProcessingMode: XffHeaderProcessingMode.REMOVE,
    deletionProtection: settings.deletionProtection ?? profileDefaults(options.profile).deletionProtection,
  });
  if (accessLogsBucket) loadBalancer.logAccessLogs(accessLogsBucket, ACCESS_LOGS_PREFIX);
  if (webAclArn) {
    // There is no L2 of it.
    new CfnWebACLAssociation(scope, 'WebAcl', { resourceArn: loadBalancer.loadBalancerArn, webAclArn });
  }
  return loadBalancer;
}

function defineListeners(
  scope: Construct,
  loadBalancer: IApplicationLoadBalancer,
  settings: LoadBalancerSettings,
  targetGroup: ApplicationTargetGroup,
): ApplicationListener {
  const port = clientPort(settings);
  const add = (id: string, props: BaseApplicationListenerProps): ApplicationListener =>
    // What belongs to the server is never in the scope of what was given.
    settings.loadBalancer
      ? new ApplicationListener(scope, id, { loadBalancer, open: false, ...props })
      : loadBalancer.addListener(id, { open: false, ...props });

  if (!usesHttps(settings)) {
    return add('Http', { port, protocol: ApplicationProtocol.HTTP, defaultTargetGroups: [targetGroup] });
  }
  const listener = add('Https', {
    port,
    protocol: ApplicationProtocol.HTTPS,
    certificates: [settings.certificate ?? defineCertificate(scope, settings)],
    sslPolicy: settings.sslPolicy ?? SslPolicy.RECOMMENDED_TLS,
    defaultTargetGroups: [targetGroup],
  });
  if (settings.httpRedirect ?? true) {
    // The id of the plain listener: a load balancer that gets its certificate later never has two of them on the port.
    add('Http', {
      port: 80,
      protocol: ApplicationProtocol.HTTP,
      defaultAction: ListenerAction.redirect({
        protocol: 'HTTPS',
        port: Tokenization.stringifyNumber(port),
        permanent: true,
      }),
    });
  }
  return listener;
}

function defineCertificate(scope: Construct, { domainName, hostedZone }: LoadBalancerSettings): ICertificate {
  return new Certificate(scope, 'Certificate', {
    domainName: domainName!,
    validation: CertificateValidation.fromDns(hostedZone),
  });
}

function addRule(
  scope: Construct,
  settings: LoadBalancerSettings,
  targetGroup: ApplicationTargetGroup,
): IApplicationListener {
  const { priority, conditions, domainName } = settings;
  const listener = settings.listener!;
  new ApplicationListenerRule(scope, 'Rule', {
    listener,
    priority: priority!,
    conditions: conditions ?? [ListenerCondition.hostHeaders([domainName!])],
    action: ListenerAction.forward([targetGroup]),
  });
  return listener;
}

function admitClients(connections: Connections, settings: LoadBalancerSettings, options: EndpointBindOptions): void {
  const redirects = !settings.listener && usesHttps(settings) && (settings.httpRedirect ?? true);
  for (const [peer, description] of clientsOf(settings, options)) {
    connections.allowDefaultPortFrom(peer, description);
    if (redirects) connections.allowFrom(peer, Port.tcp(80), `${description}, to be redirected`);
  }
}

function clientsOf(settings: LoadBalancerSettings, { vpc }: EndpointBindOptions): [IPeer, string][] {
  const { openToTheWorld, allowedCidrs, allowedSecurityGroups } = settings;
  if (openToTheWorld) return [[Peer.anyIpv4(), 'MLflow clients on the internet']];
  if (admitsVpc(settings)) {
    return [[Peer.ipv4(cidrBlockOf(vpc)), 'MLflow clients in the VPC']];
  }
  const peers = [...(allowedCidrs ?? []).map((block) => Peer.ipv4(block)), ...(allowedSecurityGroups ?? [])];
  return peers.map((peer) => [peer, 'MLflow clients']);
}

function defineAlias(scope: Construct, loadBalancer: IApplicationLoadBalancer, settings: LoadBalancerSettings): void {
  new ARecord(scope, 'Alias', {
    zone: settings.hostedZone!,
    // With the dot the name is complete, also where it is a token.
    recordName: `${settings.domainName}.`,
    target: RecordTarget.fromAlias(new LoadBalancerTarget(loadBalancer)),
  });
}

function originOf(hostName: string, port: number, https: boolean): string {
  const usual = https ? 443 : 80;
  return `${https ? 'https' : 'http'}://${hostName}${port === usual ? '' : `:${Tokenization.stringifyNumber(port)}`}`;
}
