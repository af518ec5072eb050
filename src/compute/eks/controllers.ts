import { CfnResource, Stack, Stage } from 'aws-cdk-lib';
import { Cluster, HelmChart, ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Construct, Dependable, IConstruct, IDependable } from 'constructs';

const CHART = 'aws-load-balancer-controller';

/**
 * The load balancer controllers that the app installs in the cluster. They provide the definition of the bindings, and their
 * webhooks are called for every Service and Ingress. When the stack is deleted, they remove their finalizers before they are
 * deleted themselves.
 *
 * Looked up at synthesis: a controller can be defined after the server.
 */
export function controllersIn(scope: Construct, cluster: ICluster): IDependable {
  const controllers = {};
  Dependable.implement(controllers, {
    get dependencyRoots() {
      // Not by class: each can come from another copy of the AWS CDK.
      const { albController } = cluster as Partial<Cluster>;
      const charts = Stage.of(scope)!
        .node.findAll()
        .filter((each) => isController(each, cluster));
      return albController ? [albController, ...charts] : charts;
    },
  });
  return controllers;
}

function isController(construct: IConstruct, cluster: ICluster): boolean {
  const { chart } = construct as Partial<HelmChart>;
  if (chart !== CHART) return false;
  // The chart does not tell its cluster, but its resource does.
  return construct.node
    .findAll()
    .filter((child): child is CfnResource => CfnResource.isCfnResource(child))
    .some((resource) => clusterNameOf(resource) === nameIn(resource, cluster));
}

function clusterNameOf(resource: CfnResource): string {
  const { _cfnProperties: properties } = resource as unknown as { readonly _cfnProperties?: Record<string, unknown> };
  return JSON.stringify(Stack.of(resource).resolve(properties?.ClusterName) ?? '');
}

function nameIn(resource: CfnResource, { clusterName }: ICluster): string {
  return JSON.stringify(Stack.of(resource).resolve(clusterName));
}
