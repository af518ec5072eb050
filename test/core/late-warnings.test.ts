import { Stack } from 'aws-cdk-lib';
import { Annotations, Match } from 'aws-cdk-lib/assertions';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import { Peer, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { Compute, Endpoint, MlflowTrackingServer, MlflowTrackingServerProps } from '../../src';
import { FakeBackendStore, FakeEndpoint } from '../support/fakes';
import { newStack } from '../support/new-app';

function warningsOf(define: (stack: Stack) => void): unknown[] {
  const stack = newStack();
  define(stack);
  return Annotations.fromStack(stack)
    .findWarning('*', Match.anyValue())
    .map(({ id, entry }) => [id, entry.data])
    .filter(([, text]) => /\[ack: cdk-mlflow:(noClients|alarmsWithoutAction)\]$/.test(text as string));
}

const PLAIN = { domainName: 'mlflow.example.com', plainHttp: true };

describe('an endpoint that admits nobody', () => {
  const balanced = (props: object = {}): MlflowTrackingServerProps => ({
    backendStore: new FakeBackendStore(),
    endpoint: Endpoint.publicLoadBalancer({ ...PLAIN, ...props }),
  });
  const addressed = (props: object = {}, compute: object = {}): MlflowTrackingServerProps => ({
    backendStore: new FakeBackendStore(),
    compute: Compute.ec2(compute),
    endpoint: Endpoint.instanceAddress(props),
  });
  const SSH = { keyPair: { keyPairName: 'admin' }, sshCidrs: ['203.0.113.0/24'] };
  const of = (endpoint: string) => [
    [
      '/Stack/Mlflow',
      `no clients can connect to ${endpoint}, because no rule allows them; set 'allowedCidrs' of the endpoint, or allow clients through 'connections' [ack: cdk-mlflow:noClients]`,
    ],
  ];

  test.each([
    ['a public load balancer', balanced()],
    ['an instance address', addressed()],
    ['an instance address', addressed({}, SSH)],
  ])('is warned of: %s', (endpoint, props) => {
    expect(warningsOf((stack) => new MlflowTrackingServer(stack, 'Mlflow', props))).toEqual(of(endpoint));
  });

  test.each<[string, () => MlflowTrackingServerProps]>([
    ['blocks of a load balancer', () => balanced({ allowedCidrs: ['203.0.113.0/24'] })],
    ['the world', () => balanced({ openToTheWorld: true })],
    ['blocks of an address', () => addressed({ allowedCidrs: ['203.0.113.0/24'], port: 8080 })],
    ['an internal load balancer', () => ({ backendStore: new FakeBackendStore() })],
    ['an endpoint of one’s own, which says nothing of a network', () => ({ endpoint: new FakeEndpoint(true) })],
  ])('is not: %s', (_name, props) => {
    expect(warningsOf((stack) => new MlflowTrackingServer(stack, 'Mlflow', props()))).toEqual([]);
  });

  test.each([balanced, addressed])('is not where clients are admitted later, %#', (props) => {
    const admit = (peer: (stack: Stack) => Parameters<SecurityGroup['addIngressRule']>[0]) =>
      warningsOf((stack) => {
        new MlflowTrackingServer(stack, 'Mlflow', props()).connections.allowDefaultPortFrom(peer(stack) as never);
      });
    expect(admit(() => Peer.ipv4('203.0.113.0/24'))).toEqual([]);
    expect(admit((stack) => SecurityGroup.fromSecurityGroupId(stack, 'Notebooks', 'sg-456'))).toEqual([]);
    expect(
      admit((stack) =>
        SecurityGroup.fromSecurityGroupId(new Stack(stack.node.root as never, 'Other'), 'Notebooks', 'sg-456'),
      ),
    ).toEqual([]);
  });

  test('is where only another port is opened later', () => {
    const warnings = warningsOf((stack) => {
      new MlflowTrackingServer(stack, 'Mlflow', addressed()).connections.allowFrom(Peer.anyIpv4(), Port.tcp(9100));
    });
    expect(warnings).toEqual(of('an instance address'));
  });
});

describe('alarms without an action', () => {
  const server = (stack: Stack) =>
    new MlflowTrackingServer(stack, 'Mlflow', { endpoint: new FakeEndpoint(), backendStore: new FakeBackendStore() });

  test('are warned of', () => {
    expect(warningsOf((stack) => server(stack).addAlarms())).toEqual([
      [
        '/Stack/Mlflow/Alarms',
        "the alarms notify no one, because they have no actions; set 'topic' or 'alarmActions' of addAlarms() [ack: cdk-mlflow:alarmsWithoutAction]",
      ],
    ]);
  });

  test.each<[string, (stack: Stack) => unknown]>([
    ['with a topic', (stack) => server(stack).addAlarms({ topic: new Topic(stack, 'Topic') })],
    [
      'with an action',
      (stack) => server(stack).addAlarms({ alarmActions: [new SnsAction(new Topic(stack, 'Topic'))] }),
    ],
    [
      'with an action that is added later',
      (stack) =>
        server(stack)
          .addAlarms()[0]
          .addAlarmAction(new SnsAction(new Topic(stack, 'Topic'))),
    ],
  ])('but not %s', (_name, define) => {
    expect(warningsOf(define)).toEqual([]);
  });
});
