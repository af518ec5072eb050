import { Stack, TimeZone } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { SecurityGroup, SubnetType, Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import {
  Compute,
  DayOfWeek,
  ICompute,
  MlflowTrackingServer,
  SageMakerClientVpcOptions,
  WorkingHours,
} from '../../../src';
import { ALL_KINDS, givenVpc, WITHOUT_ISOLATED } from '../../support/networks';
import { newStack } from '../../support/new-app';
import { ACTIONS } from '../../support/service-authorization';
import { idsOf, only, permissionsOf, resourcesOf } from '../../support/templates';

const SERVER = 'MlflowComputeServiceTrackingServerCB797343';
const ARN = { 'Fn::GetAtt': [SERVER, 'TrackingServerArn'] };

function defined(create: (stack: Stack) => ICompute): Template {
  const stack = newStack();
  new MlflowTrackingServer(stack, 'Mlflow', { compute: create(stack) });
  return Template.fromStack(stack);
}

describe('working hours', () => {
  const template = (hours: WorkingHours) => defined(() => Compute.sageMakerTrackingServer({ workingHours: hours }));
  const schedules = (hours: WorkingHours) =>
    ['Start', 'Stop'].map(
      (call) => only(template(hours), 'AWS::Scheduler::Schedule', `MlflowComputeWorkingHours${call}`).Properties,
    );

  test('call the two actions on the server', () => {
    const calls = schedules(WorkingHours.weekdays({ startHour: 7, stopHour: 20, stopMinute: 30 }));
    expect(calls.map(({ ScheduleExpression }) => ScheduleExpression)).toEqual([
      'cron(0 7 ? * MON,TUE,WED,THU,FRI *)',
      'cron(30 20 ? * MON,TUE,WED,THU,FRI *)',
    ]);
    for (const [index, action] of ['startMlflowTrackingServer', 'stopMlflowTrackingServer'].entries()) {
      expect(calls[index]).toMatchObject({
        ScheduleExpressionTimezone: 'Etc/UTC',
        State: 'ENABLED',
        Target: {
          Arn: { 'Fn::Join': ['', ['arn:', { Ref: 'AWS::Partition' }, `:scheduler:::aws-sdk:sagemaker:${action}`]] },
          Input: { 'Fn::Join': ['', ['{"TrackingServerName":"', { Ref: SERVER }, '"}']] },
          RetryPolicy: { MaximumEventAgeInSeconds: 3600 },
        },
      });
    }
  });

  test.each([
    [19, 'TUE,WED,THU,FRI,SAT'],
    [7, 'MON,TUE,WED,THU,FRI'],
  ])('from Monday to Friday, what starts at %d:30 stops after its own hours', (startHour, stopDays) => {
    const [, stop] = schedules(
      WorkingHours.weekdays({ startHour, startMinute: 30, stopHour: startHour === 7 ? 19 : 7 }),
    );
    expect(stop.ScheduleExpression).toBe(`cron(0 ${startHour === 7 ? 19 : 7} ? * ${stopDays} *)`);
  });

  test('an end that is minutes earlier than the start is that of the following day', () => {
    const hours = WorkingHours.onDays([DayOfWeek.SUNDAY], { startHour: 8, startMinute: 30, stopHour: 8 });
    expect(schedules(hours)[1].ScheduleExpression).toBe('cron(0 8 ? * MON *)');
  });

  test('on days and in a time zone of one’s own', () => {
    const hours = WorkingHours.onDays([DayOfWeek.SUNDAY, DayOfWeek.WEDNESDAY], {
      startHour: 22,
      startMinute: 5,
      stopHour: 6,
      timeZone: TimeZone.EUROPE_BERLIN,
    });
    const calls = schedules(hours);
    expect(calls.map(({ ScheduleExpression }) => ScheduleExpression)).toEqual([
      'cron(5 22 ? * SUN,WED *)',
      'cron(0 6 ? * MON,THU *)',
    ]);
    expect(calls.map((call) => call.ScheduleExpressionTimezone)).toEqual(['Europe/Berlin', 'Europe/Berlin']);
  });

  const nine = template(WorkingHours.weekdays({ startHour: 9, stopHour: 17 }));

  test('have a role that may start and stop this server, and nothing else', () => {
    const given = permissionsOf(nine).filter(({ role }) => role.startsWith('MlflowComputeWorkingHours'));
    expect(given.map(({ effect, action, resource }) => [effect, action, resource])).toEqual([
      ['Allow', 'sagemaker:StartMlflowTrackingServer', ARN],
      ['Allow', 'sagemaker:StopMlflowTrackingServer', ARN],
    ]);
    for (const { action } of given) expect(ACTIONS[action].resources).toEqual(['mlflow-tracking-server']);
  });

  test('have a role that Scheduler takes on for them alone', () => {
    const group = only(nine, 'AWS::Scheduler::ScheduleGroup');
    expect(
      only(nine, 'AWS::IAM::Role', 'MlflowComputeWorkingHours').Properties.AssumeRolePolicyDocument.Statement,
    ).toEqual([
      {
        Action: 'sts:AssumeRole',
        Effect: 'Allow',
        Principal: { Service: 'scheduler.amazonaws.com' },
        Condition: {
          StringEquals: {
            'aws:SourceAccount': { Ref: 'AWS::AccountId' },
            'aws:SourceArn': { 'Fn::GetAtt': [group.id, 'Arn'] },
          },
        },
      },
    ]);
  });

  test('have a role within the permissions boundary', () => {
    const limited = defined((stack) =>
      Compute.sageMakerTrackingServer({
        workingHours: WorkingHours.weekdays({ startHour: 9, stopHour: 17 }),
        permissionsBoundary: ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::aws:policy/Limit'),
      }),
    );
    const { PermissionsBoundary } = only(limited, 'AWS::IAM::Role', 'MlflowComputeWorkingHours').Properties;
    expect(PermissionsBoundary).toBe('arn:aws:iam::aws:policy/Limit');
  });

  test('go with the stack', () => {
    for (const [id, resource] of Object.entries(resourcesOf(nine)).filter(([key]) => key.includes('WorkingHours'))) {
      expect([id, resource.DeletionPolicy ?? 'Delete']).toEqual([id, 'Delete']);
    }
  });
});

describe.each<[string, string, (clientVpc: SageMakerClientVpcOptions) => ICompute]>([
  ['a tracking server', 'experiments', (clientVpc) => Compute.sageMakerTrackingServer({ clientVpc })],
  ['an App', 'mlflow', (clientVpc) => Compute.sageMakerMlflowApp({ clientVpc })],
])('clients of %s in a VPC', (_name, dataPlane, create) => {
  const ENDPOINT = 'AWS::EC2::VPCEndpoint';

  test('get the endpoints that AWS names', () => {
    const template = defined((stack) => create({ vpc: givenVpc(stack, ALL_KINDS) }));
    const names = Object.values(template.findResources(ENDPOINT)).map(({ Properties }) => ({
      name: Properties.ServiceName['Fn::Join'][1].map((part: any) => part.Ref ?? part).join(''),
      type: Properties.VpcEndpointType,
      privateDns: Properties.PrivateDnsEnabled,
    }));
    expect(names).toEqual([
      { name: `aws.sagemaker.AWS::Region.${dataPlane}`, type: 'Interface', privateDns: true },
      { name: 'com.amazonaws.AWS::Region.sagemaker.api', type: 'Interface', privateDns: true },
      { name: 'com.amazonaws.AWS::Region.s3', type: 'Gateway', privateDns: undefined },
    ]);
  });

  test.each([
    ['isolated', ALL_KINDS, 'Given2'],
    ['private', WITHOUT_ISOLATED, 'Given1'],
  ])('in the %s subnets', (_subnets, kinds, name) => {
    const template = defined((stack) => create({ vpc: givenVpc(stack, kinds) }));
    const api = only(template, ENDPOINT, 'MlflowComputeClientVpcApi').Properties;
    expect(api.SubnetIds.map(({ Ref }: any) => Ref).every((id: string) => id.includes(name))).toBe(true);
    const tables = only(template, ENDPOINT, 'MlflowComputeClientVpcS3').Properties.RouteTableIds;
    expect(tables.every(({ Ref }: any) => Ref.includes(name))).toBe(true);
  });

  test('or in others, and without the gateway', () => {
    const subnets = { subnetType: SubnetType.PRIVATE_WITH_EGRESS };
    const template = defined((stack) => create({ vpc: givenVpc(stack, ALL_KINDS), subnets, s3Gateway: false }));
    expect(idsOf(template, ENDPOINT)).toHaveLength(2);
    const api = only(template, ENDPOINT, 'MlflowComputeClientVpcApi').Properties;
    expect(JSON.stringify(api.SubnetIds)).toContain('Given1');
  });

  test('or through existing security groups, whose rules are not changed', () => {
    const template = defined((stack) => {
      const securityGroups = [SecurityGroup.fromSecurityGroupId(stack, 'Clients', 'sg-clients')];
      // Without a CIDR block, which only the rules of new groups need.
      const vpc = Vpc.fromVpcAttributes(stack, 'Imported', {
        vpcId: 'vpc-1',
        availabilityZones: ['a'],
        isolatedSubnetIds: ['subnet-1'],
        isolatedSubnetRouteTableIds: ['table-1'],
      });
      return create({ vpc, securityGroups });
    });
    for (const id of ['MlflowComputeClientVpcApi', 'MlflowComputeClientVpcDataPlane']) {
      expect(only(template, ENDPOINT, id).Properties.SecurityGroupIds).toEqual(['sg-clients']);
    }
    for (const type of ['AWS::EC2::SecurityGroup', 'AWS::EC2::SecurityGroupIngress']) {
      expect(idsOf(template, type)).toEqual([]);
    }
  });

  test('are let in from the VPC alone', () => {
    const template = defined((stack) => create({ vpc: givenVpc(stack, ALL_KINDS) }));
    const rules = Object.values(template.findResources('AWS::EC2::SecurityGroup')).flatMap(
      ({ Properties }) => Properties.SecurityGroupIngress,
    );
    expect(rules).toHaveLength(2);
    for (const rule of rules) {
      expect(rule).toMatchObject({
        FromPort: 443,
        ToPort: 443,
        CidrIp: { 'Fn::GetAtt': [expect.any(String), 'CidrBlock'] },
      });
    }
  });
});
