import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { BackendStore, IBackendStore, MlflowTrackingServer, MlflowTrackingServerProps } from '../../src';
import { FakeBackendStore, FakeCompute } from '../support/fakes';
import { newStack } from '../support/new-app';
import { only } from '../support/templates';

const CONNECTIONS = Match.stringLikeRegexp('database connections');

function define(props: MlflowTrackingServerProps) {
  const stack = newStack();
  new MlflowTrackingServer(stack, 'Mlflow', props);
  return stack;
}

describe('connections of the database', () => {
  const accepting = (maxConnections?: number): IBackendStore => ({
    bind: (scope) => ({ ...new FakeBackendStore().bind(scope), maxConnections }),
  });
  const compute = () => new FakeCompute({ size: { replicas: 2 } });

  test('more than it accepts are a warning', () => {
    const stack = define({ compute: compute(), backendStore: accepting(163), server: { workers: 2 } });
    Annotations.fromStack(stack).hasWarning(
      '/Stack/Mlflow',
      '2 servers with 2 workers each open up to 164 database connections, but the database accepts about 163; ' +
        'choose a larger database instance, fewer workers or fewer replicas [ack: cdk-mlflow:databaseConnections]',
    );
  });

  test.each([164, undefined])('%s are enough, or nothing is known', (maxConnections) => {
    const stack = define({ compute: compute(), backendStore: accepting(maxConnections), server: { workers: 2 } });
    Annotations.fromStack(stack).hasNoWarning('*', CONNECTIONS);
  });

  test('what an instance accepts follows from its type', () => {
    const backendStore = (type: string) => BackendStore.rdsPostgres({ instanceType: new InstanceType(type) });
    const server = { workers: 3 };
    const small = define({ compute: compute(), backendStore: backendStore('t4g.micro'), server });
    Annotations.fromStack(small).hasWarning('/Stack/Mlflow', Match.stringLikeRegexp('246 .* accepts about 84'));
    const large = define({ compute: compute(), backendStore: backendStore('m7g.large'), server });
    Annotations.fromStack(large).hasNoWarning('*', CONNECTIONS);
  });
});

test('a workload waits for nothing but what the server needs', () => {
  const stack = define({ compute: new FakeCompute(), backendStore: new FakeBackendStore() });
  const template = Template.fromStack(stack);
  expect(only(template, 'Fake::Machine').DependsOn).toEqual([only(template, 'Fake::Database').id]);
});

test('a compute that starts nothing itself waits for nothing', () => {
  const compute = new FakeCompute();
  const bind = compute.bind.bind(compute);
  compute.bind = (scope, options) => ({ ...bind(scope, options), workloads: undefined });
  const template = Template.fromStack(define({ compute }));
  expect(only(template, 'Fake::Machine')).not.toHaveProperty('DependsOn');
});

test('without connections of the compute, no rule is made', () => {
  const compute = new FakeCompute();
  const bind = compute.bind.bind(compute);
  compute.bind = (scope, options) => ({ ...bind(scope, options), connections: undefined });
  Template.fromStack(define({ compute })).resourceCountIs('AWS::EC2::SecurityGroupIngress', 0);
});
