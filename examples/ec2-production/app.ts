import { App, Stack } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Compute, Endpoint, MlflowTrackingServer, Profile } from '../../src';

const app = new App();
const stack = new Stack(app, 'Ec2Production');

// Two Graviton instances behind a load balancer, and a database with a standby, with deletion protection.
new MlflowTrackingServer(stack, 'Mlflow', {
  profile: Profile.PRODUCTION,
  compute: Compute.ec2({ instanceType: new InstanceType('m7g.large'), replicas: 2 }),
  endpoint: Endpoint.internalLoadBalancer(),
});
