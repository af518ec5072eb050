import { Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IVpc, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ListenerAction,
  SslPolicy,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { maybe } from './legal-server';
import { Endpoint, IEndpoint, PublicLoadBalancerEndpointProps } from '../../src';

export type EndpointKind = 'none' | 'internal' | 'public' | 'address' | 'forwarding' | 'ingress';

/** What the other parts allow the endpoint to be. */
export interface EndpointFacts {
  readonly kind: EndpointKind;
  readonly vpc?: IVpc;
  readonly knowsRegion: boolean;
}

const NAME = 'mlflow.example.com';
const ARN = 'arn:aws:acm:eu-central-1:111111111111:certificate/00000000-0000-0000-0000-000000000000';
const WEB_ACL = 'arn:aws:wafv2:eu-central-1:111111111111:regional/webacl/team/00000000-0000-0000-0000-000000000000';

const OPTIONS = fc.record({
  on: fc.constantFrom('new', 'loadBalancer', 'listener'),
  security: fc.constantFrom('plain', 'certificate', 'zone', 'both'),
  named: fc.boolean(),
  port: maybe(fc.integer({ min: 1024, max: 65535 })),
  httpRedirect: maybe(fc.boolean()),
  sslPolicy: maybe(fc.constantFrom(SslPolicy.TLS13_13, SslPolicy.RECOMMENDED_TLS)),
  clients: fc.constantFrom('nobody', 'blocks', 'groups', 'world'),
  idleSeconds: maybe(fc.integer({ min: 1, max: 4000 })),
  hasLogs: fc.boolean(),
  webAclArn: maybe(fc.constant(WEB_ACL)),
  deletionProtection: maybe(fc.boolean()),
  addressPort: maybe(fc.integer({ min: 1024, max: 65535 })),
  ingressClassName: maybe(fc.constantFrom('nginx', 'alb')),
  controllerNamespace: maybe(fc.constant('ingress-nginx')),
});

/** Any legal endpoint of a kind. */
export const ENDPOINT: fc.Arbitrary<(stack: Stack, facts: EndpointFacts) => IEndpoint | undefined> = OPTIONS.map(
  (drawn) => (stack, facts) => {
    const { clients, addressPort } = drawn;
    const blocks = clients === 'blocks' ? ['203.0.113.0/24'] : undefined;
    const world = clients === 'world' || undefined;
    switch (facts.kind) {
      case 'none':
        return undefined;
      case 'forwarding':
        return Endpoint.portForwarding();
      case 'address':
        return Endpoint.instanceAddress({ port: addressPort, allowedCidrs: blocks, openToTheWorld: world });
      case 'ingress':
        return Endpoint.kubernetesIngress({ domainName: NAME, ...ingress(drawn) });
      case 'internal':
        return balanced(stack, facts, drawn, { allowedCidrs: blocks });
      case 'public':
        return balanced(stack, facts, drawn, { allowedCidrs: blocks, openToTheWorld: world });
    }
  },
);

/** On a new load balancer, or on one that exists where there is a VPC for it. */
function balanced(stack: Stack, facts: EndpointFacts, drawn: Drawn, clients: Clients): IEndpoint {
  const { kind, vpc } = facts;
  const isPublic = kind === 'public';
  const plainHttp = (isPublic && drawn.security === 'plain') || undefined;
  if (drawn.on === 'new' || !vpc) {
    const props = { ...listener(stack, facts, drawn), ...loadBalancer(stack, facts, drawn), ...clients, plainHttp };
    return isPublic ? Endpoint.publicLoadBalancer(props) : Endpoint.internalLoadBalancer(props);
  }
  const shared = sharedLoadBalancer(stack, vpc, isPublic);
  if (drawn.on === 'loadBalancer') {
    return Endpoint.onLoadBalancer(shared, { ...listener(stack, facts, drawn), ...clients, plainHttp });
  }
  const { port, idleTimeout, allowedSecurityGroups } = listener(stack, facts, drawn);
  const existing = shared.addListener('Listener', {
    port: port ?? 80,
    protocol: ApplicationProtocol.HTTP,
    open: false,
    defaultAction: ListenerAction.fixedResponse(404),
  });
  const props = { domainName: NAME, priority: 7, port, idleTimeout, allowedSecurityGroups, ...clients };
  return Endpoint.onListener(existing, { ...props, plainHttp: isPublic || undefined });
}

function sharedLoadBalancer(stack: Stack, vpc: IVpc, internetFacing: boolean): ApplicationLoadBalancer {
  const ofServers = vpc.privateSubnets.length > 0 ? SubnetType.PRIVATE_WITH_EGRESS : SubnetType.PRIVATE_ISOLATED;
  const vpcSubnets = { subnetType: internetFacing ? SubnetType.PUBLIC : ofServers, onePerAz: true };
  return new ApplicationLoadBalancer(stack, 'Shared', { vpc, internetFacing, vpcSubnets });
}

function listener(stack: Stack, { vpc }: EndpointFacts, drawn: Drawn) {
  const { security, named, port, httpRedirect, sslPolicy, clients, idleSeconds } = drawn;
  const https = security !== 'plain';
  const zone = { hostedZoneId: 'Z1', zoneName: 'example.com' };
  return {
    port,
    domainName: https || named ? NAME : undefined,
    certificate:
      security === 'certificate' || security === 'both'
        ? Certificate.fromCertificateArn(stack, 'Certificate', ARN)
        : undefined,
    hostedZone:
      security === 'zone' || security === 'both' ? HostedZone.fromHostedZoneAttributes(stack, 'Zone', zone) : undefined,
    ...(https ? { httpRedirect, sslPolicy } : {}),
    allowedSecurityGroups: clients === 'groups' && vpc ? [new SecurityGroup(stack, 'Clients', { vpc })] : undefined,
    idleTimeout: idleSeconds === undefined ? undefined : Duration.seconds(idleSeconds),
  };
}

function loadBalancer(stack: Stack, { knowsRegion }: EndpointFacts, drawn: Drawn) {
  const { hasLogs, webAclArn, deletionProtection } = drawn;
  const accessLogsBucket = hasLogs && knowsRegion ? new Bucket(stack, 'BalancerLogs') : undefined;
  return { webAclArn, deletionProtection, accessLogsBucket };
}

function ingress({ security, clients, idleSeconds, ingressClassName, controllerNamespace }: Drawn) {
  return {
    ingressClassName,
    controllerNamespace,
    plainHttp: security === 'plain' || undefined,
    tlsSecretName: security === 'certificate' ? 'mlflow-tls' : undefined,
    internetFacing: clients === 'world' ? true : clients === 'nobody' ? undefined : false,
    annotations: security === 'both' ? { 'nginx.ingress.kubernetes.io/proxy-body-size': '0' } : undefined,
    idleTimeout: idleSeconds === undefined ? undefined : Duration.seconds(idleSeconds),
  };
}

type Clients = Pick<PublicLoadBalancerEndpointProps, 'allowedCidrs' | 'openToTheWorld'>;
type Drawn = typeof OPTIONS extends fc.Arbitrary<infer T> ? T : never;
