import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Cluster as EcsCluster } from 'aws-cdk-lib/aws-ecs';
import { EcsAutoScalingCapacityOptions, Compute, EcsCapacity, Endpoint, ICompute, Profile } from '../../src';
import { autoMode, clusterVpc, existing } from './eks/clusters';
import { newStack } from '../support/new-app';
import { only, resourcesOf, templateWith } from '../support/templates';
import { changingType, deletedInUse, referencesIn, vanishing } from '../support/updates';

type Make = (stack: Stack) => ICompute;

function deployed(make: Make): Template {
  const stack = newStack();
  const vpc = clusterVpc(stack);
  return templateWith({ compute: make(stack), vpc }, stack);
}

const CAPACITIES: [string, EcsAutoScalingCapacityOptions][] = [
  ['by default', {}],
  ['without managed termination protection', { managedTerminationProtection: false }],
  ['with Spot Instances', { spot: {} }],
  ['with Spot Instances, without that protection', { spot: {}, managedTerminationProtection: false }],
  ['with working hours or not, a larger group', { minCapacity: 1, maxCapacity: 4 }],
];
const COMPUTES: [string, Make][] = [
  ['Fargate', () => Compute.fargate()],
  ['EC2', () => Compute.ec2()],
  ...CAPACITIES.map(([name, options]): [string, Make] => [
    `ECS on EC2 ${name}`,
    () => Compute.ecsOnEc2({ capacity: EcsCapacity.autoScaling(options) }),
  ]),
  [
    'ECS on EC2 in a given cluster',
    (stack) => {
      const vpc = stack.node.findChild('GivenVpc') as never;
      const attributes = { clusterName: 'platform', vpc, hasEc2Capacity: true };
      const cluster = EcsCluster.fromClusterAttributes(stack, 'EcsCluster', attributes);
      return Compute.ecsOnEc2({ capacity: EcsCapacity.existing(cluster) });
    },
  ],
  ['EKS', (stack) => Compute.eks({ cluster: existing(stack, {}, { vpc: stack.node.findChild('GivenVpc') as never }) })],
  ['EKS in a new cluster', (stack) => Compute.eks({ cluster: autoMode(stack) })],
];
const withProtection = (managedTerminationProtection: boolean) =>
  Compute.ecsOnEc2({ capacity: EcsCapacity.autoScaling({ managedTerminationProtection }) });
const CLUSTERS = ['AWS::ECS::Cluster', 'AWS::EKS::Cluster'];
const typesOf = (template: Template) => Object.values(resourcesOf(template)).map(({ Type }) => Type);
const made = COMPUTES.map(([name, make]) => ({ name, template: deployed(make) }));
const pairs = made.flatMap((before) => made.filter((after) => after !== before).map((after) => ({ before, after })));

describe.each(pairs.map((pair) => ({ ...pair, from: pair.before.name, to: pair.after.name })))(
  'from $from to $to',
  ({ before, after }) => {
    test('what survives is deleted by no custom resource that leaves', () => {
      expect(deletedInUse(before.template, after.template)).toEqual([]);
    });

    test('no logical id becomes another type, but that of a cluster of its own', () => {
      const clusters = [before, after].map(({ template }) => typesOf(template).find((type) => CLUSTERS.includes(type)));
      const isRefused = new Set(clusters).size === 2 && !clusters.includes(undefined);
      // Another id of either would replace the clusters of existing servers.
      const refused = isRefused ? [`MlflowComputeCluster93A57FED: ${clusters.join(', ')}`] : [];
      expect(changingType(before.template, after.template)).toEqual(refused);
    });
  },
);

describe.each([
  [true, false],
  [false, true],
])('with managed termination protection from %s to %s', (from, to) => {
  const template = (managedTerminationProtection: boolean) =>
    templateWith({ compute: withProtection(managedTerminationProtection), profile: Profile.PRODUCTION });
  const [before, after] = [template(from), template(to)];

  test('nothing leaves, and nothing comes', () => {
    expect(vanishing(before, after)).toEqual([]);
    expect(vanishing(after, before)).toEqual([]);
  });

  test('the group, and what deletes it, stay what they are', () => {
    const group = only(after, 'AWS::AutoScaling::AutoScalingGroup').id;
    const removal = only(after, 'Custom::AWS');
    expect([group, removal.id]).toEqual(['MlflowComputeGroupASGDFA4191F', 'MlflowComputeGroupRemovalE720054B']);
    expect(removal).toEqual(only(before, 'Custom::AWS'));
    expect(referencesIn(removal.Properties.Delete)).toEqual([group]);
    // With another name, the capacity provider is replaced, and ECS parts with none that has tasks.
    const provider = only(after, 'AWS::ECS::CapacityProvider');
    expect(provider.Properties.Name).toBe(only(before, 'AWS::ECS::CapacityProvider').Properties.Name);
    const { ManagedTerminationProtection } = provider.Properties.AutoScalingGroupProvider;
    expect(ManagedTerminationProtection).toBe(to ? 'ENABLED' : 'DISABLED');
  });
});

test('a removal that left alone would be found, and so would an object with a new manifest', () => {
  const before = made.find(({ name }) => name === 'ECS on EC2 by default')!.template;
  const { [only(before, 'Custom::AWS').id]: _, ...rest } = resourcesOf(before);
  const group = only(before, 'AWS::AutoScaling::AutoScalingGroup').id;
  expect(deletedInUse(before, Template.fromJSON({ Resources: rest as never }))).toEqual([
    `${only(before, 'Custom::AWS').id}: ${group}`,
  ]);
  const eks = made.find(({ name }) => name === 'EKS')!.template;
  const server = only(eks, 'Custom::AWSCDK-EKS-KubernetesResource', 'MlflowComputeServer2').id;
  const { [server]: manifest, ...others } = resourcesOf(eks);
  const renamed = Template.fromJSON({ Resources: { ...others, Renamed: manifest } as never });
  expect(deletedInUse(eks, renamed)).toEqual([
    `${server}: ConfigMap mlflow/mlflow`,
    `${server}: Deployment mlflow/mlflow`,
  ]);
});

test('endpoints that only ECS on EC2 has leave the removal alone', () => {
  const forwarding = templateWith({ compute: Compute.ecsOnEc2(), endpoint: Endpoint.portForwarding() });
  const balanced = templateWith({ compute: withProtection(false) });
  expect(deletedInUse(forwarding, balanced)).toEqual([]);
  expect(deletedInUse(balanced, forwarding)).toEqual([]);
});

describe('a namespace that the library no longer creates', () => {
  const template = (createNamespace: boolean) => {
    const stack = newStack();
    return templateWith({ compute: Compute.eks({ cluster: existing(stack, { createNamespace }) }) }, stack);
  };
  const [created, given] = [template(true), template(false)];
  const { id, ...manifest } = only(created, 'Custom::AWSCDK-EKS-KubernetesResource', 'MlflowComputeNamespace');

  test('is kept with the server in it', () => {
    expect(deletedInUse(created, given)).toEqual([]);
    expect([manifest.DeletionPolicy, manifest.UpdateReplacePolicy]).toEqual(['RetainExceptOnCreate', 'Retain']);
  });

  test('and that is created again, is applied over the one that was kept', () => {
    expect(manifest.Properties.Overwrite).toBe(true);
  });

  test('would be found, were it deleted with the server in it', () => {
    const deleted = { ...manifest, DeletionPolicy: 'Delete' };
    const before = Template.fromJSON({ Resources: { ...resourcesOf(created), [id]: deleted } as never });
    expect(deletedInUse(before, given)).toContain(`${id}: Deployment mlflow/mlflow`);
  });
});
