import { Duration } from 'aws-cdk-lib';
import { Endpoint, Profile } from '../../src';
import { givenVpc, ALL_KINDS } from '../support/networks';
import { newStack } from '../support/new-app';
import { elementsIn, messageOf } from '../support/templates';

const bind = (endpoint: ReturnType<typeof Endpoint.kubernetesIngress>) => {
  const stack = newStack();
  const vpc = givenVpc(stack, ALL_KINDS);
  const before = elementsIn(stack);
  const config = endpoint.bind(stack, { profile: Profile.DEVELOPMENT, vpc, port: 5000, healthCheckPath: '/health' });
  // The Ingress is the compute's to make: it alone knows the cluster.
  expect(elementsIn(stack)).toEqual(before);
  return config;
};

test('a name is enough: HTTPS, the default class, and the longest time that a balancer can wait', () => {
  expect(bind(Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com' }))).toEqual({
    origin: 'https://mlflow.example.com',
    hostNames: ['mlflow.example.com'],
    idleTimeout: Duration.seconds(4000),
    ingress: {},
  });
});

test('what the controller is told is handed on', () => {
  const endpoint = Endpoint.kubernetesIngress({
    domainName: 'mlflow.example.com',
    ingressClassName: 'nginx',
    annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '0' },
    tlsSecretName: 'mlflow-tls',
    controllerNamespace: 'ingress-nginx',
    idleTimeout: Duration.minutes(2),
  });
  expect(bind(endpoint)).toMatchObject({
    idleTimeout: Duration.minutes(2),
    ingress: {
      className: 'nginx',
      annotations: { 'nginx.ingress.kubernetes.io/proxy-body-size': '0' },
      tlsSecretName: 'mlflow-tls',
      controllerNamespace: 'ingress-nginx',
    },
  });
});

test('plain HTTP is in the origin', () => {
  const endpoint = Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com', plainHttp: true });
  expect(bind(endpoint).origin).toBe('http://mlflow.example.com');
});

test('it is taken for public unless the user says that it is not', () => {
  const isPublic = (props = {}) =>
    Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com', ...props }).capabilities.isPublic;
  expect([isPublic(), isPublic({ internetFacing: true }), isPublic({ internetFacing: false })]).toEqual([
    true,
    true,
    false,
  ]);
});

test('one endpoint is for one server', () => {
  const endpoint = Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com' });
  bind(endpoint);
  expect(messageOf(() => bind(endpoint))).toBe(
    'this Endpoint.kubernetesIngress() already belongs to an MlflowTrackingServer; create another one for the second server',
  );
});
