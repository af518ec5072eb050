import { Annotations, CfnResource } from 'aws-cdk-lib';
import { CfnSecurityGroupIngress, Connections } from 'aws-cdk-lib/aws-ec2';
import { Construct } from 'constructs';
import { grantArtifacts } from './grant-artifacts';
import { BoundParts, Parts } from './resolved-props';
import { CONNECTIONS_PER_WORKER, resolveWorkers } from './workers';
import { BackendStoreConfig } from '../backend-store/contract';
import { ComputeConfig } from '../compute/contract';
import { EndpointConfig } from '../endpoint/contract';
import { vpcEndpoints } from '../network/subnets';

/** Joins the bound parts: grants, network rules, the load balancer's target, and what waits for what. */
export function wire(scope: Construct, parts: Parts, bound: BoundParts): void {
  const { artifactStore, backendStore, endpoint, compute } = bound;
  grantArtifacts(artifactStore, compute.grantee);
  joinNetwork(parts, compute);
  if (backendStore) {
    joinBackendStore(scope, backendStore, compute);
    warnOfTooManyConnections(scope, parts, backendStore);
  }
  if (endpoint) {
    joinEndpoint(parts, endpoint, compute);
  }
}

/** Without a way out, the server cannot start before it reaches its image and its secrets. */
function joinNetwork({ network }: Parts, { workloads = [] }: ComputeConfig): void {
  const endpoints = network?.given ? vpcEndpoints(network.given) : [];
  for (const workload of workloads) workload.node.addDependency(...endpoints);
}

function joinBackendStore(scope: Construct, backendStore: BackendStoreConfig, compute: ComputeConfig): void {
  const { connections, dependencies = [], rotatedSecret } = backendStore;
  rotatedSecret?.grantRead(compute.grantee);
  if (connections && compute.connections) {
    connections.allowDefaultPortFrom(compute.connections, 'MLflow server');
  }
  const rules = connections ? ingressRules(scope, connections) : [];
  for (const workload of compute.workloads ?? []) {
    // Resource by resource: a dependency between the constructs would be a cycle through the security groups.
    workload.node.addDependency(...dependencies, ...rules);
  }
}

/** The rules that let the server in are resources of their own, and the server must not start before them. */
function ingressRules(scope: Construct, connections: Connections): CfnResource[] {
  return [scope, ...connections.securityGroups]
    .flatMap((root) => root.node.findAll())
    .filter((child): child is CfnSecurityGroupIngress => CfnSecurityGroupIngress.isCfnSecurityGroupIngress(child));
}

function joinEndpoint(parts: Parts, endpoint: EndpointConfig, compute: ComputeConfig): void {
  for (const client of endpoint.clients ?? []) {
    compute.connections?.allowDefaultPortFrom(client, 'MLflow clients');
  }
  if (!endpoint.targetGroup) return;
  if (!compute.loadBalancerTarget) {
    throw new Error(
      `${parts.compute.capabilities.displayName} compute cannot be the target of ${parts.endpoint!.capabilities.displayName}; ` +
        "return 'loadBalancerTarget' from its bind, or choose an endpoint without a load balancer",
    );
  }
  endpoint.targetGroup.addTarget(compute.loadBalancerTarget);
}

function warnOfTooManyConnections(scope: Construct, parts: Parts, { maxConnections }: BackendStoreConfig): void {
  if (!parts.server || maxConnections === undefined) return;
  const workers = resolveWorkers(parts.server.options, parts.size);
  const needed = workers * parts.size.replicas * CONNECTIONS_PER_WORKER;
  if (needed > maxConnections) {
    Annotations.of(scope).addWarningV2(
      'cdk-mlflow:databaseConnections',
      `${parts.size.replicas} servers with ${workers} workers each open up to ${needed} database connections, but the database accepts about ${maxConnections}; ` +
        'choose a larger database instance, fewer workers or fewer replicas',
    );
  }
}
