import { Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleGroup, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { Universal } from 'aws-cdk-lib/aws-scheduler-targets';
import { Construct } from 'constructs';
import { WorkingHours } from '../common/working-hours';

/** How long a call that fails because the server is busy is retried, instead of Scheduler's 24 hours. */
const MAX_EVENT_AGE = Duration.hours(1);

/** The tracking server to start and stop. */
export interface ScheduledServer {
  readonly name: string;
  readonly arn: string;
}

/** Defines schedules that start and stop a tracking server at its working hours, with permissions for that only. */
export function defineSchedule(scope: Construct, server: ScheduledServer, hours: WorkingHours): void {
  const group = new ScheduleGroup(scope, 'Group', { removalPolicy: RemovalPolicy.DESTROY });
  const role = new Role(scope, 'Role', {
    description: 'Starts and stops an MLflow tracking server at its working hours',
    assumedBy: new ServicePrincipal('scheduler.amazonaws.com', {
      conditions: {
        StringEquals: {
          'aws:SourceAccount': Stack.of(scope).account,
          // Scheduler passes the ARN of the group, not of the schedule.
          // https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html
          'aws:SourceArn': group.scheduleGroupArn,
        },
      },
    }),
  });
  const call = (id: 'Start' | 'Stop', schedule: ScheduleExpression) =>
    new Schedule(scope, id, {
      description: `${id}s the MLflow tracking server`,
      schedule,
      scheduleGroup: group,
      target: new Universal({
        service: 'sagemaker',
        action: `${id.toLowerCase()}MlflowTrackingServer`,
        input: ScheduleTargetInput.fromObject({ TrackingServerName: server.name }),
        role,
        policyStatements: [
          new PolicyStatement({ actions: [`sagemaker:${id}MlflowTrackingServer`], resources: [server.arn] }),
        ],
        maxEventAge: MAX_EVENT_AGE,
      }),
    });
  call('Start', hours.start);
  call('Stop', hours.stop);
}
