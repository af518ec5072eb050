import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ClusterLoggingTypes, EndpointAccess, ICluster } from 'aws-cdk-lib/aws-eks-v2';
import { Construct } from 'constructs';
import { EksClusterOptions } from './eks-cluster-options';
import { EksComputeProps } from './eks-compute-props';
import { serverSubnets } from '../../network/subnets';
import { profileDefaults } from '../../server/profile-defaults';
import { ServerBindOptions } from '../self-hosted';

/** The props of a server whose cluster is there. */
export interface PlacedProps extends EksComputeProps {
  readonly cluster: ICluster;
}

/** The cluster of a server that was given none. Without a word about capacity, the L2 makes one with EKS Auto Mode. */
export function defineEksCluster(scope: Construct, choices: EksClusterOptions, options: ServerBindOptions): Cluster {
  const { version, kubectlLayer, endpointAccess, mastersRole, secretsEncryptionKey, clusterLogging } = choices;
  // Not the id of a cluster of Amazon ECS: CloudFormation refuses to make a resource one of another type.
  return new Cluster(scope, 'EksCluster', {
    version,
    vpc: options.vpc,
    // By default also the public ones, in which Auto Mode would then place nodes.
    vpcSubnets: [serverSubnets(options.vpc)],
    endpointAccess: endpointAccess ?? EndpointAccess.PRIVATE,
    // The function that applies the manifests has an entry of its own; whoever deploys needs none.
    bootstrapClusterCreatorAdminPermissions: false,
    kubectlProviderOptions: { kubectlLayer },
    mastersRole,
    secretsEncryptionKey,
    clusterLogging: clusterLogging ?? defaultLogging(options),
  });
}

function defaultLogging({ profile }: ServerBindOptions): ClusterLoggingTypes[] {
  return profileDefaults(profile).controlPlaneLogs ? Object.values(ClusterLoggingTypes) : [];
}

/**
 * The architecture of the nodes. Those that a new cluster has for everybody are of one only.
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/set-builtin-node-pools.html
 */
export function nodeArchitecture({ cpuArchitecture, newCluster }: EksComputeProps): InstanceArchitecture | undefined {
  return cpuArchitecture ?? (newCluster ? InstanceArchitecture.X86_64 : undefined);
}
