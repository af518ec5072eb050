import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { Cluster, IdentityType, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { IRole, OpenIdConnectProvider, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { clusterVpc, existing } from './clusters';
import { kubernetesObjects, onlyKind } from './manifests';
import { Compute, EksCluster, EksComputeProps } from '../../../src';
import { newStack } from '../../support/new-app';
import { actionsOn, idsOf, only, permissionsOf, resourcesOf, templateWith } from '../../support/templates';

const MANIFEST = 'Custom::AWSCDK-EKS-KubernetesResource';
const ASSOCIATION = 'AWS::EKS::PodIdentityAssociation';

const podRole = (stack: Stack) =>
  new Role(stack, 'PodRole', { assumedBy: new ServicePrincipal('pods.eks.amazonaws.com') });
const oidc = (stack: Stack) =>
  OpenIdConnectProvider.fromOpenIdConnectProviderArn(stack, 'Provider', 'arn:aws:iam::111122223333:oidc-provider/x');

function synthesise(roleOf?: (stack: Stack) => IRole, props: Partial<EksComputeProps> = {}) {
  const stack = newStack();
  const compute = Compute.eks({
    cluster: existing(stack, {}, { openIdConnectProvider: oidc(stack) }),
    role: roleOf?.(stack),
    ...props,
  });
  return { compute, template: templateWith({ compute }, stack) };
}

/** Without the role of a custom resource of the AWS CDK, which a feature flag defines. */
const rolesOf = (template: Template) => idsOf(template, 'AWS::IAM::Role').filter((each) => !each.startsWith('Custom'));

const created = synthesise();
const given = synthesise(podRole);
const id = only(given.template, 'AWS::IAM::Role', 'PodRole').id;

test('an existing role takes the place of a new one', () => {
  expect(only(created.template, 'AWS::IAM::Role', 'MlflowCompute').id).toMatch(/^MlflowComputeServiceAccountRole/);
  expect(rolesOf(given.template)).toEqual([expect.stringMatching(/^PodRole/)]);
  expect(given.compute.role.node.path).toBe('Stack/PodRole');
});

test('it is granted the same permissions', () => {
  const granted = ({ template }: typeof given) =>
    permissionsOf(template).map(({ action, resource }) => JSON.stringify([action, resource]));
  expect(granted(given).sort()).toEqual(granted(created).sort());
  const bucket = only(given.template, 'AWS::S3::Bucket').id;
  const objects = { 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket, 'Arn'] }, '/*']] };
  expect(actionsOn(given.template, 'PodRole', objects)).toContain('s3:PutObject');
});

test.each([IdentityType.POD_IDENTITY, IdentityType.IRSA])(
  'with %s, the same resources are updated: neither the object nor its association is created again',
  (identityType) => {
    const replaced = (role: string, { template }: typeof given) =>
      [MANIFEST, ASSOCIATION].flatMap((type) =>
        Object.entries(resourcesOf(template))
          .filter(([key, { Type }]) => Type === type && key.startsWith('MlflowComputeServiceAccount'))
          .map(([key, { Properties }]) => [key, JSON.stringify(Properties).replaceAll(role, 'ROLE')]),
      );
    const before = synthesise(undefined, { identityType });
    const own = only(before.template, 'AWS::IAM::Role', 'MlflowComputeServiceAccountRole').id;
    const after = replaced(id, synthesise(podRole, { identityType }));
    expect(after).toEqual(replaced(own, before));
    expect(after).toHaveLength(identityType === IdentityType.IRSA ? 1 : 2);
  },
);

test('the pods wait for its permissions, and for their association with it', () => {
  const server = only(given.template, MANIFEST, 'MlflowComputeServer2').id;
  expect(resourcesOf(given.template)[server].DependsOn).toEqual(
    expect.arrayContaining([
      only(given.template, 'AWS::IAM::Policy', 'PodRoleDefaultPolicy').id,
      only(given.template, ASSOCIATION).id,
      only(given.template, MANIFEST, 'MlflowComputeServiceAccount').id,
    ]),
  );
  const account = only(given.template, MANIFEST, 'MlflowComputeServiceAccount');
  expect(account.DependsOn).toContain(only(given.template, MANIFEST, 'MlflowComputeNamespace').id);
});

test('an imported role gets a policy, and the service account its ARN', () => {
  const arn = 'arn:aws:iam::111122223333:role/pods';
  const { template } = synthesise((stack) => Role.fromRoleArn(stack, 'Imported', arn));
  expect(rolesOf(template)).toEqual([]);
  expect(only(template, 'AWS::IAM::Policy').Properties.Roles).toEqual(['pods']);
  expect(only(template, ASSOCIATION).Properties).toEqual({
    ClusterName: 'platform',
    Namespace: 'mlflow',
    ServiceAccount: 'mlflow',
    RoleArn: arn,
  });
  expect(onlyKind(kubernetesObjects(template), 'ServiceAccount').metadata.annotations).toEqual({
    'eks.amazonaws.com/role-arn': arn,
  });
});

test('a cluster of the app gets the agent that gives the pods the credentials', () => {
  const stack = newStack();
  const kubectlLayer = LayerVersion.fromLayerVersionArn(
    stack,
    'Layer',
    'arn:aws:lambda:eu-central-1:1:layer:kubectl:1',
  );
  const cluster = new Cluster(stack, 'Cluster', {
    version: KubernetesVersion.V1_33,
    vpc: clusterVpc(stack),
    kubectlProviderOptions: { kubectlLayer },
  });
  const compute = Compute.eks({ cluster: EksCluster.existing(cluster), role: podRole(stack) });
  const template = templateWith({ compute }, stack);
  const agent = only(template, 'AWS::EKS::Addon');
  expect(agent.Properties.AddonName).toBe('eks-pod-identity-agent');
  expect(only(template, ASSOCIATION).DependsOn).toContain(agent.id);
});
