import { Duration, Lazy } from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { HostedZone, PrivateHostedZone } from 'aws-cdk-lib/aws-route53';
import { Endpoint, MlflowTrackingServer, ServerImage } from '../../../src';
import { newStack } from '../../support/new-app';
import { elementsIn, messageOf } from '../../support/templates';
import {
  ENDPOINT_DEFINING,
  ENDPOINT_ERRORS,
  ENDPOINT_PROPS,
  importedListener,
  importedVpc,
  importedZone,
} from '../errors';

test('bad inputs are many', () => {
  expect(ENDPOINT_ERRORS.length + ENDPOINT_PROPS.length).toBeGreaterThanOrEqual(80);
});

test.each(ENDPOINT_ERRORS)('%s', (_name, action, message) => {
  expect(messageOf(action)).toBe(message);
});

test.each(ENDPOINT_PROPS)('%s, before anything is defined', (_name, props, message) => {
  const stack = newStack();
  expect(messageOf(() => new MlflowTrackingServer(stack, 'Mlflow', props(stack)))).toBe(message);
  expect(elementsIn(stack)).toEqual([]);
  expect(stack.node.findChild('Mlflow').node.children).toEqual([]);
});

test.each(ENDPOINT_DEFINING)('%s', (_name, action, message) => {
  expect(messageOf(action)).toBe(message);
});

describe('what is not refused', () => {
  const stack = newStack();
  const hostedZone = importedZone(stack);

  test.each([
    ['the zone’s own name', () => Endpoint.publicLoadBalancer({ domainName: 'example.com', hostedZone })],
    ['capital letters', () => Endpoint.publicLoadBalancer({ domainName: 'MLflow.Example.COM', hostedZone })],
    [
      'a name of 64 characters',
      () => Endpoint.publicLoadBalancer({ domainName: `${'a'.repeat(52)}.example.com`, hostedZone }),
    ],
    [
      'a long name without a certificate',
      () => Endpoint.internalLoadBalancer({ domainName: `${'a'.repeat(60)}.example.com` }),
    ],
    [
      'a zone that does not tell its name',
      () =>
        Endpoint.publicLoadBalancer({
          domainName: 'mlflow.example.org',
          hostedZone: HostedZone.fromHostedZoneId(stack, 'Nameless', 'Z2'),
        }),
    ],
    [
      'a private zone for plain HTTP',
      () => {
        const vpc = importedVpc(stack, 'vpc-9', { privateSubnetIds: ['s-1', 's-2'] });
        const zone = new PrivateHostedZone(stack, 'PrivateZone', { zoneName: 'example.com', vpc });
        return Endpoint.internalLoadBalancer({ domainName: 'mlflow.example.com', hostedZone: zone, plainHttp: true });
      },
    ],
    [
      'the limits of the idle timeout',
      () => [1, 4000].map((seconds) => Endpoint.internalLoadBalancer({ idleTimeout: Duration.seconds(seconds) })),
    ],
    ['the limits of the port', () => [1, 65535].map((port) => Endpoint.internalLoadBalancer({ port }))],
    [
      'the limits of the priority',
      () =>
        [1, 50000].map((priority) =>
          Endpoint.onListener(importedListener(newStack()), { domainName: 'mlflow.example.com', priority }),
        ),
    ],
    [
      'HTTPS on port 80 without a redirect',
      () =>
        Endpoint.publicLoadBalancer({ domainName: 'mlflow.example.com', hostedZone, port: 80, httpRedirect: false }),
    ],
    ['plain HTTP in public, accepted', () => Endpoint.publicLoadBalancer({ plainHttp: true })],
  ])('%s', (_name, action) => {
    expect(action).not.toThrow();
  });

  test('tokens', () => {
    const number = Lazy.number({ produce: () => 3 });
    const string = Lazy.string({ produce: () => 'x' });
    expect(() => [
      Endpoint.publicLoadBalancer({
        domainName: string,
        hostedZone,
        port: number,
        allowedCidrs: [string],
        webAclArn: string,
      }),
      Endpoint.onListener(importedListener(newStack()), { domainName: string, priority: number, port: number }),
    ]).not.toThrow();
  });

  test.each([
    ['Amazon ECR', ServerImage.fromEcrRepository(Repository.fromRepositoryName(newStack(), 'Given', 'mlflow'), '3')],
    ['a name that is not known', ServerImage.fromRegistry(Lazy.string({ produce: () => 'x' }))],
  ])('an image of %s, in a VPC without a way out', (_name, image) => {
    const within = newStack();
    const vpc = importedVpc(within, 'vpc-1', { isolatedSubnetIds: ['s-1', 's-2'] });
    const props = { vpc, image };
    expect(() => new MlflowTrackingServer(within, 'Mlflow', props)).not.toThrow();
  });
});
