import { RemovalPolicies, RemovalPolicy } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import { Problems } from '../../private/problems';

/** Notes the one policy that neither type of resource has. */
export function requireRemovalPolicy(problems: Problems, removalPolicy: RemovalPolicy | undefined): void {
  problems.require(removalPolicy !== RemovalPolicy.SNAPSHOT, () => {
    return "'removalPolicy' cannot be a snapshot, which managed MLflow does not have; keep the server or destroy it";
  });
}

/** The service and its rights live and die together: a server that stays keeps the role that it writes with. */
export function applyRemovalPolicy(scope: Construct, removalPolicy: RemovalPolicy | undefined): void {
  // Over the whole scope, and so over the policies that later grants define.
  RemovalPolicies.of(scope).apply(removalPolicy ?? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE);
}
