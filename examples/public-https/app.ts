import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Endpoint, MlflowTrackingServer, Profile } from '../../src';

const app = new App();
const stack = new Stack(app, 'PublicHttps');

// To deploy: `cdk deploy --parameters DomainName=mlflow.example.com --parameters HostedZoneId=Z0123456789ABC ...`
const domainName = new CfnParameter(stack, 'DomainName', { description: 'The name that clients use' }).valueAsString;
const hostedZoneId = new CfnParameter(stack, 'HostedZoneId', {
  description: 'The ID of the public hosted zone that contains the domain name',
}).valueAsString;
const office = new CfnParameter(stack, 'AllowedCidr', {
  description: 'The IPv4 CIDR block that can connect, such as 203.0.113.0/24',
}).valueAsString;

// HTTPS with a new certificate that is validated through Route 53 and renewed by AWS. Everything behind the load balancer is private.
new MlflowTrackingServer(stack, 'Mlflow', {
  profile: Profile.PRODUCTION,
  endpoint: Endpoint.publicLoadBalancer({
    domainName,
    hostedZone: HostedZone.fromHostedZoneId(stack, 'Zone', hostedZoneId),
    allowedCidrs: [office],
  }),
});
