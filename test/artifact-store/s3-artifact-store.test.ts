import { Duration } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { ArtifactStore, MlflowTrackingServer } from '../../src';
import { newStack } from '../support/new-app';
import { actionsOn, environmentOf, only, templateWith } from '../support/templates';

const BUCKET_ACTIONS = ['s3:GetBucketLocation', 's3:ListBucket', 's3:ListBucketMultipartUploads'];
const OBJECT_ACTIONS = [
  's3:AbortMultipartUpload',
  's3:DeleteObject',
  's3:GetObject',
  's3:ListMultipartUploadParts',
  's3:PutObject',
];
const TASK_ROLE = 'MlflowComputeTaskTaskRole';

const arnOf = (id: string) => ({ 'Fn::GetAtt': [id, 'Arn'] });
const objectsOf = (id: string, pattern: string) => ({ 'Fn::Join': ['', [arnOf(id), pattern]] });

describe('a new bucket', () => {
  const template = templateWith({ artifactStore: ArtifactStore.s3() });
  const bucket = only(template, 'AWS::S3::Bucket');

  test('is private and encrypted', () => {
    expect(bucket.Properties).toMatchObject({
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    });
  });

  test('stays when the stack is deleted', () => {
    expect(bucket.DeletionPolicy).toBe('RetainExceptOnCreate');
    expect(bucket.UpdateReplacePolicy).toBe('Retain');
  });

  test('refuses requests without TLS 1.2', () => {
    const { Properties } = only(template, 'AWS::S3::BucketPolicy');
    expect(Properties.Bucket).toEqual({ Ref: bucket.id });
    expect(Properties.PolicyDocument.Statement).toEqual(
      [{ Bool: { 'aws:SecureTransport': 'false' } }, { NumericLessThan: { 's3:TlsVersion': 1.2 } }].map(
        (Condition) => ({
          Effect: 'Deny',
          Principal: { AWS: '*' },
          Action: 's3:*',
          Resource: [arnOf(bucket.id), objectsOf(bucket.id, '/*')],
          Condition,
        }),
      ),
    );
  });

  test('is where the server puts artifacts, and nobody else’s bucket of that name', () => {
    expect(environmentOf(template)).toMatchObject({
      MLFLOW_ARTIFACTS_DESTINATION: { 'Fn::Join': ['', ['s3://', { Ref: bucket.id }]] },
      MLFLOW_S3_EXPECTED_BUCKET_OWNER: { Ref: 'AWS::AccountId' },
    });
  });

  test('grants the server what MLflow needs, and no more', () => {
    expect(actionsOn(template, TASK_ROLE, arnOf(bucket.id))).toEqual(BUCKET_ACTIONS);
    expect(actionsOn(template, TASK_ROLE, objectsOf(bucket.id, '/*'))).toEqual(OBJECT_ACTIONS);
  });
});

test('with a prefix, the server reaches that part of the bucket only', () => {
  const template = templateWith({ artifactStore: ArtifactStore.s3({ prefix: 'team/ml' }) });
  const { id } = only(template, 'AWS::S3::Bucket');
  expect(environmentOf(template).MLFLOW_ARTIFACTS_DESTINATION).toEqual({
    'Fn::Join': ['', ['s3://', { Ref: id }, '/team/ml']],
  });
  expect(actionsOn(template, TASK_ROLE, objectsOf(id, '/team/ml/*'))).toEqual(OBJECT_ACTIONS);
  expect(actionsOn(template, TASK_ROLE, objectsOf(id, '/*'))).toEqual([]);
});

test('the bucket can be reached for what the props do not have', () => {
  const artifactStore = ArtifactStore.s3();
  const stack = newStack();
  new MlflowTrackingServer(stack, 'Mlflow', { artifactStore });
  artifactStore.bucket.addLifecycleRule({ id: 'Rule', expiration: Duration.days(30) });
  Template.fromStack(stack).hasResourceProperties('AWS::S3::Bucket', {
    LifecycleConfiguration: { Rules: Match.arrayWith([Match.objectLike({ Id: 'Rule' })]) },
  });
});
