import { Duration, Lazy, Size } from 'aws-cdk-lib';
import { InstanceType, KeyPair } from 'aws-cdk-lib/aws-ec2';
import { EC2_DEFINING, EC2_ERRORS, EC2_PROPS, requirementsWith } from './errors';
import { Authentication, Compute, Endpoint, MlflowTrackingServer, MlflowVersion } from '../../../src';
import { FakeCompute, FakeEndpoint } from '../../support/fakes';
import { newStack } from '../../support/new-app';
import { elementsIn, messageOf } from '../../support/templates';

test('bad inputs are many', () => {
  expect(EC2_ERRORS.length + EC2_PROPS.length).toBeGreaterThanOrEqual(80);
});

test.each(EC2_ERRORS)('%s', (_name, action, message) => {
  expect(messageOf(action)).toBe(message);
});

test.each(EC2_PROPS)('%s, before anything is defined', (_name, props, message) => {
  const stack = newStack();
  expect(messageOf(() => new MlflowTrackingServer(stack, 'Mlflow', props(stack)))).toBe(message);
  expect(elementsIn(stack)).toEqual([]);
  expect(stack.node.findChild('Mlflow').node.children).toEqual([]);
});

test.each(EC2_DEFINING)('%s', (_name, action, message) => {
  expect(messageOf(action)).toEqual(message);
});

test('a compute without Session Manager has no port to forward', () => {
  const props = { compute: new FakeCompute(), endpoint: Endpoint.portForwarding() };
  expect(messageOf(() => new MlflowTrackingServer(newStack(), 'Mlflow', props))).toBe(
    "'endpoint' cannot be port forwarding with Fake compute, whose servers cannot be reached through Session Manager; choose an endpoint that uses a load balancer, or another compute",
  );
});

describe('what is not refused', () => {
  test.each([
    ['the smallest types', () => [Compute.ec2({ instanceType: new InstanceType('t4g.micro') }), Compute.ec2()]],
    [
      'a type of 1 GiB that the user describes',
      () => Compute.ec2({ instanceType: new InstanceType('x9.tiny'), vcpus: 1, memory: Size.gibibytes(1) }),
    ],
    ['the limits of the disk', () => [10, 16384].map((size) => Compute.ec2({ volumeSize: Size.gibibytes(size) }))],
    [
      'the limits of the boot',
      () => [5, 720].map((minutes) => Compute.ec2({ bootTimeout: Duration.minutes(minutes) })),
    ],
    ['the limits of the port', () => [1024, 65535].map((port) => Endpoint.instanceAddress({ port }))],
    ['wide private blocks', () => Endpoint.instanceAddress({ allowedCidrs: ['10.0.0.0/8', '203.0.113.7/32'] })],
    [
      'SSH with both',
      () => Compute.ec2({ keyPair: KeyPair.fromKeyPairName(newStack(), 'K', 'k'), sshCidrs: ['10.0.0.0/8'] }),
    ],
    ['requirements of another release', () => Compute.ec2({ requirements: requirementsWith('3.17.1') })],
  ])('%s', (_name, action) => {
    expect(action).not.toThrow();
  });

  test('tokens', () => {
    const number = Lazy.number({ produce: () => 3 });
    const string = Lazy.string({ produce: () => '10.0.0.0/8' });
    expect(() => [
      Compute.ec2({ replicas: number, volumeSize: Size.gibibytes(number), bootTimeout: Duration.minutes(number) }),
      Compute.ec2({ instanceType: new InstanceType('x9.tiny'), vcpus: number, memory: Size.gibibytes(4) }),
      Endpoint.instanceAddress({ allowedCidrs: [string], port: number }),
    ]).not.toThrow();
  });

  test('no authentication behind named addresses', () => {
    const endpoint = Endpoint.instanceAddress({ allowedCidrs: ['10.0.0.0/8'] });
    const props = { compute: Compute.ec2(), endpoint, authentication: Authentication.none() };
    expect(() => new MlflowTrackingServer(newStack(), 'Mlflow', props)).not.toThrow();
  });

  test('the release of the packages, said again', () => {
    const compute = Compute.ec2({ requirements: requirementsWith('3.17.1') });
    const props = { compute, version: MlflowVersion.of('3.17.1'), endpoint: new FakeEndpoint() };
    expect(() => new MlflowTrackingServer(newStack(), 'Mlflow', props)).not.toThrow();
  });
});
