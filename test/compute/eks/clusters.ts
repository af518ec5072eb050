import { Stack } from 'aws-cdk-lib';
import { IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ClusterAttributes, ICluster, KubectlProvider, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { EksAutoModeClusterOptions, EksCluster, EksExistingClusterOptions } from '../../../src';
import { givenVpc } from '../../support/networks';

/** A VPC as a cluster's. */
export function clusterVpc(stack: Stack): IVpc {
  return givenVpc(stack, [SubnetType.PUBLIC, SubnetType.PRIVATE_WITH_EGRESS]);
}

/** A cluster that is defined elsewhere, with everything that the server needs unless it is taken away. */
export function importedCluster(stack: Stack, changes: Partial<ClusterAttributes> = {}): ICluster {
  return Cluster.fromClusterAttributes(stack, 'Cluster', {
    clusterName: 'platform',
    clusterSecurityGroupId: 'sg-0123456789abcdef0',
    ...('kubectlProvider' in changes ? {} : { kubectlProvider: kubectlProvider(stack) }),
    ...('vpc' in changes ? {} : { vpc: clusterVpc(stack) }),
    ...changes,
  });
}

/** The same, as the cluster of a server. */
export function existing(
  stack: Stack,
  options?: EksExistingClusterOptions,
  changes?: Partial<ClusterAttributes>,
): EksCluster {
  return EksCluster.existing(importedCluster(stack, changes), options);
}

/** A new cluster with no more than the required options. */
export function autoMode(stack: Stack, changes: Partial<EksAutoModeClusterOptions> = {}): EksCluster {
  const layer = 'arn:aws:lambda:eu-central-1:111122223333:layer:kubectl:1';
  return EksCluster.autoMode({
    version: KubernetesVersion.V1_33,
    kubectlLayer: LayerVersion.fromLayerVersionArn(stack, 'KubectlLayer', layer),
    ...changes,
  });
}

function kubectlProvider(stack: Stack) {
  return KubectlProvider.fromKubectlProviderAttributes(stack, 'Kubectl', {
    serviceToken: 'arn:aws:lambda:eu-central-1:111122223333:function:kubectl',
  });
}
