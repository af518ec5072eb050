import { Annotations } from 'aws-cdk-lib';
import { CfnSecurityGroupIngress, Connections } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { grantArtifacts } from './grant-artifacts';
import { Bindings, SelfHostedBindings } from './resolved-props';
import { requireTrackingUri } from './validate-bindings';
import { CONNECTIONS_PER_WORKER, resolveWorkers } from './workers';
import { vpcEndpoints } from '../network/subnets';

/** Connects the bound parts: permissions, security group rules, the target of the load balancer, and dependencies. */
export function wire(scope: Construct, bindings: Bindings): void {
  grantArtifacts(bindings.artifactStore, bindings.compute.grantee);
  if (bindings.managed) return;
  joinNetwork(bindings);
  joinBackendStore(scope, bindings);
  warnOfTooManyConnections(scope, bindings);
  joinEndpoint(bindings);
}

/** In isolated subnets, the server reaches its image and its secrets through the VPC endpoints only. */
function joinNetwork({ props: { network }, compute: { workloads = [] } }: SelfHostedBindings): void {
  const endpoints = network.existing ? vpcEndpoints(network.existing) : [];
  for (const workload of workloads) workload.node.addDependency(...endpoints);
}

function joinBackendStore(scope: Construct, { backendStore, compute }: SelfHostedBindings): void {
  const { connections, dependencies = [], rotatedSecret } = backendStore;
  rotatedSecret?.grantRead(compute.grantee);
  if (connections && compute.connections) {
    connections.allowDefaultPortFrom(compute.connections, 'MLflow server');
  }
  const rules = connections && compute.connections ? rulesBetween(scope, connections, compute.connections) : [];
  for (const workload of compute.workloads ?? []) {
    // Resource by resource: a dependency between the constructs would be a cycle through the security groups.
    workload.node.addDependency(...dependencies, ...rules);
  }
}

/** The rules that allow the server to connect to the store: separate resources, which must exist before the server starts. */
function rulesBetween(scope: Construct, to: Connections, from: Connections): CfnSecurityGroupIngress[] {
  const idsOf = ({ securityGroups }: Connections) => securityGroups.map(({ securityGroupId }) => securityGroupId);
  const [targets, sources] = [idsOf(to), idsOf(from)];
  // A rule is a child of either group, which may be elsewhere in the app.
  const candidates = new Set(
    [scope, ...to.securityGroups, ...from.securityGroups].flatMap(({ node }) => node.findAll()),
  );
  return [...candidates]
    .filter((child): child is CfnSecurityGroupIngress => CfnSecurityGroupIngress.isCfnSecurityGroupIngress(child))
    .filter(({ groupId = '', sourceSecurityGroupId = '' }) => {
      return targets.includes(groupId) && sources.includes(sourceSecurityGroupId);
    });
}

function joinEndpoint({ endpoint, compute }: SelfHostedBindings): void {
  for (const client of endpoint.clients ?? []) {
    compute.connections?.allowDefaultPortFrom(client, 'MLflow clients');
  }
  if (endpoint.targetGroup && compute.loadBalancerTarget) endpoint.targetGroup.addTarget(compute.loadBalancerTarget);
}

function warnOfTooManyConnections(scope: Construct, { props, backendStore }: SelfHostedBindings): void {
  const { maxConnections } = backendStore;
  if (maxConnections === undefined) return;
  const { replicas } = props.size;
  const workers = resolveWorkers(props.server.options, props.size);
  const needed = workers * replicas * CONNECTIONS_PER_WORKER;
  if (needed > maxConnections) {
    Annotations.of(scope).addWarningV2(
      'cdk-mlflow:databaseConnections',
      `${replicas} servers with ${workers} workers each open up to ${needed} database connections, but the database accepts about ${maxConnections}; ` +
        'choose a larger database instance, fewer workers or fewer replicas',
    );
  }
}

/** The address for clients: the compute's own, or that of the endpoint, with the path under which the server is served. */
export function trackingUriOf(bindings: Bindings): string {
  const { compute } = bindings.props;
  if (bindings.managed) return requireTrackingUri(compute, bindings.compute);
  const { trackingUri = bindings.endpoint.origin } = bindings.compute;
  const address = compute.capabilities.endpoint ? requireTrackingUri(compute, bindings.compute) : trackingUri;
  return `${address}${bindings.props.server.options.staticPrefix ?? ''}`;
}
