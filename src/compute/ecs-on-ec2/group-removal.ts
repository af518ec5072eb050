import { Duration, RemovalPolicy } from 'aws-cdk-lib';
import { AutoScalingGroup } from 'aws-cdk-lib/aws-autoscaling';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import { AwsCustomResource, AwsCustomResourcePolicy } from 'aws-cdk-lib/custom-resources';
import { Construct } from 'constructs';
import { profileDefaults } from '../../server/profile-defaults';
import { ServerBindOptions } from '../self-hosted';

/**
 * Deletes the group, with its instances, before AWS CloudFormation tries to: ECS never lifts the protection of the last
 * instance that a task ran on, and CloudFormation would wait for it until it gives up.
 *
 * The id is for ever: with another one, an update would delete the group that is in use.
 *
 * @see https://github.com/aws/containers-roadmap/issues/2862
 */
export function deleteGroupWithStack(
  scope: Construct,
  group: AutoScalingGroup,
  { profile }: ServerBindOptions,
): AwsCustomResource {
  return new AwsCustomResource(scope, 'GroupRemoval', {
    onDelete: {
      service: '@aws-sdk/client-auto-scaling',
      action: 'DeleteAutoScalingGroup',
      parameters: { AutoScalingGroupName: group.autoScalingGroupName, ForceDelete: true },
      // The group is gone already.
      ignoreErrorCodesMatching: 'ValidationError',
    },
    policy: AwsCustomResourcePolicy.fromStatements([
      new PolicyStatement({
        actions: ['autoscaling:DeleteAutoScalingGroup'],
        resources: [group.autoScalingGroupArn],
      }),
    ]),
    installLatestAwsSdk: false,
    timeout: Duration.minutes(2),
    logGroup: new LogGroup(scope, 'GroupRemovalLogs', {
      retention: profileDefaults(profile).logRetentionDays,
      removalPolicy: RemovalPolicy.DESTROY,
    }),
  });
}
