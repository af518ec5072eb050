import { InstanceArchitecture, ISecurityGroup, IVpc } from 'aws-cdk-lib/aws-ec2';
import { ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Construct } from 'constructs';
import { EksLoadBalancerController } from './eks-load-balancer-controller';
import { Problems } from '../../private/problems';
import { ServerBindOptions } from '../self-hosted';
import { ComputeDeploymentContext } from '../validation';

/** Where the cluster of a server comes from. */
export interface ClusterSource {
  /** The VPC that the cluster is in. Undefined if it can be in any VPC. */
  readonly vpc?: IVpc;
  /** The CPU architecture of the nodes. Undefined if it is not known. */
  readonly cpuArchitecture?: InstanceArchitecture;
  /** Whether IAM roles for service accounts (IRSA) can be used. To ask a cluster of the app adds a provider to it. */
  hasIdentityProvider(): boolean;
  /** Notes what does not fit the other parts of the deployment. */
  checkDeployment(problems: Problems, context: ComputeDeploymentContext): void;
  bind(scope: Construct, options: ServerBindOptions): ClusterConfig;
}

/** A cluster that exists or is defined, and how the server fits in. */
export interface ClusterConfig {
  readonly cluster: ICluster;
  /** The security groups of the pods. */
  readonly securityGroups: ISecurityGroup[];
  readonly createNamespace: boolean;
  readonly loadBalancerController: EksLoadBalancerController;
  /** Whether network policies have to be enabled. */
  readonly enableNetworkPolicies: boolean;
}

/** Reads a property of an imported construct, which throws if it was imported without this property. */
export function ifKnown<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
