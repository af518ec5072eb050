import { Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { Connections, InstanceType, Port, SecurityGroup, Vpc } from 'aws-cdk-lib/aws-ec2';
import { BackendStore, IBackendStore, MlflowTrackingServer, MlflowTrackingServerProps } from '../../src';
import { FakeBackendStore, FakeCompute, FakeEndpoint } from '../support/fakes';
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

describe('the rules that let the server into the store', () => {
  const rulesOf = (machine: { DependsOn?: string[] }) => (machine.DependsOn ?? []).filter((id) => /from/.test(id));

  /** A store of two groups, one of which lets in somebody else, too. */
  function twoGroups(stack: Stack, vpc: Vpc): IBackendStore {
    const groups = ['One', 'Two'].map((id) => new SecurityGroup(stack, id, { vpc }));
    const other = new SecurityGroup(stack, 'Other', { vpc });
    const connections = new Connections({ securityGroups: groups, defaultPort: Port.tcp(5432) });
    connections.allowDefaultPortFrom(other, 'not the server');
    return { bind: () => ({ environment: {}, connections }) };
  }

  test('are waited for, in each group and wherever they are, and no others are', () => {
    const stack = newStack();
    const vpc = new Vpc(stack, 'Vpc');
    const endpoint = new FakeEndpoint();
    const bind = endpoint.bind.bind(endpoint);
    endpoint.bind = (scope, options) => {
      // A rule of the endpoint's own, under the construct and before the store's.
      const group = new SecurityGroup(scope, 'Group', { vpc: options.vpc });
      group.connections.allowFrom(new SecurityGroup(scope, 'Client', { vpc: options.vpc }), Port.tcp(443));
      return bind(scope, options);
    };
    const compute = new FakeCompute();
    new MlflowTrackingServer(stack, 'Mlflow', { vpc, compute, endpoint, backendStore: twoGroups(stack, vpc) });
    const template = Template.fromStack(stack);
    const rules = Object.entries(template.findResources('AWS::EC2::SecurityGroupIngress'));
    expect(rules).toHaveLength(5);
    const machine = only(template, 'Fake::Machine');
    const source = { 'Fn::GetAtt': [only(template, 'AWS::EC2::SecurityGroup', 'MlflowCompute').id, 'GroupId'] };
    const expected = rules.filter(
      ([, { Properties }]) => JSON.stringify(Properties.SourceSecurityGroupId) === JSON.stringify(source),
    );
    expect(expected).toHaveLength(2);
    expect(rulesOf(machine).sort()).toEqual(expected.map(([id]) => id).sort());
  });
});
