import { InstanceArchitecture, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ClusterLoggingTypes, EndpointAccess } from 'aws-cdk-lib/aws-eks-v2';
import { Construct } from 'constructs';
import { ClusterSource } from './cluster-source';
import { EksAutoModeClusterOptions } from './eks-auto-mode-cluster-options';
import { EksLoadBalancerController } from './eks-load-balancer-controller';
import { isIsolated, serverSubnets, hasKnownCidrBlock } from '../../network/subnets';
import { Problems } from '../../private/problems';
import { Profile } from '../../server';
import { profileDefaults } from '../../server/profile-defaults';
import { ServerBindOptions } from '../self-hosted';
import { ComputeDeploymentContext } from '../validation';

/** A new cluster with EKS Auto Mode, for the server alone. */
export function autoModeCluster(options: EksAutoModeClusterOptions): ClusterSource {
  validateSubnets(options);
  return {
    // https://docs.aws.amazon.com/eks/latest/userguide/set-builtin-node-pools.html
    cpuArchitecture: InstanceArchitecture.X86_64,
    createsRoles: true,
    hasIdentityProvider: () => true,
    checkDeployment: checkVpc,
    bind: (scope, bindOptions) => {
      const cluster = defineCluster(scope, options, bindOptions);
      return {
        cluster,
        securityGroups: [cluster.clusterSecurityGroup],
        createNamespace: true,
        loadBalancerController: EksLoadBalancerController.AUTO_MODE,
        enableNetworkPolicies: true,
      };
    },
  };
}

function validateSubnets({ vpcSubnets }: EksAutoModeClusterOptions): void {
  const type = vpcSubnets?.subnetType;
  new Problems()
    .require(type === undefined || type === SubnetType.PRIVATE_WITH_EGRESS, () => {
      return `'vpcSubnets' must be private subnets with internet access, which the nodes and the kubectl provider need; got SubnetType '${type}', use SubnetType.PRIVATE_WITH_EGRESS`;
    })
    .throwIfAny('EksCluster.autoMode()');
}

function checkVpc(problems: Problems, { vpc }: ComputeDeploymentContext): void {
  // A new VPC has all of this.
  if (!vpc) return;
  problems
    .require(!isIsolated(vpc), () => {
      return "'vpc' must have private subnets with internet access with EksCluster.autoMode(), which the nodes and the kubectl provider need; got only isolated subnets, choose another VPC or use EksCluster.existing()";
    })
    .require(hasKnownCidrBlock(vpc), () => {
      return "'vpc' must have a known CIDR block with EksCluster.autoMode(), from which load balancers connect; import the VPC with 'vpcCidrBlock'";
    });
}

/** Defines the cluster. If no capacity is specified, the L2 uses EKS Auto Mode. */
function defineCluster(
  scope: Construct,
  options: EksAutoModeClusterOptions,
  { vpc, profile }: ServerBindOptions,
): Cluster {
  const { version, kubectlLayer, vpcSubnets, endpointAccess, clusterLogging } = options;
  // The id is for ever: another one would replace the cluster with everything in it.
  return new Cluster(scope, 'Cluster', {
    version,
    vpc,
    // The default includes public subnets, in which Auto Mode would also place nodes.
    vpcSubnets: [vpcSubnets ?? serverSubnets(vpc)],
    endpointAccess: endpointAccess ?? EndpointAccess.PRIVATE,
    // The function that applies the manifests has its own access entry. The identity that deploys needs no access.
    bootstrapClusterCreatorAdminPermissions: false,
    kubectlProviderOptions: { kubectlLayer },
    mastersRole: options.mastersRole,
    secretsEncryptionKey: options.secretsEncryptionKey,
    clusterLogging: clusterLogging ?? defaultLogging(profile),
  });
}

function defaultLogging(profile: Profile): ClusterLoggingTypes[] {
  return profileDefaults(profile).controlPlaneLogs ? Object.values(ClusterLoggingTypes) : [];
}
