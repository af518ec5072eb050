import { CfnParameter, Fn, Stack } from 'aws-cdk-lib';
import { Match } from 'aws-cdk-lib/assertions';
import { InstanceArchitecture, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ClusterLoggingTypes, EndpointAccess, IdentityType, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { autoMode, clusterVpc, existing, importedCluster } from './clusters';
import { kubernetesObjects, onlyKind } from './manifests';
import {
  BackendStore,
  Compute,
  EksAutoModeClusterOptions,
  EksCluster,
  EksComputeProps,
  Endpoint,
  MlflowTrackingServerProps,
  Profile,
} from '../../../src';
import { givenVpc } from '../../support/networks';
import { newStack } from '../../support/new-app';
import { idsOf, only, permissionsOf, resourcesOf, templateWith } from '../../support/templates';

const MANIFEST = 'Custom::AWSCDK-EKS-KubernetesResource';

function synthesise(
  options: Partial<EksAutoModeClusterOptions> = {},
  props: Partial<EksComputeProps> = {},
  server: MlflowTrackingServerProps = {},
  stack: Stack = newStack(),
) {
  const compute = Compute.eks({ cluster: autoMode(stack, options), ...props });
  const template = templateWith({ compute, ...server }, stack);
  return { stack, compute, template, cluster: only(template, 'AWS::EKS::Cluster') };
}

const { compute, template, cluster } = synthesise();
const objects = kubernetesObjects(template);
const deployment = (other = objects) => onlyKind(other, 'Deployment').spec.template.spec;

test('the cluster has EKS Auto Mode, and is reached from inside of the VPC alone', () => {
  const subnets = [1, 2].map((index) => ({
    Ref: only(template, 'AWS::EC2::Subnet', `MlflowVpcPrivateSubnet${index}`).id,
  }));
  expect(cluster.Properties).toEqual({
    Version: '1.33',
    AccessConfig: { AuthenticationMode: 'API', BootstrapClusterCreatorAdminPermissions: false },
    ComputeConfig: { Enabled: true, NodePools: ['system', 'general-purpose'], NodeRoleArn: expect.anything() },
    StorageConfig: { BlockStorage: { Enabled: true } },
    KubernetesNetworkConfig: { IpFamily: 'ipv4', ElasticLoadBalancing: { Enabled: true } },
    Logging: { ClusterLogging: { EnabledTypes: [] } },
    ResourcesVpcConfig: {
      EndpointPrivateAccess: true,
      EndpointPublicAccess: false,
      SecurityGroupIds: [expect.anything()],
      SubnetIds: subnets,
    },
    RoleArn: { 'Fn::GetAtt': [only(template, 'AWS::IAM::Role', 'MlflowComputeClusterRole').id, 'Arn'] },
  });
});

test('its manifests are applied from the same subnets, with the kubectl that was given', () => {
  const [handler] = Object.values(template.findResources('AWS::Lambda::Function')).filter(
    ({ Properties }) => Properties.Description === 'onEvent handler for EKS kubectl resource provider',
  );
  expect(handler.Properties.Layers).toContain('arn:aws:lambda:eu-central-1:111122223333:layer:kubectl:1');
  expect(handler.Properties.VpcConfig).toEqual({
    SubnetIds: cluster.Properties.ResourcesVpcConfig.SubnetIds,
    SecurityGroupIds: [{ 'Fn::GetAtt': [cluster.id, 'ClusterSecurityGroupId'] }],
  });
  const applied = Object.values(template.findResources(MANIFEST));
  expect(applied.length).toBe(6);
  for (const { Properties } of applied) expect(Properties.ClusterName).toEqual({ Ref: cluster.id });
});

test('only the function that applies the manifests may do anything in it', () => {
  const { Properties } = only(template, 'AWS::EKS::AccessEntry');
  expect(Properties.PrincipalArn).toEqual({
    'Fn::GetAtt': [only(template, 'AWS::IAM::Role', 'MlflowComputeClusterKubectlProviderHandler').id, 'Arn'],
  });
});

test('it is in the server’s own network, which the library makes', () => {
  const group = { 'Fn::GetAtt': [cluster.id, 'ClusterSecurityGroupId'] };
  expect(compute.capabilities.vpc).toBeUndefined();
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { GroupId: group, FromPort: 5000, ToPort: 5000 });
  template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    SourceSecurityGroupId: group,
    GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('BackendStoreInstanceSecurityGroup'), 'GroupId'] },
  });
  const from = [{ ipBlock: { cidr: '10.0.0.0/16' } }];
  expect(onlyKind(objects, 'NetworkPolicy').spec.ingress[0].from).toEqual(from);
});

test('or in the one that is given', () => {
  const stack = newStack();
  const vpc = clusterVpc(stack);
  const given = synthesise({}, {}, { vpc }, stack);
  expect(idsOf(given.template, 'AWS::EC2::VPC')).toEqual([only(given.template, 'AWS::EC2::VPC', 'GivenVpc').id]);
  for (const { Ref } of given.cluster.Properties.ResourcesVpcConfig.SubnetIds) {
    expect(Ref).toMatch(/^GivenVpcGiven1Subnet[12]Subnet/);
  }
});

test('Auto Mode registers the pods with the load balancer', () => {
  expect(onlyKind(objects, 'TargetGroupBinding').apiVersion).toBe('eks.amazonaws.com/v1');
  expect(onlyKind(objects, 'Namespace').metadata.labels['eks.amazonaws.com/pod-readiness-gate-inject']).toBe('enabled');
  template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
    Tags: [{ Key: 'eks:eks-cluster-name', Value: { Ref: cluster.id } }],
  });
  const ingress = Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com' });
  const kinds = kubernetesObjects(synthesise({}, {}, { endpoint: ingress }).template).map(({ kind }) => kind);
  expect(kinds).toContain('Ingress');
  expect(kinds).not.toContain('TargetGroupBinding');
});

test('network policies are enforced before there are pods', () => {
  const { id, Properties } = only(template, MANIFEST, 'MlflowComputeNetworkPolicies');
  const [{ metadata, ...rest }] = JSON.parse(Properties.Manifest);
  expect(metadata).toMatchObject({ name: 'amazon-vpc-cni', namespace: 'kube-system' });
  expect(rest).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', data: { 'enable-network-policy-controller': 'true' } });
  expect(Properties.Overwrite).toBe(true);
  expect(resourcesOf(template)[only(template, MANIFEST, 'MlflowComputeServer2').id].DependsOn).toContain(id);
});

test('pods, and an image that the library builds, are for the nodes that every new cluster has', () => {
  const architecture = ({ capabilities }: { capabilities: { cpuArchitecture?: string } }) =>
    capabilities.cpuArchitecture;
  expect(architecture(compute)).toBe(InstanceArchitecture.X86_64);
  expect(deployment().nodeSelector).toEqual({ 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': 'amd64' });
  const arm = synthesise({}, { cpuArchitecture: InstanceArchitecture.ARM_64 });
  expect(architecture(arm.compute)).toBe(InstanceArchitecture.ARM_64);
  expect(deployment(kubernetesObjects(arm.template)).nodeSelector['kubernetes.io/arch']).toBe('arm64');
});

test('the pods’ role is given by the cluster’s Pod Identity or, on request, by its own identity provider', () => {
  template.hasResourceProperties('AWS::EKS::PodIdentityAssociation', { ClusterName: { Ref: cluster.id } });
  const irsa = synthesise({}, { identityType: IdentityType.IRSA });
  irsa.template.resourceCountIs('AWS::EKS::PodIdentityAssociation', 0);
  const trusts = JSON.stringify(Object.values(irsa.template.findResources('AWS::IAM::Role')));
  expect(trusts).toContain('sts:AssumeRoleWithWebIdentity');
});

describe('settings', () => {
  test('other subnets', () => {
    const stack = newStack();
    const vpc = givenVpc(stack, [SubnetType.PRIVATE_WITH_EGRESS, SubnetType.PRIVATE_WITH_EGRESS]);
    const own = synthesise({ vpcSubnets: { subnetGroupName: 'Given1' } }, {}, { vpc }, stack);
    const subnets = own.cluster.Properties.ResourcesVpcConfig.SubnetIds;
    expect(subnets).toHaveLength(2);
    for (const { Ref } of subnets) expect(Ref).toMatch(/^GivenVpcGiven1Subnet[12]Subnet/);
    const [handler] = Object.values(own.template.findResources('AWS::Lambda::Function')).filter(
      ({ Properties }) => Properties.Description === 'onEvent handler for EKS kubectl resource provider',
    );
    expect(handler.Properties.VpcConfig.SubnetIds).toEqual(subnets);
  });

  test('the API may be public, for some addresses', () => {
    const endpointAccess = EndpointAccess.PUBLIC_AND_PRIVATE.onlyFrom('203.0.113.0/24');
    expect(synthesise({ endpointAccess }).cluster.Properties.ResourcesVpcConfig).toMatchObject({
      EndpointPrivateAccess: true,
      EndpointPublicAccess: true,
      PublicAccessCidrs: ['203.0.113.0/24'],
    });
  });

  test('a role may do everything with kubectl', () => {
    const stack = newStack();
    const mastersRole = Role.fromRoleArn(stack, 'Admins', 'arn:aws:iam::111122223333:role/admins');
    const { template: own } = synthesise({ mastersRole }, {}, {}, stack);
    own.hasResourceProperties('AWS::EKS::AccessEntry', { PrincipalArn: 'arn:aws:iam::111122223333:role/admins' });
    own.hasOutput('*', {
      Value: Match.objectLike({ 'Fn::Join': ['', Match.arrayWith(['aws eks update-kubeconfig --name '])] }),
    });
  });

  test('a key for Secrets', () => {
    const stack = newStack();
    const secretsEncryptionKey = new Key(stack, 'Key');
    const { template: own, cluster: encrypted } = synthesise({ secretsEncryptionKey }, {}, {}, stack);
    const KeyArn = { 'Fn::GetAtt': [only(own, 'AWS::KMS::Key').id, 'Arn'] };
    expect(encrypted.Properties.EncryptionConfig).toEqual([{ Provider: { KeyArn }, Resources: ['secrets'] }]);
  });

  test('logs of the control plane', () => {
    const logs = (options: Partial<EksAutoModeClusterOptions>, profile: Profile) =>
      synthesise(options, {}, { profile }).cluster.Properties.Logging.ClusterLogging.EnabledTypes.map(
        ({ Type }: { Type: string }) => Type,
      );
    const all = ['api', 'audit', 'authenticator', 'controllerManager', 'scheduler'];
    expect(logs({}, Profile.PRODUCTION)).toEqual(all);
    expect(logs({ clusterLogging: [] }, Profile.PRODUCTION)).toEqual([]);
    expect(logs({ clusterLogging: [ClusterLoggingTypes.AUDIT] }, Profile.DEVELOPMENT)).toEqual(['audit']);
  });

  test('an upper limit for each role that is made', () => {
    const stack = newStack();
    const permissionsBoundary = ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::aws:policy/Limit');
    const own = synthesise({}, { permissionsBoundary }, {}, stack).template;
    const roles = Object.entries(own.findResources('AWS::IAM::Role')).filter(([id]) => id.startsWith('MlflowCompute'));
    expect(roles.length).toBe(5);
    for (const [, { Properties }] of roles) {
      expect(Properties.PermissionsBoundary).toBe('arn:aws:iam::aws:policy/Limit');
    }
  });

  test('what is known only at deployment', () => {
    const stack = newStack();
    const version = KubernetesVersion.of(new CfnParameter(stack, 'Version').valueAsString);
    const vpc = Vpc.fromVpcAttributes(stack, 'Imported', {
      vpcId: Fn.importValue('Vpc'),
      vpcCidrBlock: '10.9.0.0/16',
      availabilityZones: ['a', 'b'],
      privateSubnetIds: Fn.split(',', Fn.importValue('Subnets'), 2),
    });
    const { Properties } = synthesise({ version }, {}, { vpc }, stack).cluster;
    expect(Properties.Version).toEqual({ Ref: 'Version' });
    expect(Properties.ResourcesVpcConfig.SubnetIds).toHaveLength(2);
  });
});

test('the cluster can be reached, made or given', () => {
  expect(compute.cluster.node.path).toBe('Stack/Mlflow/Compute/Cluster');
  const stack = newStack();
  const given = importedCluster(stack);
  const eks = Compute.eks({ cluster: EksCluster.existing(given) });
  templateWith({ compute: eks }, stack);
  expect(eks.cluster).toBe(given);
});

test('a given cluster gets nothing of a new one', () => {
  const stack = newStack();
  const given = templateWith({ compute: Compute.eks({ cluster: existing(stack) }) }, stack);
  const applied = kubernetesObjects(given);
  expect(applied.filter(({ metadata }) => metadata.namespace === 'kube-system')).toEqual([]);
  expect(onlyKind(applied, 'TargetGroupBinding').apiVersion).toBe('elbv2.k8s.aws/v1beta1');
  expect(deployment(applied).nodeSelector).toEqual({ 'kubernetes.io/os': 'linux' });
  for (const type of ['AWS::EKS::Cluster', 'AWS::EKS::AccessEntry', 'AWS::EKS::Addon', 'AWS::SSM::Parameter']) {
    expect(idsOf(given, type)).toEqual([]);
  }
});

test.each([true, false])('a password that is rotated reaches the pod; new cluster: %s', (isNew) => {
  const stack = newStack();
  const eks = Compute.eks({ cluster: isNew ? autoMode(stack) : existing(stack) });
  const rotated = templateWith(
    { compute: eks, backendStore: BackendStore.rdsPostgres({ credentialsRotation: {} }) },
    stack,
  );
  const secret = only(rotated, 'AWS::SecretsManager::SecretTargetAttachment').id;
  const variables = Object.fromEntries(
    deployment(kubernetesObjects(rotated)).containers[0].env.map(({ name, value }: any) => [name, value]),
  );
  const told = Buffer.from(variables.CDK_MLFLOW_BASE64_CDK_MLFLOW_DATABASE_SECRET, 'base64').toString();
  expect(told).toBe(secret.toLowerCase());
  const role = only(rotated, 'AWS::IAM::Role', 'MlflowComputeServiceAccount').id;
  const readers = permissionsOf(rotated)
    .filter(({ action }) => action === 'secretsmanager:GetSecretValue')
    .filter(({ resource }) => (resource as { Ref?: string }).Ref === secret);
  expect(readers.map((permission) => permission.role)).toContain(role);
  only(rotated, 'AWS::SecretsManager::RotationSchedule');
});
