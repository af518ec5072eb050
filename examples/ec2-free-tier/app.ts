import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Compute, Endpoint, MlflowTrackingServer } from '../../src';

const app = new App();
const stack = new Stack(app, 'Ec2FreeTier');

// Allow only your own IP address. To find it, run `curl https://checkip.amazonaws.com`.
const allowedCidr = new CfnParameter(stack, 'AllowedCidr', {
  description: 'The IPv4 CIDR block that can connect to the server',
  default: '203.0.113.7/32',
});

// One t3.micro and PostgreSQL on a db.t4g.micro, without a load balancer or a NAT gateway.
new MlflowTrackingServer(stack, 'Mlflow', {
  compute: Compute.ec2({ instanceType: new InstanceType('t3.micro') }),
  endpoint: Endpoint.instanceAddress({ allowedCidrs: [allowedCidr.valueAsString] }),
});
