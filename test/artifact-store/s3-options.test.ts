import { Duration, Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, StorageClass } from 'aws-cdk-lib/aws-s3';
import { ArtifactAccess, ArtifactStore, MlflowTrackingServer, Profile, S3ArtifactStoreProps } from '../../src';
import { newStack } from '../support/new-app';
import { environmentOf, idsOf, only, permissionsOf, templateWith } from '../support/templates';

const templateOf = (props: S3ArtifactStoreProps, stack?: Stack, profile?: Profile) =>
  templateWith({ profile, artifactStore: ArtifactStore.s3(props) }, stack);
const bucketWith = (props: S3ArtifactStoreProps, profile?: Profile) =>
  only(templateOf(props, undefined, profile), 'AWS::S3::Bucket', 'MlflowArtifactStoreBucket').Properties;
const rulesWith = (props: S3ArtifactStoreProps, profile?: Profile) =>
  bucketWith(props, profile).LifecycleConfiguration.Rules;

const INCOMPLETE = {
  Id: 'IncompleteUploads',
  Status: 'Enabled',
  AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
};
const olderVersions = (days: number) => ({
  Id: 'OlderVersions',
  Status: 'Enabled',
  NoncurrentVersionExpiration: { NoncurrentDays: days },
});

describe('versions', () => {
  describe('access logs', () => {
    const production = templateOf({}, undefined, Profile.PRODUCTION);
    const logs = only(production, 'AWS::S3::Bucket', 'MlflowArtifactStoreAccessLogs');
    const artifacts = only(production, 'AWS::S3::Bucket', 'MlflowArtifactStoreBucket');

    test('go to a bucket of their own in the production profile', () => {
      expect(artifacts.Properties.LoggingConfiguration).toEqual({
        DestinationBucketName: { Ref: logs.id },
        LogFilePrefix: 'mlflow-artifacts/',
      });
      expect(idsOf(templateOf({}), 'AWS::S3::Bucket')).toHaveLength(1);
    });

    test('are kept for a year, and stay with their bucket', () => {
      expect(logs.Properties.LifecycleConfiguration.Rules).toEqual([
        { Id: 'Expiration', ExpirationInDays: 365, Status: 'Enabled' },
      ]);
      expect(logs.DeletionPolicy).toBe('RetainExceptOnCreate');
    });

    test('are written by S3 for that bucket alone, by a policy', () => {
      expect(logs.Properties).not.toHaveProperty('AccessControl');
      expect(logs.Properties.OwnershipControls).toEqual({ Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] });
      production.hasResourceProperties('AWS::S3::BucketPolicy', {
        Bucket: { Ref: logs.id },
        PolicyDocument: {
          Statement: Match.arrayWith([
            Match.objectLike({
              Action: 's3:PutObject',
              Principal: { Service: 'logging.s3.amazonaws.com' },
              Condition: Match.objectLike({
                ArnLike: { 'aws:SourceArn': { 'Fn::GetAtt': [artifacts.id, 'Arn'] } },
              }),
            }),
          ]),
        },
      });
    });
  });

  test('are kept in the production profile, or on request', () => {
    expect(bucketWith({})).not.toHaveProperty('VersioningConfiguration');
    expect(bucketWith({ versioned: true }).VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(bucketWith({}, Profile.PRODUCTION).VersioningConfiguration).toEqual({ Status: 'Enabled' });
    expect(bucketWith({ versioned: false }, Profile.PRODUCTION)).not.toHaveProperty('VersioningConfiguration');
  });

  test('expire', () => {
    expect(rulesWith({})).toEqual([INCOMPLETE]);
    expect(rulesWith({ versioned: true })).toEqual([INCOMPLETE, olderVersions(90)]);
    expect(rulesWith({ noncurrentVersionExpiration: Duration.days(7) }, Profile.PRODUCTION)).toEqual([
      INCOMPLETE,
      olderVersions(7),
    ]);
  });
});

test('artifacts move to cheaper storage, and by rules of the user', () => {
  const archive = {
    prefix: 'old/',
    transitions: [{ storageClass: StorageClass.GLACIER, transitionAfter: Duration.days(365) }],
  };
  expect(rulesWith({ intelligentTiering: true, lifecycleRules: [archive] })).toEqual([
    INCOMPLETE,
    {
      Id: 'IntelligentTiering',
      Status: 'Enabled',
      Transitions: [{ StorageClass: 'INTELLIGENT_TIERING', TransitionInDays: 0 }],
    },
    { Prefix: 'old/', Status: 'Enabled', Transitions: [{ StorageClass: 'GLACIER', TransitionInDays: 365 }] },
  ]);
});

test('access logs go to an existing bucket', () => {
  const stack = newStack();
  const serverAccessLogsBucket = Bucket.fromBucketName(stack, 'Logs', 'access-logs');
  const template = templateOf({ serverAccessLogsBucket }, stack);
  template.hasResourceProperties('AWS::S3::Bucket', {
    LoggingConfiguration: { DestinationBucketName: 'access-logs', LogFilePrefix: 'mlflow-artifacts/' },
  });
});

describe('with a key', () => {
  const stack = newStack();
  const template = templateOf({ encryptionKey: new Key(stack, 'Key') }, stack);
  const key = { 'Fn::GetAtt': [expect.stringMatching(/^Key/), 'Arn'] };

  test('the bucket encrypts with it, one call for many objects', () => {
    expect(only(template, 'AWS::S3::Bucket').Properties.BucketEncryption.ServerSideEncryptionConfiguration).toEqual([
      {
        BucketKeyEnabled: true,
        ServerSideEncryptionByDefault: { SSEAlgorithm: 'aws:kms', KMSMasterKeyID: key },
      },
    ]);
  });

  test('MLflow writes with it', () => {
    expect(environmentOf(template).MLFLOW_S3_UPLOAD_EXTRA_ARGS).toEqual({
      'Fn::Join': ['', ['{"ServerSideEncryption":"aws:kms","SSEKMSKeyId":"', key, '"}']],
    });
  });

  test('the server may use it, and each right is granted once', () => {
    const actions = permissionsOf(template)
      .filter(({ role, action }) => role.includes('TaskRole') && action.startsWith('kms:'))
      .map(({ action }) => action);
    expect(actions.sort()).toEqual(['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey*', 'kms:ReEncrypt*']);
  });
});

describe('direct access', () => {
  const granted = (access?: ArtifactAccess) => {
    const stack = newStack();
    const server = new MlflowTrackingServer(stack, 'Mlflow', {
      artifactStore: ArtifactStore.s3({ access, prefix: 'mlflow' }),
    });
    const client = new Role(stack, 'Client', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    server.grantAccess(client);
    return templateActions(stack);
  };

  test('tells clients the addresses in S3, and takes the server out of the way', () => {
    const environment = environmentOf(templateOf({ access: ArtifactAccess.DIRECT, prefix: 'mlflow' }));
    expect(environment).toMatchObject({
      MLFLOW_SERVE_ARTIFACTS: 'false',
      MLFLOW_DEFAULT_ARTIFACT_ROOT: { 'Fn::Join': ['', ['s3://', expect.anything(), '/mlflow']] },
    });
    expect(environment).not.toHaveProperty('MLFLOW_ARTIFACTS_DESTINATION');
    expect(environmentOf(templateOf({}))).not.toHaveProperty('MLFLOW_SERVE_ARTIFACTS');
  });

  test('gives clients the rights on the bucket that they need only then', () => {
    expect(granted(ArtifactAccess.DIRECT)).toEqual([
      's3:AbortMultipartUpload',
      's3:DeleteObject',
      's3:GetBucketLocation',
      's3:GetObject',
      's3:ListBucket',
      's3:ListBucketMultipartUploads',
      's3:ListMultipartUploadParts',
      's3:PutObject',
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
    ]);
    expect(granted()).toEqual(['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue']);
  });

  function templateActions(stack: Stack): string[] {
    return permissionsOf(Template.fromStack(stack))
      .filter(({ role }) => role.startsWith('Client'))
      .map(({ action }) => action)
      .sort();
  }
});

describe('an existing bucket', () => {
  test.each([
    ['eu-central-1', 'eu-central-1'],
    ['eu-central-1', undefined],
    [undefined, 'us-west-2'],
  ])('is taken in a stack of region %s with its own known as %s', (stackRegion, region) => {
    const stack = newStack({ env: { region: stackRegion } });
    const bucket = Bucket.fromBucketAttributes(stack, 'Given', { bucketName: 'data', region });
    expect(() => templateWith({ artifactStore: ArtifactStore.fromBucket(bucket) }, stack)).not.toThrow();
  });
});
