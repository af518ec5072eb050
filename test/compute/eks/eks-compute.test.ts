import { App, Size, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { InstanceArchitecture, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { Cluster, IdentityType, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, OpenIdConnectProvider } from 'aws-cdk-lib/aws-iam';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { clusterVpc, existing } from './clusters';
import { kubernetesObjects, onlyKind } from './manifests';
import {
  Compute,
  EksCluster,
  EksComputeProps,
  EksExistingClusterOptions,
  EksLoadBalancerController,
  Endpoint,
  IEndpoint,
} from '../../../src';
import { FakeEndpoint } from '../../support/fakes';
import { newApp, newStack } from '../../support/new-app';
import { actionsOn, only, permissionsOf, resourcesOf, templateWith } from '../../support/templates';

const CLUSTER_GROUP = 'sg-0123456789abcdef0';
const MANIFEST = 'Custom::AWSCDK-EKS-KubernetesResource';

function synthesise(
  props: Partial<EksComputeProps> = {},
  endpoint?: IEndpoint,
  stack: Stack = newStack(),
  options?: EksExistingClusterOptions,
) {
  const compute = Compute.eks({ ...props, cluster: props.cluster ?? existing(stack, options) });
  const template = templateWith({ compute, endpoint }, stack);
  return { stack, compute, template, objects: kubernetesObjects(template) };
}

const ingress = (props = {}) => Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com', ...props });
const kinds = (objects: any[]) => objects.map(({ kind }) => kind).sort();
const pod = (objects: any[]) => onlyKind(objects, 'Deployment').spec.template.spec;
const callers = (objects: any[]) => onlyKind(objects, 'NetworkPolicy').spec.ingress;
const environment = (objects: any[]) =>
  Object.fromEntries(pod(objects).containers[0].env.map(({ name, value }: any) => [name, value]));

const { template, objects, compute } = synthesise();

test('the objects of a server', () => {
  expect(kinds(objects)).toEqual(
    [
      'ConfigMap',
      'Deployment',
      'Namespace',
      'NetworkPolicy',
      'PodDisruptionBudget',
      'Service',
      'ServiceAccount',
    ].concat('TargetGroupBinding'),
  );
  for (const { kind, metadata } of objects) {
    expect(metadata).toMatchObject({ name: 'mlflow', ...(kind === 'Namespace' ? {} : { namespace: 'mlflow' }) });
    expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/instance': 'mlflow' });
  }
});

test('everything is applied to the given cluster, by its provider', () => {
  for (const { Properties } of Object.values(template.findResources(MANIFEST))) {
    expect(Properties).toMatchObject({
      ClusterName: 'platform',
      ServiceToken: 'arn:aws:lambda:eu-central-1:111122223333:function:kubectl',
    });
  }
  template.resourceCountIs('AWS::EKS::Cluster', 0);
  const functions = Object.keys(template.findResources('AWS::Lambda::Function'));
  // The VPC of the test may have one, by a feature flag.
  expect(functions.filter((id) => !id.startsWith('CustomVpcRestrictDefaultSG'))).toEqual([]);
});

describe('the identity', () => {
  test('is one that Pod Identity gives to this service account alone', () => {
    const role = only(template, 'AWS::IAM::Role', 'MlflowComputeServiceAccount');
    template.hasResourceProperties('AWS::EKS::PodIdentityAssociation', {
      ClusterName: 'platform',
      Namespace: 'mlflow',
      ServiceAccount: 'mlflow',
      RoleArn: { 'Fn::GetAtt': [role.id, 'Arn'] },
    });
    const principals = role.Properties.AssumeRolePolicyDocument.Statement.map(({ Principal }: any) => Principal);
    expect(principals).toEqual(principals.map(() => ({ Service: 'pods.eks.amazonaws.com' })));
  });

  test('reads exactly the secrets that the pod is told of', () => {
    const role = only(template, 'AWS::IAM::Role', 'MlflowComputeServiceAccount').id;
    const secrets = permissionsOf(template)
      .filter(({ action }) => action === 'secretsmanager:GetSecretValue')
      .map(({ resource, role: reader }) => ({ reader, id: (resource as any).Ref.toLowerCase() }));
    const told = Object.values<[string]>(JSON.parse(environment(objects).CDK_MLFLOW_SECRETS)).map(([arn]) => arn);
    expect(new Set(secrets.map(({ reader }) => reader))).toEqual(new Set([role]));
    expect(secrets.map(({ id }) => id).sort()).toEqual([...new Set(told)].sort());
    expect(told.length).toBe(7);
  });

  test('keeps artifacts in the bucket', () => {
    const role = only(template, 'AWS::IAM::Role', 'MlflowComputeServiceAccount').id;
    const bucket = only(template, 'AWS::S3::Bucket').id;
    const all = { 'Fn::Join': ['', [{ 'Fn::GetAtt': [bucket, 'Arn'] }, '/*']] };
    expect(actionsOn(template, role, all)).toContain('s3:PutObject');
  });

  test('is that of the cluster’s identity provider, where the user asks for it', () => {
    const stack = newStack();
    const openIdConnectProvider = OpenIdConnectProvider.fromOpenIdConnectProviderArn(
      stack,
      'Provider',
      'arn:aws:iam::111122223333:oidc-provider/oidc.example.com/id/1',
    );
    const cluster = existing(stack, {}, { openIdConnectProvider });
    const irsa = synthesise({ cluster, identityType: IdentityType.IRSA }, undefined, stack);
    irsa.template.resourceCountIs('AWS::EKS::PodIdentityAssociation', 0);
    irsa.template.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRoleWithWebIdentity',
            Principal: { Federated: 'arn:aws:iam::111122223333:oidc-provider/oidc.example.com/id/1' },
            Condition: { StringEquals: Match.anyValue() },
          },
        ],
      },
    });
    const account = onlyKind(irsa.objects, 'ServiceAccount');
    expect(account.metadata.annotations['eks.amazonaws.com/role-arn']).toMatch(
      /^mlflowcomputeserviceaccountrole.*-arn$/,
    );
  });

  test('has the upper limit that is asked for', () => {
    const stack = newStack();
    const permissionsBoundary = ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::aws:policy/Limit');
    const limited = synthesise({ permissionsBoundary }, undefined, stack).template;
    limited.hasResourceProperties('AWS::IAM::Role', { PermissionsBoundary: 'arn:aws:iam::aws:policy/Limit' });
  });
});

describe('secrets', () => {
  test('are in no object: the pod is told where they are', () => {
    expect(kinds(objects)).not.toContain('Secret');
    const named = Object.keys(environment(objects)).filter((name) => /PASSWORD|PASSPHRASE|TOKEN|KEY$/.test(name));
    expect(named).toEqual([]);
    expect(Object.keys(JSON.parse(environment(objects).CDK_MLFLOW_SECRETS)).sort()).toEqual([
      'MLFLOW_AUTH_ADMIN_PASSWORD',
      'MLFLOW_AUTH_ADMIN_USERNAME',
      'MLFLOW_CRYPTO_KEK_PASSPHRASE',
      'MLFLOW_FLASK_SERVER_SECRET_KEY',
      'MLFLOW_WEBHOOK_SECRET_ENCRYPTION_KEY',
      'PGPASSWORD',
      'PGUSER',
    ]);
  });

  test('are in no manifest of the template', () => {
    const manifests = JSON.stringify(Object.values(template.findResources(MANIFEST)));
    expect(manifests).not.toContain('{{resolve:');
    expect(manifests).toContain('CDK_MLFLOW_SECRETS');
  });
});

describe('the network', () => {
  test('database and load balancer know the cluster’s security group', () => {
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      SourceSecurityGroupId: CLUSTER_GROUP,
      GroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('BackendStoreInstanceSecurityGroup'), 'GroupId'] },
    });
    template.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
      GroupId: CLUSTER_GROUP,
      FromPort: 5000,
      ToPort: 5000,
      SourceSecurityGroupId: { 'Fn::GetAtt': [Match.stringLikeRegexp('EndpointLoadBalancer'), 'GroupId'] },
    });
  });

  test('or those that the pods have instead', () => {
    const stack = newStack();
    const securityGroups = [SecurityGroup.fromSecurityGroupId(stack, 'Pods', 'sg-pods')];
    const cluster = existing(stack, { securityGroups }, { clusterSecurityGroupId: undefined });
    const other = synthesise({ cluster }, undefined, stack).template;
    expect(JSON.stringify(other.findResources('AWS::EC2::SecurityGroupIngress'))).toContain('"GroupId":"sg-pods"');
    expect(JSON.stringify(other.toJSON())).not.toContain(CLUSTER_GROUP);
  });

  test('everything is in the cluster’s VPC', () => {
    template.resourceCountIs('AWS::EC2::VPC', 1);
    const vpc = { Ref: only(template, 'AWS::EC2::VPC', 'GivenVpc').id };
    template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', { VpcId: vpc, TargetType: 'ip' });
  });

  test('the load balancer may connect to the pods, and nobody else', () => {
    const ports = [{ port: 5000, protocol: 'TCP' }];
    expect(callers(objects)).toEqual([{ from: [{ ipBlock: { cidr: '10.0.0.0/16' } }], ports }]);
  });

  test('programs of other namespaces may, where they are named', () => {
    const { objects: open } = synthesise({ allowedNamespaces: ['training', 'training'] }, new FakeEndpoint());
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'training' } };
    expect(callers(open)).toEqual([{ from: [{ namespaceSelector }], ports: [{ port: 5000, protocol: 'TCP' }] }]);
  });

  test('with an endpoint of the user’s own, nobody is let in by default', () => {
    const { objects: closed } = synthesise({}, new FakeEndpoint());
    expect(callers(closed)).toEqual([]);
    expect(kinds(closed)).not.toContain('TargetGroupBinding');
    expect(kinds(closed)).not.toContain('Ingress');
  });

  test('the server answers to its names inside of the cluster', () => {
    const hosts = environment(synthesise({ kubernetesNamespace: 'ml' }).objects).MLFLOW_SERVER_ALLOWED_HOSTS.split(',');
    expect(hosts).toEqual(expect.arrayContaining(['mlflow.ml', 'mlflow.ml.svc:*', 'mlflow.ml.svc.cluster.local']));
    expect(hosts).not.toContain('mlflow.mlflow');
  });
});

describe('the load balancer’s targets', () => {
  test('are registered by the controller of the cluster', () => {
    const binding = onlyKind(objects, 'TargetGroupBinding');
    expect(binding.apiVersion).toBe('elbv2.k8s.aws/v1beta1');
    expect(binding.spec.targetGroupARN).toBe(
      only(template, 'AWS::ElasticLoadBalancingV2::TargetGroup').id.toLowerCase(),
    );
    expect(only(template, 'AWS::ElasticLoadBalancingV2::TargetGroup').Properties.Targets).toBeUndefined();
  });

  test('or by Auto Mode, which may touch what has its cluster’s tag', () => {
    const auto = synthesise({}, undefined, newStack(), {
      loadBalancerController: EksLoadBalancerController.AUTO_MODE,
    });
    expect(onlyKind(auto.objects, 'TargetGroupBinding').apiVersion).toBe('eks.amazonaws.com/v1');
    auto.template.hasResourceProperties('AWS::ElasticLoadBalancingV2::TargetGroup', {
      Tags: [{ Key: 'eks:eks-cluster-name', Value: 'platform' }],
    });
    expect(only(template, 'AWS::ElasticLoadBalancingV2::TargetGroup').Properties.Tags).toBeUndefined();
  });

  test('are pods that the load balancer has found healthy', () => {
    const labels = (options: EksExistingClusterOptions = {}, endpoint?: IEndpoint) =>
      Object.keys(onlyKind(synthesise({}, endpoint, newStack(), options).objects, 'Namespace').metadata.labels).filter(
        (label) => /readiness-gate/.test(label),
      );
    expect(labels()).toEqual(['elbv2.k8s.aws/pod-readiness-gate-inject']);
    expect(labels({ loadBalancerController: EksLoadBalancerController.AUTO_MODE })).toEqual([
      'eks.amazonaws.com/pod-readiness-gate-inject',
    ]);
    expect(labels({}, ingress())).toEqual([]);
    expect(onlyKind(objects, 'Namespace').metadata.labels['elbv2.k8s.aws/pod-readiness-gate-inject']).toBe('enabled');
  });
});

describe('an ingress', () => {
  const through = synthesise({}, ingress({ controllerNamespace: 'ingress-nginx', ingressClassName: 'nginx' }));

  test('takes the place of the load balancer', () => {
    expect(onlyKind(through.objects, 'Ingress').spec).toMatchObject({
      ingressClassName: 'nginx',
      rules: [{ host: 'mlflow.example.com' }],
    });
    expect(kinds(through.objects)).not.toContain('TargetGroupBinding');
    for (const type of ['LoadBalancer', 'Listener', 'TargetGroup']) {
      through.template.resourceCountIs(`AWS::ElasticLoadBalancingV2::${type}`, 0);
    }
  });

  test('gives the tracking URI and the names that the server answers to', () => {
    through.template.hasOutput('*', { Value: 'https://mlflow.example.com' });
    const { MLFLOW_SERVER_ALLOWED_HOSTS, MLFLOW_SERVER_CORS_ALLOWED_ORIGINS } = environment(through.objects);
    expect(MLFLOW_SERVER_ALLOWED_HOSTS).toMatch(/^mlflow\.example\.com,mlflow\.example\.com:\*,/);
    expect(MLFLOW_SERVER_CORS_ALLOWED_ORIGINS).toBe('https://mlflow.example.com');
    synthesise({}, ingress({ plainHttp: true })).template.hasOutput('*', { Value: 'http://mlflow.example.com' });
  });

  test('is not believed what it says of clients, and never finds a connection closed', () => {
    const options = (props = {}) => environment(synthesise({}, ingress(props)).objects).MLFLOW_UVICORN_OPTS;
    expect(options()).toContain('--timeout-keep-alive 4015 --no-proxy-headers');
  });

  test('has a controller, whose pods alone may connect', () => {
    const namespaceSelector = { matchLabels: { 'kubernetes.io/metadata.name': 'ingress-nginx' } };
    expect(callers(through.objects)[0].from).toEqual([{ namespaceSelector }]);
  });

  test('or a load balancer of the VPC', () => {
    expect(callers(synthesise({}, ingress()).objects)[0].from).toEqual([{ ipBlock: { cidr: '10.0.0.0/16' } }]);
  });
});

describe('what waits for what', () => {
  const dependenciesOf = (id: string) => resourcesOf(template)[id].DependsOn ?? [];
  const server = only(template, MANIFEST, 'MlflowComputeServer2').id;

  test('the pods have their database, their way to it, their identity and their rights', () => {
    expect(dependenciesOf(server)).toEqual(
      expect.arrayContaining([
        only(template, 'AWS::RDS::DBInstance').id,
        only(template, 'AWS::EC2::SecurityGroupIngress', 'MlflowBackendStore').id,
        only(template, 'AWS::EKS::PodIdentityAssociation').id,
        only(template, 'AWS::IAM::Policy', 'MlflowComputeServiceAccountRole').id,
        only(template, MANIFEST, 'MlflowComputeNamespace').id,
        only(template, MANIFEST, 'MlflowComputeServiceAccount').id,
      ]),
    );
  });

  test('the service account has its namespace', () => {
    const account = only(template, MANIFEST, 'MlflowComputeServiceAccount').id;
    expect(dependenciesOf(account)).toContain(only(template, MANIFEST, 'MlflowComputeNamespace').id);
  });

  test('the binding has the Service, and a target group with a load balancer', () => {
    expect(dependenciesOf(only(template, MANIFEST, 'MlflowComputeTargetGroupBinding').id)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^MlflowComputeService[0-9A-F]{8}$/),
        only(template, 'AWS::ElasticLoadBalancingV2::Listener').id,
      ]),
    );
  });

  test('a pod is held back for the load balancer only where the binding is there before it', () => {
    expect(dependenciesOf(server)).toContain(only(template, MANIFEST, 'MlflowComputeTargetGroupBinding').id);
  });
});

describe('settings', () => {
  test('sizes', () => {
    const { resources } = pod(objects).containers[0];
    expect(resources.requests).toEqual({ cpu: '500m', memory: '1024Mi', 'ephemeral-storage': '10240Mi' });
    const props = { vcpus: 2, memory: Size.gibibytes(4), ephemeralStorage: Size.gibibytes(50), replicas: 3 };
    const large = synthesise(props);
    expect(pod(large.objects).containers[0].resources.requests).toEqual({
      cpu: '2000m',
      memory: '4096Mi',
      'ephemeral-storage': '51200Mi',
    });
    expect(onlyKind(large.objects, 'Deployment').spec.replicas).toBe(3);
    expect(environment(large.objects).MLFLOW_WORKERS).toBe('2');
  });

  test.each([
    [InstanceArchitecture.ARM_64, 'arm64'],
    [InstanceArchitecture.X86_64, 'amd64'],
  ])('nodes of %s', (cpuArchitecture, arch) => {
    const { objects: chosen } = synthesise({ cpuArchitecture, nodeSelector: { role: 'ml' } });
    expect(pod(chosen).nodeSelector).toEqual({ 'kubernetes.io/os': 'linux', 'kubernetes.io/arch': arch, role: 'ml' });
  });

  test('a namespace that exists', () => {
    const { objects: other } = synthesise({ kubernetesNamespace: 'ml' }, undefined, newStack(), {
      createNamespace: false,
    });
    expect(kinds(other)).not.toContain('Namespace');
    for (const { metadata } of other) expect(metadata.namespace).toBe('ml');
  });

  test('pull secrets', () => {
    expect(pod(synthesise({ imagePullSecrets: ['registry'] }).objects).imagePullSecrets).toEqual([
      { name: 'registry' },
    ]);
  });
});

test('the region is the stack’s', () => {
  const stack = new Stack(newApp(), 'Stack', { env: { account: '111122223333', region: 'eu-central-1' } });
  expect(environment(synthesise({}, undefined, stack).objects).AWS_REGION).toBe('eu-central-1');
});

test('what was made can be reached', () => {
  expect(compute.role.node.path).toBe('Stack/Mlflow/Compute/ServiceAccount/Role');
  expect(compute.manifest.node.path).toBe('Stack/Mlflow/Compute/Server');
  expect(compute.capabilities.displayName).toBe('EKS');
});

test.each([false, true])(
  'what belongs to the server is in its stack, not in that of the cluster; given groups: %s',
  (given) => {
    const app: App = newApp();
    const platform = new Stack(app, 'Platform');
    const vpc = clusterVpc(platform);
    const securityGroups = given ? [new SecurityGroup(platform, 'Pods', { vpc })] : undefined;
    const eks = Compute.eks({ cluster: existing(platform, { securityGroups }, { vpc }) });
    const other = templateWith({ compute: eks }, new Stack(app, 'Stack'));
    other.resourceCountIs('AWS::EC2::VPC', 0);
    other.hasResourceProperties('AWS::EC2::SecurityGroupIngress', { FromPort: 5000 });
    expect(Template.fromStack(platform).findResources('AWS::EC2::SecurityGroupIngress')).toEqual({});
    expect(Template.fromStack(platform).findResources(MANIFEST)).toEqual({});
  },
);

test('a new cluster with Auto Mode brings its security group, its provider and its agent', () => {
  const stack = newStack();
  const cluster = new Cluster(stack, 'Cluster', {
    version: KubernetesVersion.V1_33,
    vpc: clusterVpc(stack),
    kubectlProviderOptions: {
      kubectlLayer: LayerVersion.fromLayerVersionArn(stack, 'Layer', 'arn:aws:lambda:eu-central-1:1:layer:kubectl:1'),
    },
  });
  const { template: own } = synthesise({ cluster: EksCluster.existing(cluster) }, undefined, stack);
  const id = only(own, 'AWS::EKS::Cluster').id;
  own.hasResourceProperties('AWS::EC2::SecurityGroupIngress', {
    FromPort: 5000,
    GroupId: { 'Fn::GetAtt': [id, 'ClusterSecurityGroupId'] },
  });
  own.hasResourceProperties(MANIFEST, { ClusterName: { Ref: id } });
  own.hasResourceProperties('AWS::EKS::Addon', { AddonName: 'eks-pod-identity-agent' });
  // An OpenID Connect provider is only for IRSA.
  expect(JSON.stringify(resourcesOf(own))).not.toMatch(/OpenIdConnect|OIDCProvider/i);
});
