import { Duration } from 'aws-cdk-lib';
import { ApplicationProtocol, ApplicationTargetGroup } from 'aws-cdk-lib/aws-elasticloadbalancingv2';
import { Construct } from 'constructs';
import { EndpointBindOptions } from '../contract';

/** Where a load balancer sends requests to: the servers that are healthy. */
export function defineTargetGroup(scope: Construct, options: EndpointBindOptions): ApplicationTargetGroup {
  return new ApplicationTargetGroup(scope, 'Targets', {
    vpc: options.vpc,
    port: options.port,
    protocol: ApplicationProtocol.HTTP,
    // Stop-first updates wait for this long; the server itself then finishes what is still open.
    deregistrationDelay: Duration.seconds(30),
    healthCheck: {
      path: options.healthCheckPath,
      healthyHttpCodes: '200',
      interval: Duration.seconds(10),
      timeout: Duration.seconds(5),
      healthyThresholdCount: 2,
      unhealthyThresholdCount: 5,
    },
  });
}
