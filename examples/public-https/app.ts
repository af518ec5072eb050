import { App, CfnParameter, Stack } from 'aws-cdk-lib';
import { HostedZone } from 'aws-cdk-lib/aws-route53';
import { Endpoint, MlflowTrackingServer, Profile } from '../../src';

const app = new App();
const stack = new Stack(app, 'PublicHttps');

// aws cloudformation, or `cdk deploy --parameters DomainName=mlflow.example.com --parameters HostedZoneId=Z0123456789ABC ...`
const domainName = new CfnParameter(stack, 'DomainName', { description: 'The name that clients use' }).valueAsString;
const hostedZoneId = new CfnParameter(stack, 'HostedZoneId', {
  description: 'The public hosted zone that the name is in',
}).valueAsString;
const office = new CfnParameter(stack, 'AllowedCidr', {
  description: 'The IPv4 addresses that may connect, such as 203.0.113.0/24',
}).valueAsString;

// HTTPS with a certificate of its own, which Route 53 validates and AWS renews; everything behind it is private.
new MlflowTrackingServer(stack, 'Mlflow', {
  profile: Profile.PRODUCTION,
  endpoint: Endpoint.publicLoadBalancer({
    domainName,
    hostedZone: HostedZone.fromHostedZoneId(stack, 'Zone', hostedZoneId),
    allowedCidrs: [office],
  }),
});
