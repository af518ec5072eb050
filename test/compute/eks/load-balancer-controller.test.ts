import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { AlbControllerVersion, Cluster, EndpointAccess, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { clusterVpc } from './clusters';
import { evaluate } from './manifests';
import { Compute, EksCluster, Endpoint, IEndpoint, MlflowTrackingServer } from '../../../src';
import { newApp, newStack } from '../../support/new-app';
import { only, resourcesOf, templateWith } from '../../support/templates';
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
