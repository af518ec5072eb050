import { Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { IVpc, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import * as fc from 'fast-check';
import { maybe } from './legal-server';
import { Endpoint, IEndpoint } from '../../src';

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
        return Endpoint.internalLoadBalancer({ ...common(stack, facts, drawn), allowedCidrs: blocks });
      case 'public':
        return Endpoint.publicLoadBalancer({
          ...common(stack, facts, drawn),
          plainHttp: drawn.security === 'plain' || undefined,
          allowedCidrs: blocks,
          openToTheWorld: world,
        });
    }
  },
);

function common(stack: Stack, { vpc, knowsRegion }: EndpointFacts, drawn: Drawn) {
  const { security, named, port, httpRedirect, sslPolicy, clients, idleSeconds, hasLogs, ...rest } = drawn;
  const https = security !== 'plain';
  const zone = { hostedZoneId: 'Z1', zoneName: 'example.com' };
  return {
    webAclArn: rest.webAclArn,
    deletionProtection: rest.deletionProtection,
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
    accessLogsBucket: hasLogs && knowsRegion ? new Bucket(stack, 'BalancerLogs') : undefined,
  };
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

type Drawn = typeof OPTIONS extends fc.Arbitrary<infer T> ? T : never;
