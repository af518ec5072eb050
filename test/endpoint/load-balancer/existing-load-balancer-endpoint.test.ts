import { Duration, Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import { ApplicationLoadBalancer } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Authentication, Endpoint, ExistingLoadBalancerEndpointProps, MlflowTrackingServer } from '../../../src';
import { ALL_KINDS, givenVpc } from '../../support/networks';
import { newStack } from '../../support/new-app';
import { environmentOf, messageOf, only, templateWith } from '../../support/templates';
import { importedLoadBalancer, importedVpc, importedZone, LOAD_BALANCER_ARN } from '../errors';

const LOAD_BALANCER = 'AWS::ElasticLoadBalancingV2::LoadBalancer';
const LISTENER = 'AWS::ElasticLoadBalancingV2::Listener';
const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const NAME = 'mlflow.example.com';
const INTERNAL = { internetFacing: false };
const ATTRIBUTES = {
  loadBalancerDnsName: 'given.elb.example.com',
  loadBalancerCanonicalHostedZoneId: 'Z3',
};

function onImported(props: ExistingLoadBalancerEndpointProps, stack = newStack()) {
  const vpc = importedVpc(stack, 'vpc-1', { privateSubnetIds: ['s-1', 's-2'] });
  const endpoint = Endpoint.onLoadBalancer(importedLoadBalancer(stack, { ...ATTRIBUTES, vpc }), props);
  const template = templateWith({ endpoint }, stack);
  const [{ Value: uri }] = Object.values<any>(template.findOutputs('*'));
  return { endpoint, template, uri, environment: environmentOf(template) };
}

function sharedIn(stack: Stack, internetFacing?: boolean): ApplicationLoadBalancer {
  const vpcSubnets = { subnetType: internetFacing ? SubnetType.PUBLIC : SubnetType.PRIVATE_WITH_EGRESS };
  return new ApplicationLoadBalancer(stack, 'Shared', { vpc: givenVpc(stack, ALL_KINDS), vpcSubnets, internetFacing });
}

test('an imported load balancer gets a listener, and nothing else', () => {
  const { template, uri, environment } = onImported({ ...INTERNAL, port: 8080 });
  template.resourceCountIs(LOAD_BALANCER, 0);
  template.resourceCountIs('AWS::EC2::VPC', 0);
  const targets = only(template, TARGET_GROUP);
  expect(targets.id).toBe('MlflowEndpointTargets17a73dc193D7978F');
  expect(targets.Properties.VpcId).toBe('vpc-1');
  expect(only(template, LISTENER, 'MlflowEndpointHttp').Properties).toEqual({
    LoadBalancerArn: LOAD_BALANCER_ARN,
    Port: 8080,
    Protocol: 'HTTP',
    DefaultActions: [{ Type: 'forward', TargetGroupArn: { Ref: targets.id } }],
  });
  expect(uri).toBe('http://given.elb.example.com:8080');
  // The server's keep-alive is longer than any idle timeout of a load balancer.
  expect(environment.MLFLOW_UVICORN_OPTS).toContain('--timeout-keep-alive 4015');
});

test('it can have the domain name as its alias, and another idle timeout', () => {
  const stack = newStack();
  const { template, uri, environment } = onImported(
    { domainName: NAME, hostedZone: importedZone(stack), idleTimeout: Duration.seconds(60) },
    stack,
  );
  expect(only(template, 'AWS::Route53::RecordSet').Properties.AliasTarget).toEqual({
    DNSName: 'dualstack.given.elb.example.com',
    HostedZoneId: 'Z3',
  });
  expect(only(template, 'AWS::CertificateManager::Certificate').Properties.DomainName).toBe(NAME);
  const listeners = Object.values(template.findResources(LISTENER)).map(({ Properties }) => Properties);
  expect(listeners.map(({ Port, LoadBalancerArn }) => [Port, LoadBalancerArn])).toEqual([
    [443, LOAD_BALANCER_ARN],
    [80, LOAD_BALANCER_ARN],
  ]);
  expect(uri).toBe(`https://${NAME}`);
  expect(environment.MLFLOW_UVICORN_OPTS).toContain('--timeout-keep-alive 75');
});

describe('whether it is public', () => {
  const capabilitiesOf = (loadBalancer: (stack: Stack) => ApplicationLoadBalancer) =>
    Endpoint.onLoadBalancer(loadBalancer(newStack()), { plainHttp: true }).capabilities;

  test.each([
    ['an internal one of the same app', (stack: Stack) => sharedIn(stack), false],
    ['an internet-facing one of the same app', (stack: Stack) => sharedIn(stack, true), true],
    ['an imported one', (stack: Stack) => importedLoadBalancer(stack, ATTRIBUTES) as never, true],
  ])('%s', (_name, loadBalancer, isPublic) => {
    expect(capabilitiesOf(loadBalancer)).toMatchObject({ isPublic, usesHttps: false, needsVpcCidrBlock: !isPublic });
  });

  test.each([true, false])('an imported one, if it is specified: %s', (internetFacing) => {
    const { endpoint } = onImported({ internetFacing, plainHttp: true });
    expect(endpoint.capabilities).toMatchObject({ isPublic: internetFacing, needsVpcCidrBlock: !internetFacing });
  });

  test('decides whether the server can run without authentication', () => {
    const define = (internetFacing?: boolean) => () => {
      const stack = newStack();
      const vpc = importedVpc(stack, 'vpc-1', { privateSubnetIds: ['s-1', 's-2'] });
      const endpoint = Endpoint.onLoadBalancer(importedLoadBalancer(stack, { ...ATTRIBUTES, vpc }), {
        plainHttp: true,
        internetFacing,
      });
      new MlflowTrackingServer(stack, 'Mlflow', { endpoint, authentication: Authentication.none() });
    };
    const refusal = "'authentication' cannot be none with an existing load balancer, which anyone on the internet can";
    expect(messageOf(define())).toContain(refusal);
    expect(messageOf(define(true))).toContain(refusal);
    expect(define(false)).not.toThrow();
  });

  test.each([
    [{ ...INTERNAL, port: 8080 }, [['10.0.0.0/16', 8080]]],
    [{ ...INTERNAL, allowedCidrs: ['10.9.0.0/16'] }, [['10.9.0.0/16', 80]]],
    [{ plainHttp: true }, []],
    [{ plainHttp: true, allowedCidrs: ['203.0.113.0/24'] }, [['203.0.113.0/24', 80]]],
    [{ plainHttp: true, openToTheWorld: true }, [['0.0.0.0/0', 80]]],
    [{ plainHttp: true, internetFacing: true, openToTheWorld: true }, [['0.0.0.0/0', 80]]],
  ])('decides who can connect: %j', (props, expected) => {
    const rules = Object.values(onImported(props).template.findResources('AWS::EC2::SecurityGroupIngress'));
    const clients = rules.map(({ Properties }) => Properties).filter(({ GroupId }) => GroupId === 'sg-2');
    expect(clients.map(({ CidrIp, FromPort }) => [CidrIp, FromPort])).toEqual(expected);
  });
});

test('a load balancer of the same app brings its VPC, and what the endpoint defines can be read', () => {
  const stack = newStack();
  const loadBalancer = sharedIn(stack, true);
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:::certificate/given');
  const endpoint = Endpoint.onLoadBalancer(loadBalancer, { domainName: NAME, certificate });
  expect(endpoint.capabilities).toMatchObject({ vpc: loadBalancer.vpc, needsExistingVpc: true, usesHttps: true });
  const template = templateWith({ endpoint }, stack);
  template.resourceCountIs('AWS::EC2::VPC', 1);
  template.resourceCountIs(LOAD_BALANCER, 1);
  expect(endpoint.listener.node.path).toBe('Stack/Mlflow/Endpoint/Https');
  expect(endpoint.targetGroup.node.path).toMatch(/^Stack\/Mlflow\/Endpoint\/Targets[0-9a-f]{8}$/);
});
