import { Template } from 'aws-cdk-lib/assertions';
import { Compute } from '../src';
import { autoMode, existing } from './compute/eks/clusters';
import { kubernetesObjects, onlyKind } from './compute/eks/manifests';
import { FakeCompute } from './support/fakes';
import { newStack } from './support/new-app';
import { idsOf, only, templateWith } from './support/templates';

/** Whoever changes one of these replaces what users have stored: that is a new major version, or never. */
const DATA = {
  'AWS::RDS::DBInstance': ['MlflowBackendStoreInstance0AA03B84'],
  'AWS::RDS::DBSubnetGroup': ['MlflowBackendStoreSubnets4441F936'],
  'AWS::RDS::DBParameterGroup': ['MlflowBackendStoreParameters7501090A'],
  'AWS::S3::Bucket': ['MlflowArtifactStoreBucket14978695'],
  'AWS::SecretsManager::SecretTargetAttachment': ['MlflowBackendStoreCredentialsAttachment641E85BA'],
  'AWS::SecretsManager::Secret': [
    'MlflowAuthenticationAdministrator21B01B3B',
    'MlflowAuthenticationFlaskKeyB0B02D71',
    'MlflowBackendStoreCredentialsE6AF837C',
    'MlflowServerEncryptionPassphrase70C1B7CA',
    'MlflowServerWebhookKey87B5D6C7',
  ],
  'AWS::EC2::VPC': ['MlflowVpcB59F1FE7'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['MlflowEndpointLoadBalancer99BAE971'],
  'AWS::ElasticLoadBalancingV2::TargetGroup': ['MlflowEndpointTargets530BDB61'],
};

describe.each([
  ['Fargate', () => Compute.fargate()],
  ['ECS on EC2', () => Compute.ecsOnEc2()],
  ['a compute of the user’s own', () => new FakeCompute()],
])('under %s', (_name, compute) => {
  const template = templateWith({ compute: compute() });

  test.each(Object.entries(DATA))('the ids of %s are for ever', (type, ids) => {
    expect(idsOf(template, type)).toEqual(ids);
  });
});

/** What CloudFormation cannot replace, or only with everything in it. */
const COMPUTES: [string, () => Template, Record<string, string[]>][] = [
  [
    'Fargate',
    () => templateWith(),
    { 'AWS::ECS::Cluster': ['MlflowComputeCluster93A57FED'], 'AWS::ECS::Service': ['MlflowComputeService0798D545'] },
  ],
  [
    'ECS on EC2',
    () => templateWith({ compute: Compute.ecsOnEc2() }),
    {
      'AWS::ECS::Cluster': ['MlflowComputeCluster93A57FED'],
      'AWS::ECS::Service': ['MlflowComputeService0798D545'],
      'AWS::AutoScaling::AutoScalingGroup': ['MlflowComputeGroupASGDFA4191F'],
      'AWS::ECS::CapacityProvider': ['MlflowComputeCapacityProvider4D529877'],
      'Custom::AWS': ['MlflowComputeGroupRemovalE720054B'],
    },
  ],
  [
    'EKS in a new cluster',
    () => {
      const stack = newStack();
      return templateWith({ compute: Compute.eks({ cluster: autoMode(stack) }) }, stack);
    },
    { 'AWS::EKS::Cluster': ['MlflowComputeCluster93A57FED'] },
  ],
  ['a MLflow App', () => templateWith({ compute: Compute.sageMakerMlflowApp() }), managed('MlflowApp', 'App1E647C0C')],
  [
    'a managed tracking server',
    () => templateWith({ compute: Compute.sageMakerTrackingServer() }),
    managed('MlflowTrackingServer', 'TrackingServerCB797343'),
  ],
];

function managed(type: string, id: string): Record<string, string[]> {
  return { [`AWS::SageMaker::${type}`]: [`MlflowComputeService${id}`] };
}

test.each(COMPUTES)('the ids of what runs %s are for ever', (_name, template, ids) => {
  const made = template();
  expect(Object.fromEntries(Object.keys(ids).map((type) => [type, idsOf(made, type)]))).toEqual(ids);
});

test('the objects on EKS, and the name of the binding of the default target group, are for ever', () => {
  const stack = newStack();
  const template = templateWith({ compute: Compute.eks({ cluster: existing(stack) }) }, stack);
  expect(idsOf(template, 'Custom::AWSCDK-EKS-KubernetesResource')).toEqual([
    'MlflowComputeNamespaceB773F11D',
    'MlflowComputeServer23291EEB',
    'MlflowComputeServiceAccountmanifestServiceAccountServiceAccountResource7EE8CFD1',
    'MlflowComputeServiceF2D4CD07',
    'MlflowComputeTargetGroupBinding1CFF3969',
  ]);
  // The controller's webhook refuses a second binding of the same target group.
  expect(onlyKind(kubernetesObjects(template), 'TargetGroupBinding').metadata.name).toBe('mlflow');
});

test('the group of ECS on EC2 has the name that its capacity provider has for ever', () => {
  const { Properties } = only(templateWith({ compute: Compute.ecsOnEc2() }), 'AWS::ECS::CapacityProvider');
  expect(Properties.Name).toBe('cp-StackMlflowComputeGroup1F0F3B38');
});
