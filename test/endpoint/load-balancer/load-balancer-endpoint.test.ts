import { CfnParameter, Duration, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Peer, SecurityGroup, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { SslPolicy } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { HostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  Endpoint,
  IEndpoint,
  InternalLoadBalancerEndpointProps,
  MlflowTrackingServer,
  Profile,
  PublicLoadBalancerEndpointProps,
} from '../../../src';
import { ALL_KINDS, givenVpc } from '../../support/networks';
import { newStack } from '../../support/new-app';
import { environmentOf, idsOf, only, resourcesOf, templateWith } from '../../support/templates';
import { importedVpc, importedZone, WEB_ACL_ARN } from '../errors';

const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const NAME = 'mlflow.example.com';
const CERTIFICATE_ARN = 'arn:aws:acm:eu-central-1:111122223333:certificate/given';

const certificateOf = (stack: Stack) => Certificate.fromCertificateArn(stack, 'GivenCertificate', CERTIFICATE_ARN);

interface Deployed {
  readonly template: Template;
  readonly endpoint: IEndpoint;
  /** What the outputs and the server say: the address, the names, the origin, the options of the server. */
  readonly uri: unknown;
  readonly environment: Record<string, any>;
}

function deploy(stack: Stack, endpoint: IEndpoint, props = {}): Deployed {
  const template = templateWith({ endpoint, ...props }, stack);
  const uri = Object.values<any>(template.findOutputs('*')).map(({ Value }) => Value);
  return { template, endpoint, uri: uri[0], environment: environmentOf(template) };
}

function internal(props: InternalLoadBalancerEndpointProps = {}, stack = newStack()): Deployed {
  return deploy(stack, Endpoint.internalLoadBalancer(props));
}

function open(props: PublicLoadBalancerEndpointProps = {}, stack = newStack()): Deployed {
  return deploy(
    stack,
    Endpoint.publicLoadBalancer({
      ...(props.hostedZone || props.plainHttp ? {} : { certificate: certificateOf(stack) }),
      domainName: NAME,
      ...props,
    }),
  );
}

function attribute({ template }: Deployed, key: string): string | undefined {
  const { LoadBalancerAttributes } = only(template, LOAD_BALANCER).Properties;
  return LoadBalancerAttributes.find(({ Key }: { Key: string }) => Key === key)?.Value;
}

/** Who may connect to the load balancer: the port and the source of each rule. */
function admitted({ template }: Deployed): unknown[] {
  const group = only(template, 'AWS::EC2::SecurityGroup', 'MlflowEndpoint');
  const separate = Object.values(template.findResources('AWS::EC2::SecurityGroupIngress'))
    .map(({ Properties }) => Properties)
    .filter(({ GroupId }) => JSON.stringify(GroupId) === JSON.stringify({ 'Fn::GetAtt': [group.id, 'GroupId'] }));
  return [...(group.Properties.SecurityGroupIngress ?? []), ...separate].map(
    ({ FromPort, ToPort, CidrIp, SourceSecurityGroupId }: any) => {
      expect(ToPort).toBe(FromPort);
      return [FromPort, CidrIp ?? SourceSecurityGroupId];
    },
  );
}

const listenersOf = ({ template }: Deployed) =>
  Object.values(template.findResources(LISTENER)).map(({ Properties }) => Properties);

describe('a public load balancer with a certificate', () => {
  const deployed = open();
  const { template } = deployed;

  test('is in public subnets', () => {
    expect(only(template, LOAD_BALANCER).Properties).toMatchObject({
      Scheme: 'internet-facing',
      Subnets: [
        { Ref: expect.stringMatching(/^MlflowVpcPublicSubnet1/) },
        { Ref: expect.stringMatching(/^MlflowVpcPublicSubnet2/) },
      ],
    });
  });

  test('serves HTTPS with it, and today’s ciphers', () => {
    expect(only(template, LISTENER, 'MlflowEndpointLoadBalancerHttps').Properties).toMatchObject({
      Port: 443,
      Protocol: 'HTTPS',
      Certificates: [{ CertificateArn: CERTIFICATE_ARN }],
      SslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06',
      DefaultActions: [
        { Type: 'forward', TargetGroupArn: { Ref: only(template, 'AWS::ElasticLoadBalancingV2::TargetGroup').id } },
      ],
    });
  });

  test('sends browsers there', () => {
    expect(listenersOf(deployed)).toHaveLength(2);
    expect(only(template, LISTENER, 'MlflowEndpointLoadBalancerHttp5').Properties).toMatchObject({
      Port: 80,
      Protocol: 'HTTP',
      DefaultActions: [
        { Type: 'redirect', RedirectConfig: { Protocol: 'HTTPS', Port: '443', StatusCode: 'HTTP_301' } },
      ],
    });
  });

  test('admits nobody', () => {
    expect(admitted(deployed)).toEqual([]);
  });

  test('has one name, which the server answers to', () => {
    expect(deployed.uri).toBe(`https://${NAME}`);
    expect(deployed.environment).toMatchObject({
      MLFLOW_SERVER_ALLOWED_HOSTS:
        `${NAME},${NAME}:*,` + 'localhost,localhost:*,127.0.0.1,127.0.0.1:*,0.0.0.0,0.0.0.0:*',
      MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: `https://${NAME}`,
    });
  });

  test('defines no certificate and no record', () => {
    template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    template.resourceCountIs('AWS::Route53::RecordSet', 0);
  });

  test('makes the endpoint public', () => {
    expect(deployed.endpoint.capabilities).toMatchObject({ displayName: 'a public load balancer', isPublic: true });
  });
});

test('a plain listener and a redirect have one logical id, as there is one port 80', () => {
  const plain = idsOf(internal().template, LISTENER);
  const stack = newStack();
  const later = internal({ domainName: NAME, certificate: certificateOf(stack) }, stack);
  expect(plain).toEqual(['MlflowEndpointLoadBalancerHttp5AD8D8DE']);
  expect(idsOf(later.template, LISTENER)).toContain(plain[0]);
  expect(later.uri).toBe(`https://${NAME}`);
});

describe('a hosted zone', () => {
  const stack = newStack();
  const { template, uri } = open({ hostedZone: importedZone(stack) }, stack);
  const loadBalancer = only(template, LOAD_BALANCER).id;

  test('has the name as an alias of the load balancer', () => {
    expect(only(template, 'AWS::Route53::RecordSet').Properties).toEqual({
      HostedZoneId: 'Z1',
      Name: `${NAME}.`,
      Type: 'A',
      AliasTarget: {
        DNSName: { 'Fn::Join': ['', ['dualstack.', { 'Fn::GetAtt': [loadBalancer, 'DNSName'] }]] },
        HostedZoneId: { 'Fn::GetAtt': [loadBalancer, 'CanonicalHostedZoneID'] },
      },
    });
    expect(uri).toBe(`https://${NAME}`);
  });

  test('validates a certificate, where none is given', () => {
    const certificate = only(template, 'AWS::CertificateManager::Certificate');
    expect(certificate.Properties).toMatchObject({
      DomainName: NAME,
      ValidationMethod: 'DNS',
      DomainValidationOptions: [{ DomainName: NAME, HostedZoneId: 'Z1' }],
    });
    expect(only(template, LISTENER, 'MlflowEndpointLoadBalancerHttps').Properties.Certificates).toEqual([
      { CertificateArn: { Ref: certificate.id } },
    ]);
  });

  test('validates none where one is given', () => {
    const other = newStack();
    const deployed = open({ hostedZone: importedZone(other), certificate: certificateOf(other) }, other);
    deployed.template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    deployed.template.resourceCountIs('AWS::Route53::RecordSet', 1);
  });

  test('need not tell its name, and the domain’s may be known at deployment only', () => {
    const other = newStack();
    const domainName = new CfnParameter(other, 'Domain').valueAsString;
    const hostedZone = HostedZone.fromHostedZoneId(other, 'Zone', 'Z2');
    const deployed = open({ domainName, hostedZone }, other);
    expect(only(deployed.template, 'AWS::Route53::RecordSet').Properties.Name).toEqual({
      'Fn::Join': ['', [{ Ref: 'Domain' }, '.']],
    });
    expect(deployed.uri).toEqual({ 'Fn::Join': ['', ['https://', { Ref: 'Domain' }]] });
  });

  test('may be private, for plain HTTP', () => {
    const other = newStack();
    const vpc = importedVpc(other, 'vpc-9', { privateSubnetIds: ['s-1', 's-2'] });
    const hostedZone = new PrivateHostedZone(other, 'Zone', { zoneName: 'example.com', vpc });
    const deployed = internal({ domainName: NAME, hostedZone, plainHttp: true }, other);
    deployed.template.resourceCountIs('AWS::CertificateManager::Certificate', 0);
    deployed.template.resourceCountIs('AWS::Route53::RecordSet', 1);
    expect(deployed.uri).toBe(`http://${NAME}`);
  });
});

describe('plain HTTP', () => {
  test('in public, once it is accepted', () => {
    const deployed = open({ plainHttp: true });
    expect(listenersOf(deployed).map(({ Port, Protocol }) => [Port, Protocol])).toEqual([[80, 'HTTP']]);
    expect(deployed.uri).toBe(`http://${NAME}`);
  });

  test('without a name, under the load balancer’s own', () => {
    const { template, uri, environment } = deploy(newStack(), Endpoint.publicLoadBalancer({ plainHttp: true }));
    const dnsName = { 'Fn::GetAtt': [only(template, LOAD_BALANCER).id, 'DNSName'] };
    expect(uri).toEqual({ 'Fn::Join': ['', ['http://', dnsName]] });
    expect(environment.MLFLOW_SERVER_CORS_ALLOWED_ORIGINS).toEqual(uri);
  });
});

describe('the listener', () => {
  test('has the policy that is asked for', () => {
    const { template } = open({ sslPolicy: SslPolicy.TLS13_13 });
    expect(only(template, LISTENER, 'MlflowEndpointLoadBalancerHttps').Properties.SslPolicy).toBe(
      'ELBSecurityPolicy-TLS13-1-3-2021-06',
    );
  });

  test('is alone without a redirect', () => {
    const deployed = open({ httpRedirect: false, allowedCidrs: ['203.0.113.0/24'] });
    expect(listenersOf(deployed).map(({ Port }) => Port)).toEqual([443]);
    expect(admitted(deployed)).toEqual([[443, '203.0.113.0/24']]);
  });

  test('is on another port, which is in the address', () => {
    const deployed = open({ port: 8443, allowedCidrs: ['203.0.113.0/24'] });
    expect(deployed.uri).toBe(`https://${NAME}:8443`);
    expect(deployed.environment.MLFLOW_SERVER_CORS_ALLOWED_ORIGINS).toBe(`https://${NAME}:8443`);
    expect(admitted(deployed)).toEqual([
      [8443, '203.0.113.0/24'],
      [80, '203.0.113.0/24'],
    ]);
    const [redirect] = listenersOf(deployed).filter(({ Port }) => Port === 80);
    expect(redirect.DefaultActions[0].RedirectConfig.Port).toBe('8443');
    expect(internal({ port: 8080, domainName: NAME }).uri).toBe(`http://${NAME}:8080`);
    expect(internal({ port: 80, domainName: NAME }).uri).toBe(`http://${NAME}`);
  });
});

describe('clients', () => {
  test('are blocks of addresses, and no longer the VPC', () => {
    expect(admitted(internal({ allowedCidrs: ['10.1.0.0/16', '10.2.0.0/16'] }))).toEqual([
      [80, '10.1.0.0/16'],
      [80, '10.2.0.0/16'],
    ]);
  });

  test('are members of groups, and no longer the VPC', () => {
    const stack = newStack();
    const group = SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1');
    expect(admitted(internal({ allowedSecurityGroups: [group] }, stack))).toEqual([[80, 'sg-1']]);
  });

  test('are nobody where the list of groups is empty', () => {
    expect(admitted(internal({ allowedSecurityGroups: [] }))).toEqual([]);
  });

  test('are blocks and groups', () => {
    const stack = newStack();
    const group = SecurityGroup.fromSecurityGroupId(stack, 'Group', 'sg-1');
    const deployed = open({ allowedCidrs: ['203.0.113.0/24'], allowedSecurityGroups: [group] }, stack);
    expect(admitted(deployed)).toEqual([
      [443, '203.0.113.0/24'],
      [80, '203.0.113.0/24'],
      [443, 'sg-1'],
      [80, 'sg-1'],
    ]);
  });

  test('are the world, once that is said', () => {
    expect(admitted(open({ openToTheWorld: true }))).toEqual([
      [443, '0.0.0.0/0'],
      [80, '0.0.0.0/0'],
    ]);
  });

  test('are let in later, on the port that they use', () => {
    const stack = newStack();
    const endpoint = Endpoint.publicLoadBalancer({ domainName: NAME, certificate: certificateOf(stack) });
    const server = new MlflowTrackingServer(stack, 'Mlflow', { endpoint });
    server.connections.allowDefaultPortFrom(Peer.ipv4('198.51.100.0/24'));
    expect(admitted({ template: Template.fromStack(stack) } as Deployed)).toEqual([[443, '198.51.100.0/24']]);
  });
});

describe('settings of the load balancer', () => {
  test('the idle timeout is the load balancer’s, and the server waits for longer', () => {
    const deployed = internal({ idleTimeout: Duration.minutes(20) });
    expect(attribute(deployed, 'idle_timeout.timeout_seconds')).toBe('1200');
    expect(deployed.environment.MLFLOW_UVICORN_OPTS).toContain('--timeout-keep-alive 1215');
  });

  test.each([
    [Profile.DEVELOPMENT, true, 'true'],
    [Profile.PRODUCTION, false, 'false'],
  ])(
    'the protection from deletion is what is asked for, not the profile’s: %s',
    (profile, deletionProtection, value) => {
      const endpoint = Endpoint.internalLoadBalancer({ deletionProtection });
      expect(attribute(deploy(newStack(), endpoint, { profile }), 'deletion_protection.enabled')).toBe(value);
    },
  );

  test('the subnets are those that are asked for, one of each zone', () => {
    const { template } = internal({ vpcSubnets: { subnetType: SubnetType.PRIVATE_ISOLATED } });
    expect(only(template, LOAD_BALANCER).Properties.Subnets).toEqual([
      { Ref: expect.stringMatching(/^MlflowVpcIsolatedSubnet1/) },
      { Ref: expect.stringMatching(/^MlflowVpcIsolatedSubnet2/) },
    ]);
  });

  test('a VPC with several private subnets in a zone gives one of them', () => {
    const stack = newStack();
    const vpc = givenVpc(stack, [...ALL_KINDS, SubnetType.PRIVATE_WITH_EGRESS, SubnetType.PUBLIC]);
    const template = templateWith({ vpc }, stack);
    expect(vpc.privateSubnets).toHaveLength(4);
    expect(only(template, LOAD_BALANCER).Properties.Subnets).toHaveLength(2);
  });

  test('a web ACL judges every request', () => {
    const { template } = open({ webAclArn: WEB_ACL_ARN });
    expect(only(template, 'AWS::WAFv2::WebACLAssociation').Properties).toEqual({
      ResourceArn: { Ref: only(template, LOAD_BALANCER).id },
      WebACLArn: WEB_ACL_ARN,
    });
  });

  test('access logs go to the bucket, which lets the load balancer write them', () => {
    const stack = newStack({ env: { region: 'eu-central-1' } });
    const deployed = internal({ accessLogsBucket: new Bucket(stack, 'Logs') }, stack);
    const bucket = only(deployed.template, 'AWS::S3::Bucket', 'Logs').id;
    expect(attribute(deployed, 'access_logs.s3.enabled')).toBe('true');
    expect(attribute(deployed, 'access_logs.s3.bucket')).toEqual({ Ref: bucket });
    expect(attribute(deployed, 'access_logs.s3.prefix')).toBe('mlflow-load-balancer');
    const policy = only(deployed.template, 'AWS::S3::BucketPolicy', 'LogsPolicy').Properties;
    expect(JSON.stringify(policy)).toContain('/mlflow-load-balancer/AWSLogs/');
    expect(attribute(internal(), 'access_logs.s3.enabled')).not.toBe('true');
  });
});

describe.each([
  ['internal', () => Endpoint.internalLoadBalancer(), 'Targets'],
  ['public', () => Endpoint.publicLoadBalancer({ plainHttp: true }), 'PublicTargets'],
])('what an %s endpoint has defined', (_kind, make, targets) => {
  const stack = newStack();
  const endpoint = make();
  const server = new MlflowTrackingServer(stack, 'Mlflow', { endpoint });

  test('tells the server no address that a client wrote, and no malformed header', () => {
    const deployed = { template: templateWith({ endpoint: make() }) } as Deployed;
    expect(attribute(deployed, 'routing.http.xff_header_processing.mode')).toBe('remove');
    expect(attribute(deployed, 'routing.http.drop_invalid_header_fields.enabled')).toBe('true');
  });

  test('can be reached', () => {
    const path = server.node.path;
    expect(endpoint.loadBalancer.node.path).toBe(`${path}/Endpoint/LoadBalancer`);
    expect(endpoint.listener.node.path).toBe(`${path}/Endpoint/LoadBalancer/Http`);
    expect(endpoint.targetGroup.node.path).toBe(`${path}/Endpoint/${targets}`);
    endpoint.loadBalancer.setAttribute('routing.http2.enabled', 'false');
    const template = Template.fromStack(stack);
    expect(attribute({ template } as Deployed, 'routing.http2.enabled')).toBe('false');
  });
});

test('no template has more than it needs', () => {
  const types = new Set(Object.values(resourcesOf(internal().template)).map(({ Type }) => Type));
  for (const type of [
    'AWS::CertificateManager::Certificate',
    'AWS::Route53::RecordSet',
    'AWS::WAFv2::WebACLAssociation',
  ]) {
    expect(types.has(type)).toBe(false);
  }
});
