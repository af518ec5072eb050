import { App, Stack } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Compute, MlflowTrackingServer } from '../../src';

const app = new App();
const stack = new Stack(app, 'EcsOnEc2');

// A new cluster with at least one On-Demand Graviton instance. Instances that are added under load can be Spot Instances.
new MlflowTrackingServer(stack, 'Mlflow', {
  compute: Compute.ecsOnEc2({
    instanceType: new InstanceType('t4g.medium'),
    cpu: 1024,
    memoryLimitMiB: 2048,
    scaling: { minReplicas: 1, maxReplicas: 3 },
    spot: { onDemandBase: 1, otherInstanceTypes: [new InstanceType('m7g.medium'), new InstanceType('c7g.large')] },
  }),
});
