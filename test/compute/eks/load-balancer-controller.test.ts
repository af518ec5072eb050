import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import {
  AlbController,
  AlbControllerVersion,
  Cluster,
  EndpointAccess,
  KubernetesVersion,
} from 'aws-cdk-lib/aws-eks-v2';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { clusterVpc } from './clusters';
import { evaluate } from './manifests';
import { Compute, EksCluster, Endpoint, IEndpoint, MlflowTrackingServer } from '../../../src';
import { newApp, newStack } from '../../support/new-app';
import { idsOf, only, resourcesOf, templateWith } from '../../support/templates';
import { referencesIn } from '../../support/updates';

const MANIFEST = 'Custom::AWSCDK-EKS-KubernetesResource';
const CHART = 'Custom::AWSCDK-EKS-HelmChart';
const ingress = () => Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com', ingressClassName: 'alb' });

function clusterIn(stack: Stack, withController = true): Cluster {
  return new Cluster(stack, 'Cluster', {
    version: KubernetesVersion.V1_33,
    vpc: clusterVpc(stack),
    endpointAccess: EndpointAccess.PRIVATE,
    kubectlProviderOptions: {
      kubectlLayer: LayerVersion.fromLayerVersionArn(stack, 'Layer', 'arn:aws:lambda:eu-central-1:1:layer:kubectl:1'),
    },
    albController: withController ? { version: AlbControllerVersion.V2_8_2 } : undefined,
  });
}

function deployed(endpoint?: IEndpoint, withController = true): Template {
  const stack = newStack();
  return templateWith(
    { compute: Compute.eks({ cluster: EksCluster.existing(clusterIn(stack, withController)) }), endpoint },
    stack,
  );
}

/** The manifest with an object of a kind that the server has alone. */
function manifestOf(template: Template, kind: string): string {
  const found = Object.entries(resourcesOf(template)).filter(
    ([id, { Type, Properties }]) =>
      Type === MANIFEST &&
      id.startsWith('Mlflow') &&
      JSON.parse(evaluate(Properties.Manifest)).some((object: any) => object.kind === kind),
  );
  expect(found).toHaveLength(1);
  return found[0][0];
}

/** What CloudFormation creates before a resource, and deletes after it. */
function before(template: Template, id: string, path: string[] = []): Set<string> {
  const { DependsOn = [], Properties } = resourcesOf(template)[id] ?? {};
  if (path.includes(id)) throw new Error(`a cycle: ${[...path, id].join(' > ')}`);
  const direct = [...DependsOn, ...referencesIn(Properties)].filter((each) => each in resourcesOf(template));
  return new Set([...direct, ...direct.flatMap((each) => [...before(template, each, [...path, id])])]);
}

describe.each<[string, IEndpoint | undefined, string[]]>([
  ['a load balancer', undefined, ['Service', 'TargetGroupBinding', 'Deployment']],
  ['an ingress', ingress(), ['Service', 'Ingress', 'Deployment']],
])('with %s and the controller that is defined with the cluster', (_name, endpoint, kinds) => {
  const template = deployed(endpoint);
  const chart = only(template, CHART).id;
  const account = only(template, MANIFEST, 'StackCluster').id;

  test.each(kinds)('the manifest of the %s waits for the controller, and goes before it', (kind) => {
    const waits = before(template, manifestOf(template, kind));
    expect([...waits]).toEqual(expect.arrayContaining([chart, account]));
  });

  test('the controller waits for nothing of the server', () => {
    expect([...before(template, chart)].filter((id) => id.startsWith('Mlflow'))).toEqual([]);
  });
});

const version = AlbControllerVersion.V2_8_2;
const chart = (cluster: Cluster) =>
  cluster.addHelmChart('Controller', { chart: 'aws-load-balancer-controller', namespace: 'kube-system' });

describe.each<[string, (cluster: Cluster, stack: Stack) => void]>([
  ['AlbController.create()', (cluster, stack) => AlbController.create(stack, { cluster, version })],
  ['new AlbController()', (cluster, stack) => new AlbController(stack, 'Controller', { cluster, version })],
  ['addHelmChart()', (cluster) => chart(cluster)],
])('with a controller of %s', (_name, install) => {
  test.each([true, false])('the manifests wait for it, defined before the server: %s', (isFirst) => {
    const stack = newStack();
    const cluster = clusterIn(stack, false);
    if (isFirst) install(cluster, stack);
    new MlflowTrackingServer(stack, 'Mlflow', { compute: Compute.eks({ cluster: EksCluster.existing(cluster) }) });
    if (!isFirst) install(cluster, stack);
    const template = Template.fromStack(stack);
    const installed = only(template, CHART).id;
    for (const kind of ['Service', 'TargetGroupBinding', 'Deployment']) {
      expect([...before(template, manifestOf(template, kind))]).toContain(installed);
    }
    expect([...before(template, installed)].filter((id) => id.startsWith('Mlflow'))).toEqual([]);
  });
});

test('a controller of another cluster, and another chart, are not waited for', () => {
  const stack = newStack();
  const cluster = clusterIn(stack, false);
  cluster.addHelmChart('Other', { chart: 'aws-ebs-csi-driver' });
  const { vpc } = cluster;
  const kubectlLayer = LayerVersion.fromLayerVersionArn(
    stack,
    'Layer2',
    'arn:aws:lambda:eu-central-1:1:layer:kubectl:1',
  );
  const kubectlProviderOptions = { kubectlLayer };
  chart(new Cluster(stack, 'Second', { version: KubernetesVersion.V1_33, vpc, kubectlProviderOptions }));
  const template = templateWith({ compute: Compute.eks({ cluster: EksCluster.existing(cluster) }) }, stack);
  const charts = idsOf(template, CHART);
  expect(charts).toHaveLength(2);
  const waits = before(template, manifestOf(template, 'TargetGroupBinding'));
  expect(charts.filter((id) => waits.has(id))).toEqual([]);
});

test('without such a controller there is nothing more to wait for', () => {
  const template = deployed(undefined, false);
  template.resourceCountIs(CHART, 0);
  for (const kind of ['Service', 'TargetGroupBinding']) {
    expect([...before(template, manifestOf(template, kind))].join()).not.toMatch(/AlbController/);
  }
});

test('of a cluster in another stack, the stack waits', () => {
  const app: App = newApp();
  const platform = new Stack(app, 'Platform');
  const cluster = clusterIn(platform);
  const team = new Stack(app, 'Team');
  new MlflowTrackingServer(team, 'Mlflow', { compute: Compute.eks({ cluster: EksCluster.existing(cluster) }) });
  app.synth();
  expect(team.dependencies).toContain(platform);
  expect(platform.dependencies).not.toContain(team);
});
