import { Stack } from 'aws-cdk-lib';
import { autoMode, clusterVpc, importedCluster } from './clusters';
import { Compute, EksCluster, Endpoint, ICompute, IEndpoint } from '../../../src';
import { newStack } from '../../support/new-app';
import { idsOf, only, resourcesOf, templateWith } from '../../support/templates';

/** What holds data, and what only moves with it. */
const DATA = [
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBSubnetGroup',
  'AWS::RDS::DBParameterGroup',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
  'AWS::SecretsManager::SecretTargetAttachment',
  'AWS::EC2::VPC',
];

/** Both servers are in the VPC of the cluster: a database cannot move to another. */
function inVpcOfCluster(computeOf: (stack: Stack) => ICompute | undefined, endpoint?: IEndpoint) {
  const stack = newStack();
  const vpc = clusterVpc(stack);
  importedCluster(stack, { vpc });
  const compute = computeOf(stack);
  return templateWith({ compute, endpoint, vpc }, stack);
}

const onEks = (stack: Stack) => Compute.eks({ cluster: EksCluster.existing(stack.node.findChild('Cluster') as never) });
const fargate = inVpcOfCluster(() => undefined);

describe.each<[string, () => IEndpoint | undefined]>([
  ['the load balancer', () => undefined],
  ['an ingress', () => Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com' })],
])('from Fargate to EKS with %s', (_name, endpoint) => {
  const eks = inVpcOfCluster(onEks, endpoint());

  test.each(DATA)('%s stays', (type) => {
    expect(idsOf(eks, type).length).toBeGreaterThan(0);
    expect(idsOf(eks, type)).toEqual(idsOf(fargate, type));
  });

  test('the database and the bucket are not touched', () => {
    for (const type of ['AWS::RDS::DBInstance', 'AWS::S3::Bucket', 'AWS::RDS::DBSubnetGroup']) {
      const [id] = idsOf(fargate, type);
      expect(resourcesOf(eks)[id]).toEqual(resourcesOf(fargate)[id]);
    }
  });

  test('nothing of the other compute is left', () => {
    for (const type of ['AWS::ECS::Cluster', 'AWS::ECS::Service', 'AWS::ECS::TaskDefinition']) {
      expect(idsOf(eks, type)).toEqual([]);
    }
  });
});

describe('from Fargate to EKS in a new cluster, in the network of the library', () => {
  const fargateOwn = templateWith();
  const stack = newStack();
  const eks = templateWith({ compute: Compute.eks({ cluster: autoMode(stack) }) }, stack);

  test.each([...DATA, 'AWS::EC2::Subnet'])('%s stays', (type) => {
    expect(idsOf(eks, type).length).toBeGreaterThan(0);
    expect(idsOf(eks, type)).toEqual(idsOf(fargateOwn, type));
  });

  test.each(DATA)('%s is not touched', (type) => {
    for (const id of idsOf(fargateOwn, type)) expect(resourcesOf(eks)[id]).toEqual(resourcesOf(fargateOwn)[id]);
  });

  test('and the cluster goes with the compute', () => {
    const { DeletionPolicy, UpdateReplacePolicy } = only(eks, 'AWS::EKS::Cluster');
    expect([DeletionPolicy, UpdateReplacePolicy]).toEqual([undefined, undefined]);
    expect(idsOf(fargateOwn, 'AWS::EKS::Cluster')).toEqual([]);
  });
});

test('what EKS has made keeps its ids: a new manifest would apply everything anew', () => {
  expect(idsOf(inVpcOfCluster(onEks), 'Custom::AWSCDK-EKS-KubernetesResource')).toEqual([
    'MlflowComputeNamespaceB773F11D',
    'MlflowComputeServer23291EEB',
    'MlflowComputeServiceAccountmanifestServiceAccountServiceAccountResource7EE8CFD1',
    'MlflowComputeServiceF2D4CD07',
    'MlflowComputeTargetGroupBinding1CFF3969',
  ]);
});
