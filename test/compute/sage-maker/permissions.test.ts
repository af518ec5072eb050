import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal, User } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import {
  ArtifactStore,
  Compute,
  ICompute,
  IMlflowTrackingServer,
  MlflowTrackingServer,
  SageMakerMlflowAppCompute,
  SageMakerTrackingServerCompute,
} from '../../../src';
import {
  MODEL_REGISTRY_ACTIONS,
  TRACKING_SERVER_READ_ACTIONS,
  TRACKING_SERVER_WRITE_ACTIONS,
} from '../../../src/compute/sage-maker/actions';
import { newStack } from '../../support/new-app';
import { ACTIONS } from '../../support/service-authorization';
import { permissionsOf } from '../../support/templates';

const SERVER = { 'Fn::GetAtt': ['MlflowComputeServiceTrackingServerCB797343', 'TrackingServerArn'] };
const APP = { 'Fn::GetAtt': ['MlflowComputeServiceApp1E647C0C', 'Arn'] };
const BUCKET = { 'Fn::GetAtt': ['MlflowArtifactStoreBucket14978695', 'Arn'] };
const OBJECTS = { 'Fn::Join': ['', [BUCKET, '/team/*']] };

const BUCKET_ACTIONS = ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'];
const OBJECT_ACTIONS = [
  's3:AbortMultipartUpload',
  's3:DeleteObject',
  's3:GetObject',
  's3:ListMultipartUploadParts',
  's3:PutObject',
];

type GrantName = 'grantAccess' | 'grantRead' | 'grantUi';

/** One line for each action and resource that a role is given. */
function linesOf(template: Template, role: string): string[] {
  return permissionsOf(template)
    .filter((permission) => permission.role.startsWith(role))
    .map(({ effect, action, resource }) => `${effect} ${action} ${JSON.stringify(resource)}`)
    .sort();
}

function lines(actions: string[], resource: unknown): string[] {
  return actions.map((action) => `Allow ${action} ${JSON.stringify(resource)}`);
}

function clientOf(compute: ICompute, ...grants: GrantName[]): string[] {
  const stack = newStack();
  const server = new MlflowTrackingServer(stack, 'Mlflow', {
    compute,
    artifactStore: ArtifactStore.s3({ prefix: 'team' }),
  });
  const client = new Role(stack, 'Client', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  grants.forEach((grant) => server[grant](client).assertSuccess());
  return linesOf(Template.fromStack(stack), 'Client');
}

function serviceOf(compute: ICompute): string[] {
  const stack = newStack();
  new MlflowTrackingServer(stack, 'Mlflow', { compute, artifactStore: ArtifactStore.s3({ prefix: 'team' }) });
  return linesOf(Template.fromStack(stack), 'MlflowComputeServiceRole');
}

describe('the service authorization reference', () => {
  const levels = (...wanted: string[]) =>
    Object.entries(ACTIONS)
      .filter(([name, { level }]) => name.startsWith('sagemaker-mlflow:') && wanted.includes(level))
      .map(([name]) => name)
      .sort();

  test('has the actions that read, and the one that opens the UI', () => {
    expect([...TRACKING_SERVER_READ_ACTIONS, 'sagemaker-mlflow:AccessUI'].sort()).toEqual(levels('Read', 'List'));
  });

  test('has the actions that write', () => {
    expect([...TRACKING_SERVER_WRITE_ACTIONS].sort()).toEqual(levels('Write'));
  });

  test('says that all but the UI are for tracking servers', () => {
    const others = Object.entries(ACTIONS).filter(
      ([name, { resources }]) => name.startsWith('sagemaker-mlflow:') && resources[0] !== 'mlflow-tracking-server',
    );
    expect(others.map(([name, { resources }]) => [name, resources])).toEqual([['sagemaker-mlflow:AccessUI', []]]);
  });

  test.each(MODEL_REGISTRY_ACTIONS)('says that %s is for models', (action) => {
    expect(ACTIONS[action].resources.some((resource) => resource.startsWith('model-package'))).toBe(true);
  });
});

describe('a client of a tracking server', () => {
  test('may do everything there, and with the artifacts', () => {
    expect(clientOf(Compute.sageMakerTrackingServer(), 'grantAccess')).toEqual(
      [
        ...lines([...TRACKING_SERVER_READ_ACTIONS, ...TRACKING_SERVER_WRITE_ACTIONS], SERVER),
        ...lines(BUCKET_ACTIONS, BUCKET),
        ...lines(OBJECT_ACTIONS, OBJECTS),
      ].sort(),
    );
  });

  test('that reads may not write, neither there nor to the bucket', () => {
    expect(clientOf(Compute.sageMakerTrackingServer(), 'grantRead')).toEqual(
      [
        ...lines(TRACKING_SERVER_READ_ACTIONS, SERVER),
        ...lines(['s3:GetBucketLocation', 's3:ListBucket'], BUCKET),
        ...lines(['s3:GetObject'], OBJECTS),
      ].sort(),
    );
  });

  test('that opens the UI may ask for its address', () => {
    expect(clientOf(Compute.sageMakerTrackingServer(), 'grantUi')).toEqual([
      'Allow sagemaker-mlflow:AccessUI "*"',
      ...lines(['sagemaker:CreatePresignedMlflowTrackingServerUrl'], SERVER),
    ]);
  });
});

describe('a client of an App', () => {
  test('may call its API, and use the artifacts', () => {
    expect(clientOf(Compute.sageMakerMlflowApp(), 'grantAccess')).toEqual(
      [
        ...lines(['sagemaker:CallMlflowAppApi'], APP),
        ...lines(BUCKET_ACTIONS, BUCKET),
        ...lines(OBJECT_ACTIONS, OBJECTS),
      ].sort(),
    );
  });

  test('that opens the UI may ask for its address', () => {
    expect(clientOf(Compute.sageMakerMlflowApp(), 'grantUi')).toEqual(
      lines(['sagemaker:CreatePresignedMlflowAppUrl'], APP),
    );
  });
});

const ARN_OF_MODELS = (kind: string) => ({
  'Fn::Join': [
    '',
    ['arn:', { Ref: 'AWS::Partition' }, ':sagemaker:', { Ref: 'AWS::Region' }, ':', { Ref: 'AWS::AccountId' }, kind],
  ],
});

describe.each([
  ['a tracking server', (auto?: boolean) => Compute.sageMakerTrackingServer({ automaticModelRegistration: auto })],
  ['an App', (auto?: boolean) => Compute.sageMakerMlflowApp({ automaticModelRegistration: auto })],
])('the service role of %s', (_name, compute) => {
  const artifacts = [...lines(BUCKET_ACTIONS, BUCKET), ...lines(OBJECT_ACTIONS, OBJECTS)];

  test.each([undefined, false])('may keep artifacts under the prefix alone (%s)', (auto) => {
    expect(serviceOf(compute(auto))).toEqual([...artifacts].sort());
  });

  test('may register models where that is asked for', () => {
    expect(serviceOf(compute(true))).toEqual(
      [
        ...artifacts,
        ...lines(MODEL_REGISTRY_ACTIONS, ARN_OF_MODELS(':model-package-group/*')),
        ...lines(MODEL_REGISTRY_ACTIONS, ARN_OF_MODELS(':model-package/*')),
      ].sort(),
    );
  });

  test('trusts SageMaker on behalf of this account alone', () => {
    const stack = newStack();
    new MlflowTrackingServer(stack, 'Mlflow', { compute: compute() });
    Template.fromStack(stack).hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Action: 'sts:AssumeRole',
            Effect: 'Allow',
            Principal: { Service: 'sagemaker.amazonaws.com' },
            Condition: {
              StringEquals: { 'aws:SourceAccount': { Ref: 'AWS::AccountId' } },
              ArnLike: { 'aws:SourceArn': ARN_OF_MODELS(':*') },
            },
          },
        ],
      },
    });
  });

  test.each<[string, GrantName]>([
    ['grantAccess', 'grantAccess'],
    ['grantUi', 'grantUi'],
  ])('and every action of %s is in the reference', (_grant, grant) => {
    const given = [...serviceOf(compute(true)), ...clientOf(compute(), grant)];
    for (const action of given.map((line) => line.split(' ')[1])) {
      expect(Object.keys(ACTIONS)).toContain(action);
    }
  });
});

describe('a bucket with a key', () => {
  const policies = (grant: GrantName) => {
    const stack = newStack();
    const bucket = new Bucket(stack, 'Given', { encryptionKey: new Key(stack, 'Key') });
    const server = new MlflowTrackingServer(stack, 'Mlflow', {
      compute: Compute.sageMakerTrackingServer(),
      artifactStore: ArtifactStore.fromBucket(bucket),
    });
    server[grant](new Role(stack, 'Client', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    return linesOf(Template.fromStack(stack), 'Client').filter((line) => line.includes('kms:'));
  };

  test('a client that writes encrypts too', () => {
    expect(policies('grantAccess').map((line) => line.split(' ')[1])).toEqual([
      'kms:Decrypt',
      'kms:Encrypt',
      'kms:GenerateDataKey*',
      'kms:ReEncrypt*',
    ]);
  });

  test('a client that reads only decrypts', () => {
    expect(policies('grantRead').map((line) => line.split(' ')[1])).toEqual(['kms:Decrypt']);
  });
});

describe('a server that was defined elsewhere', () => {
  const ARN = 'arn:aws:sagemaker:eu-central-1:111111111111:mlflow-tracking-server/team';
  const imported = (use: (server: IMlflowTrackingServer, client: Role) => void, permissions = true) => {
    const stack = newStack();
    const server = MlflowTrackingServer.fromMlflowTrackingServerAttributes(stack, 'Mlflow', {
      trackingUri: ARN,
      clientPermissions: permissions ? SageMakerTrackingServerCompute.clientPermissions(ARN) : undefined,
      artifactBucket: Bucket.fromBucketArn(stack, 'Bucket', 'arn:aws:s3:::models'),
      artifactPrefix: 'team',
    });
    use(server, new Role(stack, 'Client', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') }));
    return linesOf(Template.fromStack(stack), 'Client');
  };

  test('grants the same', () => {
    expect(imported((server, client) => server.grantRead(client))).toEqual(
      [
        ...lines(TRACKING_SERVER_READ_ACTIONS, ARN),
        ...lines(['s3:GetBucketLocation', 's3:ListBucket'], 'arn:aws:s3:::models'),
        ...lines(['s3:GetObject'], 'arn:aws:s3:::models/team/*'),
      ].sort(),
    );
    expect(imported((server, client) => server.grantAccess(client))).toHaveLength(60 + 3 + 5);
    expect(imported((server, client) => server.grantUi(client))).toHaveLength(2);
  });

  test('without permissions has no readers, and grants nothing', () => {
    expect(() => imported((server, client) => server.grantRead(client), false)).toThrow(
      "'grantRead' cannot be used with an imported server, because IAM does not control access to MLflow there",
    );
    expect(imported((server, client) => server.grantAccess(client), false)).toEqual([]);
    expect(imported((server, client) => server.grantUi(client), false)).toEqual([]);
  });

  test('the permissions of an App are those that its compute grants', () => {
    expect(SageMakerMlflowAppCompute.clientPermissions('arn')).toEqual({
      resourceArns: ['arn'],
      accessActions: ['sagemaker:CallMlflowAppApi'],
      uiActions: ['sagemaker:CreatePresignedMlflowAppUrl'],
      directArtifacts: true,
    });
  });
});

test('an inline policy has room for all that a role is granted, and a user for reading', () => {
  const size = (grant: GrantName) => {
    const stack = newStack({ env: { region: 'ap-southeast-2', account: '111111111111' } });
    const server = new MlflowTrackingServer(stack, 'Mlflow', { compute: Compute.sageMakerTrackingServer() });
    server[grant](new User(stack, 'Client'));
    const policies = Template.fromStack(stack).findResources('AWS::IAM::Policy');
    const [policy] = Object.entries(policies).filter(([id]) => id.startsWith('Client'));
    return JSON.stringify(policy[1].Properties.PolicyDocument).length;
  };
  // https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html
  expect(size('grantAccess')).toBeLessThan(10_240);
  expect(size('grantRead')).toBeLessThan(2_048);
});
