import { ICluster, IpFamily } from 'aws-cdk-lib/aws-eks-v2';
import { ClusterSource, ifKnown } from './cluster-source';
import { EksExistingClusterOptions } from './eks-existing-cluster-options';
import { EksLoadBalancerController } from './eks-load-balancer-controller';
import { AccessPath } from '../../endpoint/access-path';
import { hasKnownCidrBlock } from '../../network/subnets';
import { Problems } from '../../private/problems';

/** A cluster that exists, or that the app defines elsewhere. */
export function existingCluster(cluster: ICluster, options: EksExistingClusterOptions): ClusterSource {
  const { createNamespace = true, loadBalancerController, securityGroups } = options;
  const problems = new Problems();
  checkCluster(problems, cluster);
  checkSecurityGroups(problems, cluster, options);
  problems.throwIfAny('EksCluster.existing()');
  return {
    vpc: cluster.vpc,
    createsRoles: false,
    hasIdentityProvider: () => ifKnown(() => cluster.openIdConnectProvider) !== undefined,
    checkDeployment: (found, { endpoint }) => {
      found.require(
        loadBalancerController === undefined || AccessPath.LOAD_BALANCER.matches(endpoint?.accessPath),
        () => {
          return "'loadBalancerController' requires an endpoint with a load balancer; remove it or choose another endpoint";
        },
      );
    },
    bind: () => ({
      cluster,
      securityGroups: securityGroups ?? [cluster.clusterSecurityGroup],
      createNamespace,
      loadBalancerController: loadBalancerController ?? EksLoadBalancerController.AWS_LOAD_BALANCER_CONTROLLER,
      // Up to the owner of the cluster, whose other pods they would affect too.
      enableNetworkPolicies: false,
    }),
  };
}

function checkCluster(problems: Problems, cluster: ICluster): void {
  const vpc = ifKnown(() => cluster.vpc);
  problems
    .require(ifKnown(() => cluster.kubectlProvider) !== undefined, () => {
      return "'cluster' must have a kubectl provider, which applies the manifests of the server; define the cluster with 'kubectlProviderOptions', or import it with 'kubectlProvider'";
    })
    .require(vpc !== undefined, () => {
      return "'cluster' must have a known VPC, in which the database is created; import the cluster with 'vpc'";
    })
    .require(vpc === undefined || hasKnownCidrBlock(vpc), () => {
      return "'cluster' must be in a VPC with a known CIDR block, from which load balancers connect; import the VPC with 'vpcCidrBlock'";
    })
    .require(cluster.ipFamily !== IpFamily.IP_V6, () => {
      return "'cluster' must assign IPv4 addresses to its pods, which the load balancer and the database require; got IpFamily.IP_V6, choose another cluster";
    });
}

function checkSecurityGroups(
  problems: Problems,
  cluster: ICluster,
  { securityGroups }: EksExistingClusterOptions,
): void {
  problems
    .require(securityGroups !== undefined || ifKnown(() => cluster.clusterSecurityGroup) !== undefined, () => {
      return "'cluster' must have a known security group, which the database allows; import the cluster with 'clusterSecurityGroupId', or set 'securityGroups'";
    })
    .require(securityGroups === undefined || securityGroups.length > 0, () => {
      return "'securityGroups' must have at least one security group; got an empty list, add one or remove it";
    });
}
