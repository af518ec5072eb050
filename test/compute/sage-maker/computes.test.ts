import { Lazy, RemovalPolicy, Stack, Tags } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { IRole, ManagedPolicy, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { AwsSolutionsChecks } from 'cdk-nag';
import { IConstruct } from 'constructs';
import {
  ArtifactStore,
  Compute,
  DayOfWeek,
  ICompute,
  MlflowTrackingServer,
  Profile,
  SageMakerComputeProps,
  SageMakerMaintenanceWindow,
  SageMakerMlflowAppComputeProps,
  SageMakerTrackingServerComputeProps,
  SageMakerTrackingServerSize,
} from '../../../src';
import { FakeBackendStore, FakeCompute } from '../../support/fakes';
import { newApp, newStack } from '../../support/new-app';
import { idsOf, only, resourcesOf, templateWith } from '../../support/templates';

const SERVER = 'AWS::SageMaker::MlflowTrackingServer';
const APP = 'AWS::SageMaker::MlflowApp';

/** Of a name that is generated, what comes before the part of the stack. */
function generatedName(value: any): string {
  const [separator, parts] = value['Fn::Join'];
  expect(separator).toBe('');
  expect(parts[0]).toMatch(/^[a-zA-Z0-9](-*[a-zA-Z0-9]){0,61}-$/);
  expect(parts[1]).toEqual({
    'Fn::Select': [0, { 'Fn::Split': ['-', { 'Fn::Select': [2, { 'Fn::Split': ['/', { Ref: 'AWS::StackId' }] }] }] }],
  });
  expect(parts).toHaveLength(2);
  return parts[0];
}

function serverWith(props: SageMakerTrackingServerComputeProps = {}) {
  const template = templateWith({ compute: Compute.sageMakerTrackingServer(props) });
  return { template, ...only(template, SERVER) };
}

function appWith(props: SageMakerMlflowAppComputeProps = {}) {
  const template = templateWith({ compute: Compute.sageMakerMlflowApp(props) });
  return { template, ...only(template, APP) };
}

const ROLE = (name: string) => (stack: Stack) =>
  Role.fromRoleArn(stack, name, `arn:aws:iam::111111111111:role/${name}`);

describe('a tracking server', () => {
  test('by default', () => {
    const { Properties, template } = serverWith();
    expect({ ...Properties, TrackingServerName: generatedName(Properties.TrackingServerName).length > 1 }).toEqual({
      TrackingServerName: true,
      TrackingServerSize: 'Small',
      AutomaticModelRegistration: false,
      ArtifactStoreUri: { 'Fn::Join': ['', ['s3://', { Ref: 'MlflowArtifactStoreBucket14978695' }]] },
      RoleArn: { 'Fn::GetAtt': [only(template, 'AWS::IAM::Role').id, 'Arn'] },
    });
  });

  test('with every setting', () => {
    const { Properties } = serverWith({
      trackingServerName: 'team-1',
      size: SageMakerTrackingServerSize.LARGE,
      mlflowVersion: '3.0',
      automaticModelRegistration: true,
      maintenanceWindow: SageMakerMaintenanceWindow.weekly(DayOfWeek.TUESDAY, 3, 30),
    });
    expect(Properties).toMatchObject({
      TrackingServerName: 'team-1',
      TrackingServerSize: 'Large',
      MlflowVersion: '3.0',
      AutomaticModelRegistration: true,
      WeeklyMaintenanceWindowStart: 'Tue:03:30',
    });
  });

  test('has the outputs that a notebook needs', () => {
    const outputs = (props?: SageMakerTrackingServerComputeProps) =>
      Object.values(serverWith(props).template.toJSON().Outputs).map(({ Value }: any) => Value);
    expect(outputs()).toEqual([
      { 'Fn::GetAtt': ['MlflowComputeServiceTrackingServerCB797343', 'TrackingServerArn'] },
      'pip install "mlflow" "sagemaker-mlflow"',
      { Ref: 'AWS::Region' },
    ]);
    expect(outputs({ mlflowVersion: '3.0' })[1]).toBe('pip install "mlflow==3.0.*" "sagemaker-mlflow"');
    expect(outputs({ mlflowVersion: '2.16.2' })[1]).toBe('pip install "mlflow==2.16.2" "sagemaker-mlflow"');
  });

  test('settings that are known later arrive', () => {
    const { Properties } = serverWith({
      trackingServerName: Lazy.string({ produce: () => 'later' }),
      mlflowVersion: Lazy.string({ produce: () => '3.1' }),
    });
    expect(Properties).toMatchObject({ TrackingServerName: 'later', MlflowVersion: '3.1' });
  });

  test('gives access to what lies beneath', () => {
    const compute = Compute.sageMakerTrackingServer();
    const server = new MlflowTrackingServer(newStack(), 'Mlflow', { compute });
    expect(compute.trackingServer.attrTrackingServerArn).toBe(server.trackingUri);
    expect(compute.role.grantPrincipal).toBe(server.grantPrincipal);
  });
});

describe('an App', () => {
  test('by default', () => {
    const { Properties, template } = appWith();
    expect({ ...Properties, Name: generatedName(Properties.Name).length > 1 }).toEqual({
      Name: true,
      ModelRegistrationMode: 'AutoModelRegistrationDisabled',
      ArtifactStoreUri: { 'Fn::Join': ['', ['s3://', { Ref: 'MlflowArtifactStoreBucket14978695' }]] },
      RoleArn: { 'Fn::GetAtt': [only(template, 'AWS::IAM::Role').id, 'Arn'] },
    });
  });

  test('with every setting', () => {
    const { Properties } = appWith({
      appName: 'team-1',
      automaticModelRegistration: true,
      maintenanceWindow: SageMakerMaintenanceWindow.weekly(DayOfWeek.SUNDAY, 23),
    });
    expect(Properties).toMatchObject({
      Name: 'team-1',
      ModelRegistrationMode: 'AutoModelRegistrationEnabled',
      WeeklyMaintenanceWindowStart: 'Sun:23:00',
    });
  });

  test('has the outputs that a notebook needs', () => {
    const app = 'MlflowComputeServiceApp1E647C0C';
    expect(Object.values(appWith().template.toJSON().Outputs).map(({ Value }: any) => Value)).toEqual([
      { 'Fn::GetAtt': [app, 'Arn'] },
      {
        'Fn::Join': ['', ['pip install "mlflow==', { 'Fn::GetAtt': [app, 'MlflowVersion'] }, '" "sagemaker-mlflow"']],
      },
      { Ref: 'AWS::Region' },
    ]);
  });

  test('gives access to what lies beneath', () => {
    const compute = Compute.sageMakerMlflowApp();
    const server = new MlflowTrackingServer(newStack(), 'Mlflow', { compute });
    expect(compute.app.cfnResourceType).toBe(APP);
    expect(compute.role.grantPrincipal).toBe(server.grantPrincipal);
  });
});

interface Kind {
  readonly type: string;
  readonly nameProperty: string;
  readonly create: (props?: SageMakerComputeProps) => ICompute;
}

describe.each<[string, Kind]>([
  [
    'a tracking server',
    { type: SERVER, nameProperty: 'TrackingServerName', create: (props) => Compute.sageMakerTrackingServer(props) },
  ],
  ['an App', { type: APP, nameProperty: 'Name', create: (props) => Compute.sageMakerMlflowApp(props) }],
])('%s', (_name, { type, nameProperty, create }) => {
  const nameWith = (role?: (stack: Stack) => IRole, stack = newStack(), id = 'Mlflow') => {
    new MlflowTrackingServer(stack, id, { compute: create({ role: role?.(stack) }) });
    return generatedName(only(Template.fromStack(stack), type).Properties[nameProperty]);
  };

  test('defines what it needs and no more', () => {
    const types = Object.values(resourcesOf(templateWith({ compute: create() }))).map(({ Type }) => Type);
    expect(types.sort()).toEqual(
      ['AWS::IAM::Policy', 'AWS::IAM::Role', 'AWS::S3::Bucket', 'AWS::S3::BucketPolicy', type].sort(),
    );
  });

  test('keeps the bucket of another compute', () => {
    const bucket = (compute: ICompute, backendStore?: FakeBackendStore) =>
      idsOf(templateWith({ compute, backendStore }), 'AWS::S3::Bucket');
    expect(bucket(create())).toEqual(bucket(new FakeCompute(), new FakeBackendStore()));
    expect(bucket(create())).toEqual(bucket(Compute.fargate(), new FakeBackendStore()));
  });

  test('waits for its rights on the bucket', () => {
    const template = templateWith({ compute: create() });
    expect(only(template, type).DependsOn).toEqual(
      expect.arrayContaining([only(template, 'AWS::IAM::Role').id, only(template, 'AWS::IAM::Policy').id]),
    );
  });

  test('keeps its name as long as nothing needs a replacement', () => {
    expect(nameWith()).toBe(nameWith());
    expect(nameWith(ROLE('a'))).toBe(nameWith(ROLE('a')));
  });

  test('has another name with another role, another server and another stack', () => {
    const names = [
      nameWith(),
      nameWith(ROLE('a')),
      nameWith(ROLE('b')),
      nameWith((stack) => new Role(stack, 'Own', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') })),
      nameWith(undefined, newStack(), 'Other'),
      nameWith(undefined, new Stack(newApp(), 'OtherStack')),
      nameWith(undefined, new Stack(newApp(), 'x'.repeat(128))),
    ];
    expect(new Set(names).size).toBe(names.length);
  });

  test('grants a given role the rights on the bucket', () => {
    const stack = newStack();
    const role = new Role(stack, 'Given', { assumedBy: new ServicePrincipal('sagemaker.amazonaws.com') });
    new MlflowTrackingServer(stack, 'Mlflow', { compute: create({ role }) });
    const template = Template.fromStack(stack);
    expect(idsOf(template, 'AWS::IAM::Role')).toHaveLength(1);
    expect(only(template, 'AWS::IAM::Policy').Properties.Roles).toEqual([{ Ref: only(template, 'AWS::IAM::Role').id }]);
    expect(only(template, type).Properties.RoleArn).toEqual({
      'Fn::GetAtt': [only(template, 'AWS::IAM::Role').id, 'Arn'],
    });
  });

  test('limits the role that it creates to a permissions boundary', () => {
    const stack = newStack();
    const permissionsBoundary = ManagedPolicy.fromManagedPolicyArn(stack, 'Boundary', 'arn:aws:iam::aws:policy/Limit');
    const role = (compute: ICompute) => only(templateWith({ compute }, newStack()), 'AWS::IAM::Role').Properties;
    const { PermissionsBoundary, ...rest } = role(create({ permissionsBoundary }));
    expect(PermissionsBoundary).toBe('arn:aws:iam::aws:policy/Limit');
    expect(rest).toEqual(role(create()));
  });

  test.each([type, 'AWS::IAM::Role', 'AWS::IAM::Policy'])('of it, %s stays when it is replaced or deleted', (kept) => {
    const resource = only(templateWith({ compute: create() }), kept);
    expect(resource.DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(resource.UpdateReplacePolicy).toBe('Retain');
  });

  test('goes where that is asked for, and the bucket stays', () => {
    const template = templateWith({ compute: create({ removalPolicy: RemovalPolicy.DESTROY }) });
    expect(only(template, type).DeletionPolicy).toBe('Delete');
    expect(only(template, 'AWS::IAM::Role').DeletionPolicy).toBe('Delete');
    expect(only(template, 'AWS::S3::Bucket').DeletionPolicy).toBe('RetainExceptOnCreate');
  });

  test.each<[string, (stack: Stack, server: MlflowTrackingServer) => IConstruct]>([
    ['the app', (stack) => stack.node.root],
    ['the stack', (stack) => stack],
    ['the server', (_stack, server) => server],
  ])('is tagged once, with all that %s is tagged with', (_scope, scope) => {
    const properties = (tags: Record<string, string>) => {
      const stack = newStack();
      const server = new MlflowTrackingServer(stack, 'Mlflow', { compute: create() });
      for (const [name, value] of Object.entries(tags)) Tags.of(scope(stack, server)).add(name, value);
      return only(Template.fromStack(stack), type).Properties;
    };
    const Tagged = [
      { Key: 'cost', Value: '1' },
      { Key: 'team', Value: 'ml' },
    ];
    const untagged = properties({});
    expect(Object.keys(untagged).filter((name) => /tags/i.test(name))).toEqual([]);
    expect(properties({ team: 'ml', cost: '1' })).toEqual({ ...untagged, Tags: Tagged });
  });

  test('keeps artifacts under the prefix', () => {
    const template = templateWith({ compute: create(), artifactStore: ArtifactStore.s3({ prefix: 'team/a' }) });
    expect(JSON.stringify(only(template, type).Properties.ArtifactStoreUri)).toMatch(/"\/team\/a"/);
  });

  const FINDINGS = [
    // Access logs of S3 need a second bucket for ever; the production profile has one.
    /^AwsSolutions-S1 Stack\/Mlflow\/ArtifactStore\/Bucket\/Resource$/,
    // The keys of artifacts are not known beforehand.
    /^AwsSolutions-IAM5\[Resource::<MlflowArtifactStoreBucket\w+\.Arn>\/\*\] Stack\/Mlflow\/Compute\/Service\/Role\/DefaultPolicy\/Resource$/,
  ];

  test.each([Profile.DEVELOPMENT, Profile.PRODUCTION])('has no finding without a reason in %s', (profile) => {
    const app = newApp();
    new MlflowTrackingServer(new Stack(app, 'Stack'), 'Mlflow', { compute: create(), profile });
    const findings = new AwsSolutionsChecks(app)
      .validateScope(app)
      .violations.flatMap(({ ruleName, violatingResources }) =>
        violatingResources.map(({ constructPath }) => `${ruleName} ${constructPath}`),
      );
    const expected = profile === Profile.PRODUCTION ? FINDINGS.slice(1) : [...FINDINGS].reverse();
    expect(findings.sort()).toEqual(expected.map((finding) => expect.stringMatching(finding)));
  });
});

test('a change of the version changes the name, because the server is replaced', () => {
  const name = (mlflowVersion?: string) => generatedName(serverWith({ mlflowVersion }).Properties.TrackingServerName);
  expect(name('3.0')).toBe(name('3.0'));
  expect(new Set([name(), name('3.0'), name('3.1')]).size).toBe(3);
});

test.each([
  [SageMakerMaintenanceWindow.weekly(DayOfWeek.MONDAY, 0, 0), 'Mon:00:00'],
  [SageMakerMaintenanceWindow.weekly(DayOfWeek.SATURDAY, 23, 59), 'Sat:23:59'],
  [SageMakerMaintenanceWindow.weekly(DayOfWeek.WEDNESDAY, 7), 'Wed:07:00'],
])('a window starts at %s', (window, start) => {
  expect(window.toString()).toBe(start);
  // From the schemas of both types of resource.
  expect(start).toMatch(/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun):([01]\d|2[0-3]):([0-5]\d)$/);
});
