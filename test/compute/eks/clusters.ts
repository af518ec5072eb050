import { Stack } from 'aws-cdk-lib';
import { IVpc, SubnetType } from 'aws-cdk-lib/aws-ec2';
import { Cluster, ClusterAttributes, ICluster, KubectlProvider, KubernetesVersion } from 'aws-cdk-lib/aws-eks-v2';
import { LayerVersion } from 'aws-cdk-lib/aws-lambda';
import { EksClusterOptions } from '../../../src';
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

/** What a cluster of the server's own needs to be told. */
export function newCluster(stack: Stack, changes: Partial<EksClusterOptions> = {}): EksClusterOptions {
  const layer = 'arn:aws:lambda:eu-central-1:111122223333:layer:kubectl:1';
  return {
    version: KubernetesVersion.V1_33,
    kubectlLayer: LayerVersion.fromLayerVersionArn(stack, 'KubectlLayer', layer),
    ...changes,
  };
}

function kubectlProvider(stack: Stack) {
  return KubectlProvider.fromKubectlProviderAttributes(stack, 'Kubectl', {
    serviceToken: 'arn:aws:lambda:eu-central-1:111122223333:function:kubectl',
  });
}
