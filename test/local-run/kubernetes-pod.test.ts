import { DeployedResource, DeployedStack } from '../../local/emulator/deployed-stack';
import { workloadOf } from '../../local/workload/choose-workload';
import { deployment, programs } from '../../src/compute/eks/deployment';
import { networkPolicy, service, targetGroupBinding } from '../../src/compute/eks/objects';
import { POD } from '../compute/eks/server';

interface Changes {
  readonly change?: (objects: Record<string, any>) => void;
  readonly group?: object;
  readonly association?: object;
}

function stack({ change, group, association }: Changes = {}): DeployedStack {
  const objects: Record<string, any> = {
    programs: programs(POD),
    service: service('ml'),
    policy: networkPolicy('ml', 5000, { blocks: ['10.0.0.0/16'], namespaces: [] }),
    deployment: structuredClone(deployment(POD)),
    binding: targetGroupBinding('ml', 'elbv2.k8s.aws/v1beta1', { name: 'mlflow-1', arn: 'group' }),
  };
  change?.(objects);
  const resource = (type: string, physicalId: string, properties: object): DeployedResource => ({
    logicalId: physicalId,
    type,
    physicalId,
    properties,
    attributes: {},
  });
  const { binding, ...others } = objects;
  const manifest = (id: string, list: object[]) =>
    resource('Custom::AWSCDK-EKS-KubernetesResource', id, { Manifest: JSON.stringify(list) });
  return new DeployedStack('Stack', [
    manifest('server', Object.values(others)),
    manifest('binding', binding ? [binding] : []),
    resource('AWS::ElasticLoadBalancingV2::TargetGroup', 'group', { HealthCheckPath: '/p/health', ...group }),
    resource('AWS::EKS::PodIdentityAssociation', 'association', {
      Namespace: 'ml',
      ServiceAccount: 'mlflow',
      RoleArn: 'role',
      ...association,
    }),
  ]);
}

test('reads the processes exactly as the pod says', () => {
  const { kind, service: trusted, processes, files, healthCheck } = workloadOf(stack());
  expect({ kind, trusted }).toEqual({ kind: 'Kubernetes pod', trusted: 'pods.eks.amazonaws.com' });
  expect(files).toEqual({
    '/opt/cdk-mlflow/pod.py': 'print("pod")',
    '/opt/cdk-mlflow/bootstrap.py': 'print("bootstrap")',
  });
  const common = {
    environment: {
      CDK_MLFLOW_SECRETS: '{"PGPASSWORD":["arn:database","password"],"WEBHOOK_KEY":["arn:webhook",null]}',
      MLFLOW_PORT: '5000',
      PRICE: '$5 for $(HOME)',
    },
    secrets: [],
    ownSecrets: [
      { variable: 'PGPASSWORD', secretId: 'arn:database', field: 'password' },
      { variable: 'WEBHOOK_KEY', secretId: 'arn:webhook', field: undefined },
    ],
    secretsRoleArn: 'role',
    roleArn: 'role',
    scratchPaths: ['/tmp'],
  };
  expect(processes).toEqual([
    { ...common, name: 'migrate', argv: ['python', '/opt/cdk-mlflow/pod.py', 'migrate'], stopTimeoutSeconds: 135 },
    {
      ...common,
      name: 'server',
      argv: ['python', '/opt/cdk-mlflow/pod.py', 'serve', '--app-name', 'basic-auth'],
      stopTimeoutSeconds: 120,
    },
  ]);
  expect(healthCheck).toEqual({ path: '/p/health', healthyStatus: '200', port: 5000 });
});

test('a pod without a target group is asked what its probes ask', () => {
  expect(workloadOf(stack({ change: (it) => delete it.binding })).healthCheck.path).toBe('/p/health');
});

const podSpec = (objects: any) => objects.deployment.spec.template.spec;

test.each<[string, Changes, string]>([
  [
    'two Deployments',
    { change: (it) => (it.other = it.deployment) },
    'the manifests have 2 of Deployment, expected one',
  ],
  ['two containers', { change: (it) => podSpec(it).containers.push({}) }, 'the pod has 2 containers, expected one'],
  ['no programs', { change: (it) => delete it.programs }, 'the pod mounts the ConfigMap mlflow, which no manifest has'],
  [
    'programs of another namespace',
    { change: (it) => (it.programs.metadata.namespace = 'x') },
    'the pod mounts the ConfigMap mlflow, which no manifest has',
  ],
  [
    'a role of another namespace',
    { association: { Namespace: 'other' } },
    '0 roles are associated with ml/mlflow, expected one',
  ],
  [
    'a variable in a command',
    { change: (it) => (podSpec(it).containers[0].args = ['$(HOME)']) },
    'a text refers to a variable: $(HOME)',
  ],
  [
    'a Service of another port',
    { change: (it) => (it.service.spec.ports[0].targetPort = 'https') },
    'the Service sends requests to the port https, which the pod has not',
  ],
  [
    'a closed network policy',
    { change: (it) => (it.policy.spec.ingress = []) },
    'the NetworkPolicy lets nobody connect to the port 5000',
  ],
  [
    'a binding of another Service',
    { change: (it) => (it.binding.spec.serviceRef.port = 8080) },
    'the target group is bound to mlflow:8080, which is no Service',
  ],
  [
    'a binding of another stack’s target group',
    { change: (it) => (it.binding.spec.targetGroupARN = 'x') },
    'the pods are bound to no target group of this stack',
  ],
  [
    'a load balancer that asks something else',
    { group: { HealthCheckPath: '/' } },
    'the load balancer asks /, the probes ask /p/health',
  ],
])('refuses %s', (_name, changes, message) => {
  expect(() => workloadOf(stack(changes))).toThrow(message);
});
