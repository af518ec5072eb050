import { Stack } from 'aws-cdk-lib';
import { Connections, ISecurityGroup, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ICluster, KubernetesManifest } from 'aws-cdk-lib/aws-eks-v2';
import { IApplicationLoadBalancerTarget, TargetType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { IRole, PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ComputeCapabilities } from '../capabilities';
import { EksComputeProps } from './eks-compute-props';
import { defineManifests, workloadOf } from './manifests';
import { serviceHostNames } from './names';
import { namespaceOf, nodeArchitecture } from './pod-settings';
import { checkDeployment, validateEksProps } from './validate';
import { AccessPath } from '../../endpoint/access-path';
import { Binding } from '../../private/binding';
import { Problems } from '../../private/problems';
import { grantSecrets } from '../common/secrets';
import { ComputeBindOptions, ComputeConfig, ICompute } from '../contract';
import { serverBindOptions } from '../self-hosted';

interface Defined {
  readonly cluster: ICluster;
  readonly role: IRole;
  readonly manifest: KubernetesManifest;
}

/**
 * The server as a Deployment in a Kubernetes cluster on Amazon EKS.
 *
 * An update stops the old pods before it starts the new ones, because MLflow does not support two versions on one database.
 * CloudFormation does not wait for the pods: use `kubectl rollout status`.
 */
export class EksCompute implements ICompute {
  public readonly capabilities: ComputeCapabilities;

  private readonly binding = new Binding<Defined>('Compute.eks()');

  /**
   * @throws if a value is not valid for Kubernetes, or values are incompatible
   */
  public constructor(private readonly props: EksComputeProps) {
    validateEksProps(props);
    this.capabilities = {
      displayName: 'EKS',
      vpc: props.cluster._source.vpc,
      cpuArchitecture: nodeArchitecture(props),
      accessPaths: [AccessPath.LOAD_BALANCER, AccessPath.INGRESS],
      size: { vcpus: props.vcpus, memory: props.memory, replicas: props.replicas },
      hostNames: serviceHostNames(namespaceOf(props)),
      validation: { validate: (context) => Problems.in((problems) => checkDeployment(problems, props, context)) },
    };
  }

  /**
   * The cluster that the server runs in.
   *
   * @throws if the compute is not bound
   */
  public get cluster(): ICluster {
    return this.binding.read('cluster');
  }

  /**
   * The IAM role of the pods.
   *
   * @throws if the compute is not bound
   */
  public get role(): IRole {
    return this.binding.read('role');
  }

  /**
   * The manifest with the Deployment. To apply other objects before the server starts, add them as its dependencies.
   *
   * @throws if the compute is not bound
   */
  public get manifest(): KubernetesManifest {
    return this.binding.read('manifest');
  }

  public bind(scope: Construct, bindOptions: ComputeBindOptions): ComputeConfig {
    this.binding.claim();
    const options = serverBindOptions(bindOptions);
    const { permissionsBoundary, cluster: choice } = this.props;
    if (permissionsBoundary) PermissionsBoundary.of(scope).apply(permissionsBoundary);
    const config = choice._source.bind(scope, options);
    const manifests = defineManifests(scope, this.props, config, options);
    const { role, server: manifest } = manifests;
    this.binding.set({ cluster: config.cluster, role, manifest });

    grantSecrets(options.server, role);
    const securityGroups = config.securityGroups.map((group, index) =>
      inStackOf(scope, `SecurityGroup${index + 1}`, group),
    );
    const connections = new Connections({ securityGroups, defaultPort: Port.tcp(options.server.port) });
    return { grantee: role, connections, loadBalancerTarget: podsOf(connections), workloads: [workloadOf(manifests)] };
  }
}

/**
 * A rule is created in the stack of its group: the rule for the load balancer, in the stack of the cluster, would make both
 * stacks depend on each other.
 */
function inStackOf(scope: Construct, id: string, group: ISecurityGroup): ISecurityGroup {
  return group.stack === Stack.of(scope) ? group : SecurityGroup.fromSecurityGroupId(scope, id, group.securityGroupId);
}

/** The controller registers and deregisters the pods. Here, only the load balancer is allowed to connect to them. */
function podsOf(connections: Connections): IApplicationLoadBalancerTarget {
  return {
    attachToApplicationTargetGroup: (targetGroup) => {
      targetGroup.registerConnectable({ connections }, connections.defaultPort);
      return { targetType: TargetType.IP };
    },
  };
}
