import { CfnResource, Stack, Tags } from 'aws-cdk-lib';
import { Cluster, ICluster, IdentityType, KubernetesManifest, ServiceAccount } from 'aws-cdk-lib/aws-eks-v2';
import { ApplicationTargetGroup, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct, IDependable } from 'constructs';
import { nodeArchitecture, PlacedProps } from './cluster';
import { deployment, programs } from './deployment';
import { EksComputeProps } from './eks-compute-props';
import { EksLoadBalancerController } from './eks-load-balancer-controller';
import { KubernetesObject, LABELS, NAME, PodSettings } from './names';
import {
  Callers,
  disruptionBudget,
  ingress,
  namespaceObject,
  networkPolicy,
  networkPolicySwitch,
  service,
  targetGroupBinding,
} from './objects';
import { EndpointConfig } from '../../endpoint/contract';
import { readAsset } from '../../private/assets';
import { digest } from '../../private/digest';
import { ServerBindOptions } from '../self-hosted';

const NODE_ARCHITECTURES: Record<string, string> = { arm64: 'arm64', x86_64: 'amd64' };

/** The label that lets the controller hold a pod back from being ready until the load balancer sends it requests. */
const READINESS_GATES: Record<EksLoadBalancerController, string> = {
  [EksLoadBalancerController.AWS_LOAD_BALANCER_CONTROLLER]: 'elbv2.k8s.aws/pod-readiness-gate-inject',
  [EksLoadBalancerController.AUTO_MODE]: 'eks.amazonaws.com/pod-readiness-gate-inject',
};

const SCRATCH_MIB = 10 * 1024;

export const namespaceOf = ({ kubernetesNamespace = 'mlflow' }: EksComputeProps) => kubernetesNamespace;

/** What was applied to the cluster, in the order in which it was. */
export interface Manifests {
  readonly serviceAccount: ServiceAccount;
  readonly server: KubernetesManifest;
}

/** Applies the server's objects to the cluster: each manifest waits for those that it needs. */
export function defineManifests(scope: Construct, props: PlacedProps, options: ServerBindOptions): Manifests {
  const { cluster } = props;
  const namespace = namespaceOf(props);
  const made = (props.createNamespace ?? true) ? [defineNamespace(scope, props, options)] : [];

  const serviceAccount = new ServiceAccount(scope, 'ServiceAccount', {
    cluster,
    name: NAME,
    namespace,
    labels: LABELS,
    identityType: props.identityType ?? IdentityType.POD_IDENTITY,
  });
  serviceAccount.node.addDependency(...made);

  const reachable = [...made, ...defineWayIn(scope, props, options, [...made, ...controllerDefinedWith(cluster)])];
  const server = apply(scope, 'Server', cluster, podObjects(props, options), [serviceAccount, ...reachable]);
  return { serviceAccount, server };
}

/** How the pods are reached, and by whom. A pod is held back for a load balancer only where this is there before it. */
function defineWayIn(
  scope: Construct,
  props: PlacedProps,
  { endpoint, server }: ServerBindOptions,
  after: IDependable[],
): KubernetesManifest[] {
  const { cluster } = props;
  const namespace = namespaceOf(props);
  const { targetGroup, ingress: config, hostNames } = endpoint;
  const policy = networkPolicy(namespace, server.port, callersOf(props, endpoint));
  const way = apply(scope, 'Service', cluster, [service(namespace), policy, disruptionBudget(namespace)], after);
  const further: KubernetesManifest[] = [];
  if (props.newCluster) further.push(applySwitch(scope, cluster));
  if (targetGroup) {
    const controller = controllerOf(props);
    if (controller === EksLoadBalancerController.AUTO_MODE) {
      // The managed policy AmazonEKSLoadBalancingPolicy allows no other target groups.
      Tags.of(targetGroup).add('eks:eks-cluster-name', cluster.clusterName);
    }
    further.push(bind(scope, props, targetGroup, [way, targetGroup.loadBalancerAttached]));
  }
  if (config) {
    further.push(apply(scope, 'Ingress', cluster, [ingress(namespace, hostNames[0], config)], [way]));
  }
  return [way, ...further];
}

/**
 * Another target group gets another binding, and the same one never does: the controller's webhook refuses to change the
 * target group of a binding, and to bind a target group twice.
 */
function bind(
  scope: Construct,
  props: PlacedProps,
  targetGroup: ApplicationTargetGroup,
  after: IDependable[],
): KubernetesManifest {
  // Not of the path, which changes with what the stack is called in the app: the target group stays then.
  const suffix = digest(Stack.of(targetGroup).getLogicalId(targetGroup.node.defaultChild as CfnTargetGroup));
  const binding = targetGroupBinding(namespaceOf(props), controllerOf(props), {
    name: `${NAME}-${suffix}`,
    arn: targetGroup.targetGroupArn,
  });
  return apply(scope, `TargetGroupBinding${suffix}`, props.cluster, [binding], after);
}

/**
 * The controller that was defined with the cluster. It brings the definition of the bindings, and its webhooks are asked
 * about every Service and Ingress. On the way back, it takes its finalizers from them before it is deleted itself.
 */
function controllerDefinedWith(cluster: ICluster): IDependable[] {
  // Not by class: it may come from another copy of the AWS CDK.
  const { albController } = cluster as Partial<Cluster>;
  return albController ? [albController] : [];
}

/** Should EKS have made the object in the meantime, it is changed and not refused. */
function applySwitch(scope: Construct, cluster: ICluster): KubernetesManifest {
  return new KubernetesManifest(scope, 'NetworkPolicies', {
    cluster,
    manifest: [networkPolicySwitch()],
    overwrite: true,
  });
}

/** The resource that starts the pods. */
export function workloadOf({ server }: Manifests): CfnResource {
  return server.node.defaultChild as CfnResource;
}

function defineNamespace(scope: Construct, props: PlacedProps, { endpoint }: ServerBindOptions): KubernetesManifest {
  const gates = endpoint.targetGroup ? { [READINESS_GATES[controllerOf(props)]]: 'enabled' } : {};
  const { 'app.kubernetes.io/component': _, ...labels } = LABELS;
  return apply(scope, 'Namespace', props.cluster, [namespaceObject(namespaceOf(props), { ...gates, ...labels })]);
}

function controllerOf({ loadBalancerController, newCluster }: EksComputeProps): EksLoadBalancerController {
  if (newCluster) return EksLoadBalancerController.AUTO_MODE;
  return loadBalancerController ?? EksLoadBalancerController.AWS_LOAD_BALANCER_CONTROLLER;
}

function podObjects(props: EksComputeProps, options: ServerBindOptions): KubernetesObject[] {
  const settings = podSettings(props, options);
  return [programs(settings), deployment(settings)];
}

function podSettings(props: EksComputeProps, { server, size }: ServerBindOptions): PodSettings {
  const { nodeSelector, imagePullSecrets = [], ephemeralStorage } = props;
  const cpuArchitecture = nodeArchitecture(props);
  return {
    namespace: namespaceOf(props),
    server,
    replicas: size.replicas,
    vcpus: size.vcpus,
    memoryMiB: size.memory.toMebibytes(),
    scratchMiB: ephemeralStorage?.toMebibytes() ?? SCRATCH_MIB,
    nodeSelector: {
      ...(cpuArchitecture ? { 'kubernetes.io/arch': NODE_ARCHITECTURES[cpuArchitecture] } : {}),
      ...nodeSelector,
    },
    imagePullSecrets,
    podProgram: readAsset('eks', 'pod.py'),
  };
}

/** Load balancers have addresses of the VPC; the pods of an ingress controller have a namespace. */
function callersOf({ cluster, allowedNamespaces = [] }: PlacedProps, endpoint: EndpointConfig): Callers {
  const { targetGroup, ingress: config } = endpoint;
  const controller = config?.controllerNamespace;
  const balanced = targetGroup !== undefined || (config !== undefined && controller === undefined);
  return {
    blocks: balanced ? [cluster.vpc.vpcCidrBlock] : [],
    namespaces: [...new Set([...(controller === undefined ? [] : [controller]), ...allowedNamespaces])],
  };
}

function apply(
  scope: Construct,
  id: string,
  cluster: ICluster,
  manifest: KubernetesObject[],
  after: IDependable[] = [],
): KubernetesManifest {
  const applied = new KubernetesManifest(scope, id, { cluster, manifest });
  applied.node.addDependency(...after);
  return applied;
}
