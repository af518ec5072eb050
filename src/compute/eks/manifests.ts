import { CfnResource, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { ICluster, KubernetesManifest, KubernetesManifestProps } from 'aws-cdk-lib/aws-eks-v2';
import { ApplicationTargetGroup, CfnTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { Construct, IDependable } from 'constructs';
import { ClusterConfig } from './cluster-source';
import { controllersIn } from './controllers';
import { deployment, programs } from './deployment';
import { EksComputeProps } from './eks-compute-props';
import { EksLoadBalancerController } from './eks-load-balancer-controller';
import { KubernetesObject, LABELS, NAME } from './names';
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
import { namespaceOf, podSettings } from './pod-settings';
import { defineServiceAccount } from './service-account';
import { EndpointConfig } from '../../endpoint/contract';
import { digest } from '../../private/digest';
import { ServerBindOptions } from '../self-hosted';

/** The label with which the controller delays the readiness of a pod until the load balancer sends it requests. */
const READINESS_GATES: Record<EksLoadBalancerController, string> = {
  [EksLoadBalancerController.AWS_LOAD_BALANCER_CONTROLLER]: 'elbv2.k8s.aws/pod-readiness-gate-inject',
  [EksLoadBalancerController.AUTO_MODE]: 'eks.amazonaws.com/pod-readiness-gate-inject',
};

/** The parts of the server in the cluster that others use. */
export interface Manifests {
  readonly role: IRole;
  /** The manifest with the Deployment. */
  readonly server: KubernetesManifest;
}

/** Applies the Kubernetes objects of a server. Each manifest waits for those that it needs. */
export function defineManifests(
  scope: Construct,
  props: EksComputeProps,
  config: ClusterConfig,
  options: ServerBindOptions,
): Manifests {
  return new ManifestDefinition(scope, props, config, options).define();
}

/** The resource that starts the pods. */
export function workloadOf({ server }: Manifests): CfnResource {
  return server.node.defaultChild as CfnResource;
}

class ManifestDefinition {
  private readonly cluster: ICluster;
  private readonly namespace: string;
  private readonly endpoint: EndpointConfig;

  public constructor(
    private readonly scope: Construct,
    private readonly props: EksComputeProps,
    private readonly config: ClusterConfig,
    private readonly options: ServerBindOptions,
  ) {
    this.cluster = config.cluster;
    this.namespace = namespaceOf(props);
    this.endpoint = options.endpoint;
  }

  public define(): Manifests {
    const namespace = this.config.createNamespace ? [this.defineNamespace()] : [];
    const identity = defineServiceAccount(this.scope, this.cluster, this.namespace, this.props, namespace);
    const access = this.defineAccess(namespace);
    const settings = podSettings(this.props, this.options);
    const server = this.apply('Server', [programs(settings), deployment(settings)], {
      after: [...namespace, ...identity.dependencies, ...access],
    });
    return { role: identity.role, server };
  }

  /** Kept when it leaves the template, because others may have taken it over; applied, because it may have been kept. */
  private defineNamespace(): KubernetesManifest {
    const gates = this.endpoint.targetGroup ? { [READINESS_GATES[this.config.loadBalancerController]]: 'enabled' } : {};
    const { 'app.kubernetes.io/component': _, ...labels } = LABELS;
    return this.apply('Namespace', [namespaceObject(this.namespace, { ...gates, ...labels })], {
      overwrite: true,
      removalPolicy: RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE,
    });
  }

  /** How clients reach the pods. All of it exists before the pods: only then does the controller delay their readiness. */
  private defineAccess(after: IDependable[]): KubernetesManifest[] {
    const { targetGroup, ingress: ingressConfig, hostNames } = this.endpoint;
    const policy = networkPolicy(this.namespace, this.options.server.port, this.callers());
    const objects = [service(this.namespace), policy, disruptionBudget(this.namespace)];
    const base = this.apply('Service', objects, { after: [...after, controllersIn(this.scope, this.cluster)] });
    const manifests = [base];
    if (this.config.enableNetworkPolicies) {
      // Should Amazon EKS create the object in the meantime, it is changed and not rejected.
      manifests.push(this.apply('NetworkPolicies', [networkPolicySwitch()], { overwrite: true }));
    }
    if (targetGroup) manifests.push(this.defineBinding(targetGroup, [base, targetGroup.loadBalancerAttached]));
    if (ingressConfig) {
      manifests.push(this.apply('Ingress', [ingress(this.namespace, hostNames[0], ingressConfig)], { after: [base] }));
    }
    return manifests;
  }

  /**
   * Another target group gets another binding, and the same one never does: the controller's webhook refuses to change the
   * target group of a binding, and to bind a target group twice.
   */
  private defineBinding(targetGroup: ApplicationTargetGroup, after: IDependable[]): KubernetesManifest {
    const { loadBalancerController } = this.config;
    if (loadBalancerController === EksLoadBalancerController.AUTO_MODE) {
      // The managed policy AmazonEKSLoadBalancingPolicy allows no other target groups.
      Tags.of(targetGroup).add('eks:eks-cluster-name', this.cluster.clusterName);
    }
    const suffix = this.bindingSuffix(targetGroup);
    const name = suffix === undefined ? NAME : `${NAME}-${suffix}`;
    const target = { name, arn: targetGroup.targetGroupArn };
    const binding = targetGroupBinding(this.namespace, loadBalancerController, target);
    return this.apply(`TargetGroupBinding${suffix ?? ''}`, [binding], { after });
  }

  /** None for the target group whose id is the same in every version of the library: so are the id and name of its binding. */
  private bindingSuffix(targetGroup: ApplicationTargetGroup): string | undefined {
    const endpoint = this.scope.node.scope?.node.tryFindChild('Endpoint');
    if (endpoint?.node.tryFindChild('Targets') === targetGroup) return undefined;
    // Not of the path, which changes with the name of the stack in the app: the target group is kept then.
    return digest(Stack.of(targetGroup).getLogicalId(targetGroup.node.defaultChild as CfnTargetGroup));
  }

  /** Load balancers have addresses of the VPC. The pods of an ingress controller have a namespace. */
  private callers(): Callers {
    const { targetGroup, ingress: ingressConfig } = this.endpoint;
    const controllerNamespace = ingressConfig?.controllerNamespace;
    const fromVpc = targetGroup !== undefined || (ingressConfig !== undefined && controllerNamespace === undefined);
    const namespaces = [...(controllerNamespace ? [controllerNamespace] : []), ...(this.props.allowedNamespaces ?? [])];
    return { blocks: fromVpc ? [this.cluster.vpc.vpcCidrBlock] : [], namespaces: [...new Set(namespaces)] };
  }

  private apply(
    id: string,
    manifest: KubernetesObject[],
    { after = [], ...props }: Partial<KubernetesManifestProps> & { readonly after?: IDependable[] } = {},
  ): KubernetesManifest {
    const applied = new KubernetesManifest(this.scope, id, { cluster: this.cluster, manifest, ...props });
    applied.node.addDependency(...after);
    return applied;
  }
}
