import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { Cluster, KubectlProvider } from 'aws-cdk-lib/aws-eks-v2';
import { Compute, EksCluster, EksLoadBalancerController, MlflowTrackingServer } from '../../src';

const app = new App();
const stack = new Stack(app, 'Eks');

// An existing cluster. These placeholders stand in for the `Cluster` and the `Vpc` of another stack of your app, or for
// `Vpc.fromLookup()`. The kubectl provider is a Lambda function in the stack that defines the cluster.
const cluster = Cluster.fromClusterAttributes(stack, 'Cluster', {
  clusterName: 'platform',
  vpc: new Vpc(stack, 'Vpc', { maxAzs: 2, natGateways: 1 }),
  clusterSecurityGroupId: 'sg-0123456789abcdef0',
  kubectlProvider: KubectlProvider.fromKubectlProviderAttributes(stack, 'Kubectl', {
    serviceToken: stack.formatArn({ service: 'lambda', resource: 'function:platform-kubectl' }),
  }),
});

// An internal load balancer in front of the pods. Pods in the namespace `training` connect to them directly.
new MlflowTrackingServer(stack, 'Mlflow', {
  compute: Compute.eks({
    cluster: EksCluster.existing(cluster, { loadBalancerController: EksLoadBalancerController.AUTO_MODE }),
    allowedNamespaces: ['training'],
  }),
});
