import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { SubnetType } from 'aws-cdk-lib/aws-ec2';
import {
  ApplicationListener,
  ApplicationLoadBalancer,
  ApplicationProtocol,
  ListenerAction,
  ListenerCondition,
} from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Authentication, Endpoint, ExistingListenerEndpointProps } from '../../../src';
import { ALL_KINDS, givenVpc } from '../../support/networks';
import { newStack } from '../../support/new-app';
import { environmentOf, messageOf, only, templateWith } from '../../support/templates';
import { importedListener, importedVpc, LISTENER_ARN } from '../errors';

const TARGET_GROUP = 'AWS::ElasticLoadBalancingV2::TargetGroup';
const RULE = 'AWS::ElasticLoadBalancingV2::ListenerRule';
const NAME = 'mlflow.example.com';

function onImported(props: Partial<ExistingListenerEndpointProps> = {}, others = {}) {
  const stack = newStack();
  const vpc = importedVpc(stack, 'vpc-1', { privateSubnetIds: ['s-1', 's-2'] });
  const endpoint = Endpoint.onListener(importedListener(stack), { domainName: NAME, priority: 7, ...props });
  const template = templateWith({ endpoint, vpc, ...others }, stack);
  const [{ Value: uri }] = Object.values<any>(template.findOutputs('*'));
  return { endpoint, template, uri, environment: environmentOf(template) };
}

const rulesOf = (template: Template) =>
  Object.values(template.findResources('AWS::EC2::SecurityGroupIngress')).map(({ Properties }) => Properties);

test('an imported listener gets a rule for the name, and nothing else', () => {
  const { template, uri, environment } = onImported();
  template.resourceCountIs('AWS::ElasticLoadBalancingV2::LoadBalancer', 0);
  template.resourceCountIs('AWS::ElasticLoadBalancingV2::Listener', 0);
  const targets = only(template, TARGET_GROUP);
  expect(targets.id).toBe('MlflowEndpointTargets035b6cb59FF51FE1');
  expect(only(template, RULE).Properties).toEqual({
    ListenerArn: LISTENER_ARN,
    Priority: 7,
    Conditions: [{ Field: 'host-header', HostHeaderConfig: { Values: [NAME] } }],
    Actions: [{ Type: 'forward', TargetGroupArn: { Ref: targets.id } }],
  });
  expect(uri).toBe(`https://${NAME}`);
  expect(environment.MLFLOW_UVICORN_OPTS).toContain('--timeout-keep-alive 4015');
});

test.each([
  [{}, []],
  [{ internetFacing: false }, []],
  [{ allowedCidrs: ['203.0.113.0/24'] }, [['203.0.113.0/24', 443]]],
  [{ allowedCidrs: ['203.0.113.0/24'], port: 444 }, [['203.0.113.0/24', 444]]],
  [{ openToTheWorld: true }, [['0.0.0.0/0', 443]]],
])('clients that are specified can connect, in addition to those that already can: %j', (props, expected) => {
  const clients = rulesOf(onImported(props).template).filter(({ GroupId }) => GroupId === 'sg-0123456789abcdef3');
  expect(clients.map(({ CidrIp, FromPort }) => [CidrIp, FromPort])).toEqual(expected);
});

test('only the listener reaches the server', () => {
  const { template } = onImported();
  const server = only(template, 'AWS::EC2::SecurityGroup', 'MlflowComputeService').id;
  const sources = rulesOf(template).filter(({ GroupId }) => JSON.stringify(GroupId).includes(server));
  expect(sources.map(({ SourceSecurityGroupId, FromPort }) => [SourceSecurityGroupId, FromPort])).toEqual([
    ['sg-0123456789abcdef3', 5000],
  ]);
});

test('the rule can have other conditions', () => {
  const { template } = onImported({ conditions: [ListenerCondition.pathPatterns(['/mlflow/*'])] });
  expect(only(template, RULE).Properties.Conditions).toEqual([
    { Field: 'path-pattern', PathPatternConfig: { Values: ['/mlflow/*'] } },
  ]);
});

test('an imported listener uses HTTPS unless plain HTTP is specified, on the port that is specified', () => {
  expect(onImported({ plainHttp: true }).uri).toBe(`http://${NAME}`);
  expect(onImported({ plainHttp: true, port: 8080 }).uri).toBe(`http://${NAME}:8080`);
  expect(onImported({ port: 8443 }).uri).toBe(`https://${NAME}:8443`);
});

test('an imported listener is public unless the opposite is specified', () => {
  const none = { authentication: Authentication.none() };
  const refusal = "'authentication' cannot be none with an existing listener, which anyone on the internet can reach";
  expect(messageOf(() => onImported({}, none))).toContain(refusal);
  expect(messageOf(() => onImported({ internetFacing: true }, none))).toContain(refusal);
  expect(onImported({ internetFacing: false }, none).endpoint.capabilities.isPublic).toBe(false);
});

describe('a listener of the same app', () => {
  function sharedIn(stack: Stack, protocol: ApplicationProtocol, port: number, internetFacing: boolean) {
    const vpcSubnets = { subnetType: internetFacing ? SubnetType.PUBLIC : SubnetType.PRIVATE_WITH_EGRESS };
    const vpc = givenVpc(stack, ALL_KINDS);
    const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:::certificate/given');
    const loadBalancer = new ApplicationLoadBalancer(stack, 'Shared', { vpc, vpcSubnets, internetFacing });
    return loadBalancer.addListener('Listener', {
      port,
      protocol,
      open: false,
      certificates: protocol === ApplicationProtocol.HTTPS ? [certificate] : undefined,
      defaultAction: ListenerAction.fixedResponse(404),
    });
  }

  const propsOf = (listener: ApplicationListener, plainHttp?: boolean) =>
    Endpoint.onListener(listener, { domainName: NAME, priority: 7, plainHttp });

  test.each([
    [ApplicationProtocol.HTTPS, 8443, false, undefined, `https://${NAME}:8443`],
    [ApplicationProtocol.HTTPS, 443, true, undefined, `https://${NAME}`],
    [ApplicationProtocol.HTTP, 80, false, undefined, `http://${NAME}`],
    [ApplicationProtocol.HTTP, 80, true, true, `http://${NAME}`],
  ])(
    'has a protocol, a port, a scheme and a VPC: %s, %s, internet-facing %s',
    (protocol, port, internetFacing, plainHttp, address) => {
      const stack = newStack();
      const listener = sharedIn(stack, protocol, port, internetFacing);
      const endpoint = propsOf(listener, plainHttp);
      expect(endpoint.capabilities).toMatchObject({
        isPublic: internetFacing,
        usesHttps: protocol === ApplicationProtocol.HTTPS,
        vpc: listener.loadBalancer.vpc,
      });
      const template = templateWith({ endpoint }, stack);
      const [{ Value: uri }] = Object.values<any>(template.findOutputs('*'));
      expect(uri).toBe(address);
      template.resourceCountIs('AWS::EC2::VPC', 1);
    },
  );

  test('what the endpoint defines can be read', () => {
    const stack = newStack();
    const endpoint = propsOf(sharedIn(stack, ApplicationProtocol.HTTPS, 443, false));
    templateWith({ endpoint }, stack);
    expect(endpoint.rule.node.path).toBe('Stack/Mlflow/Endpoint/Rule');
    expect(endpoint.targetGroup.node.path).toMatch(/^Stack\/Mlflow\/Endpoint\/Targets[0-9a-f]{8}$/);
  });
});
