import { Stack } from 'aws-cdk-lib';
import { Connections, ISecurityGroup, Port, SecurityGroup } from 'aws-cdk-lib/aws-ec2';
import { ICluster, KubernetesManifest, ServiceAccount } from 'aws-cdk-lib/aws-eks-v2';
import { IApplicationLoadBalancerTarget, TargetType } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { PermissionsBoundary } from 'aws-cdk-lib/aws-iam';
import { Construct } from 'constructs';
import { ComputeCapabilities } from '../capabilities';
import { defineEksCluster, nodeArchitecture } from './cluster';
import { EksComputeProps } from './eks-compute-props';
import { defineManifests, namespaceOf, workloadOf } from './manifests';
import { serviceHostNames } from './names';
import { checkDeployment, validateEksProps } from './validate';
import { AccessPath } from '../../endpoint/access-path';
import { Binding } from '../../private/binding';
import { Problems } from '../../private/problems';
import { grantSecrets } from '../common/secrets';
import { ComputeBindOptions, ComputeConfig, ICompute } from '../contract';
import { serverBindOptions } from '../self-hosted';

interface Defined {
  readonly cluster: ICluster;
  readonly serviceAccount: ServiceAccount;
  readonly manifest: KubernetesManifest;
}

/**
 * The server as a Deployment in a Kubernetes cluster on Amazon EKS.
 *
 * An update stops the old pods before it starts the new ones, because MLflow forbids two versions on one database.
 * CloudFormation does not wait for the pods: `kubectl rollout status` does.
 */
export class EksCompute implements ICompute {
  public readonly capabilities: ComputeCapabilities;

  private readonly bound = new Binding<Defined>('Compute.eks()');

  /**
   * @throws If there is not one cluster, if it lacks what the server needs, or if a value is none that Kubernetes accepts.
   */
  public constructor(private readonly props: EksComputeProps) {
    validateEksProps(props);
    this.capabilities = {
      displayName: 'EKS',
      vpc: props.cluster?.vpc,
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
   * @throws If the compute is not bound yet.
   */
  public get cluster(): ICluster {
    return this.bound.read('cluster');
  }

  /**
   * The pods' identity in the cluster and in AWS.
   *
   * @throws If the compute is not bound yet.
   */
  public get serviceAccount(): ServiceAccount {
    return this.bound.read('serviceAccount');
  }

  /**
   * The manifest with the Deployment. What else must be applied before it starts can be made its dependency.
   *
   * @throws If the compute is not bound yet.
   */
  public get manifest(): KubernetesManifest {
    return this.bound.read('manifest');
  }

  public bind(scope: Construct, bindOptions: ComputeBindOptions): ComputeConfig {
    this.bound.claim();
    const options = serverBindOptions(bindOptions);
    const { permissionsBoundary, securityGroups } = this.props;
    const server = options.server;
    if (permissionsBoundary) PermissionsBoundary.of(scope).apply(permissionsBoundary);
    // The constructor has seen to it that there is one of the two.
    const cluster = this.props.cluster ?? defineEksCluster(scope, this.props.newCluster!, options);
    const manifests = defineManifests(scope, { ...this.props, cluster }, options);
    const { serviceAccount, server: manifest } = manifests;
    this.bound.set({ cluster, serviceAccount, manifest });

    grantSecrets(server, serviceAccount);
    const groups = securityGroups ?? [cluster.clusterSecurityGroup];
    const connections = new Connections({
      securityGroups: groups.map((group, index) => inStackOf(scope, `SecurityGroup${index + 1}`, group)),
      defaultPort: Port.tcp(server.port),
    });
    return {
      grantee: serviceAccount,
      connections,
      loadBalancerTarget: podsOf(connections),
      workloads: [workloadOf(manifests)],
    };
  }
}

/**
 * A rule is made in the stack of its group: the load balancer's, in the stack of the cluster, would make both stacks wait
 * for each other.
 */
function inStackOf(scope: Construct, id: string, group: ISecurityGroup): ISecurityGroup {
  return group.stack === Stack.of(scope) ? group : SecurityGroup.fromSecurityGroupId(scope, id, group.securityGroupId);
}

/** The target group's targets come and go with the pods; the way to them is open from the beginning. */
function podsOf(connections: Connections): IApplicationLoadBalancerTarget {
  return {
    attachToApplicationTargetGroup: (targetGroup) => {
      targetGroup.registerConnectable({ connections }, connections.defaultPort);
      return { targetType: TargetType.IP };
    },
  };
}
