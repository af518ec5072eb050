import { Lazy, Stack } from 'aws-cdk-lib';
import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import { AnyPrincipal, Effect, PolicyDocument, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Key } from 'aws-cdk-lib/aws-kms';
import { Bucket, CfnBucketPolicy, IBucket } from 'aws-cdk-lib/aws-s3';
import {
  ArtifactAccess,
  ArtifactStore,
  Compute,
  ExistingBucketArtifactStoreProps,
  MlflowTrackingServer,
  Profile,
} from '../../src';
import { newStack } from '../support/new-app';
import { actionsOn, environmentOf, idsOf, messageOf, only, permissionsOf, templateWith } from '../support/templates';

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

function imported(props: (stack: Stack) => ExistingBucketArtifactStoreProps = () => ({}), profile?: Profile): Template {
  const stack = newStack();
  const bucket = Bucket.fromBucketName(stack, 'Existing', 'team-models');
  return templateWith({ profile, artifactStore: ArtifactStore.fromBucket(bucket, props(stack)) }, stack);
}

describe('a bucket of the same app', () => {
  const stack = newStack();
  const key = new Key(stack, 'Key');
  const bucket = new Bucket(stack, 'Existing', { encryptionKey: key, enforceSSL: true });
  const artifactStore = ArtifactStore.fromBucket(bucket);

  test('is known before the server is defined', () => {
    expect(artifactStore.bucket).toBe(bucket);
  });

  test('is used as it is', () => {
    const alone = Template.fromStack(copyOf()).toJSON().Resources;
    const template = templateWith({ artifactStore }, stack);
    const { id } = only(template, 'AWS::S3::Bucket');
    expect(template.toJSON().Resources).toMatchObject(alone);
    expect(actionsOn(template, TASK_ROLE, objectsOf(id, '/*'))).toEqual(OBJECT_ACTIONS);
    // The owner of the bucket is not verified unless it is specified.
    expect(environmentOf(template)).not.toHaveProperty('MLFLOW_S3_EXPECTED_BUCKET_OWNER');
    expect(actionsOn(template, TASK_ROLE, arnOf(only(template, 'AWS::KMS::Key').id))).toEqual([
      'kms:Decrypt',
      'kms:Encrypt',
      'kms:GenerateDataKey*',
      'kms:ReEncrypt*',
    ]);
  });

  function copyOf(): Stack {
    const other = newStack();
    new Bucket(other, 'Existing', { encryptionKey: new Key(other, 'Key'), enforceSSL: true });
    return other;
  }
});

describe('an imported bucket', () => {
  test('is addressed by its name, with the prefix', () => {
    const template = imported(() => ({ prefix: 'a' }));
    expect(environmentOf(template).MLFLOW_ARTIFACTS_DESTINATION).toBe('s3://team-models/a');
    template.resourceCountIs('AWS::S3::Bucket', 0);
    template.resourceCountIs('AWS::S3::BucketPolicy', 0);
  });

  test('has the access logs of its owner, also in the production profile', () => {
    expect(idsOf(imported(undefined, Profile.PRODUCTION), 'AWS::S3::Bucket')).toEqual([]);
  });

  test('can be written to with another key', () => {
    const template = imported((stack) => ({ encryptionKey: new Key(stack, 'Key') }));
    expect(environmentOf(template)).toHaveProperty('MLFLOW_S3_UPLOAD_EXTRA_ARGS');
    expect(permissionsOf(template).some(({ action }) => action === 'kms:Decrypt')).toBe(true);
  });

  test.each([
    [undefined, undefined],
    ['123456789012', '123456789012'],
    [Lazy.string({ produce: () => '210987654321' }), '210987654321'],
  ])('has the owner that is specified: %s', (bucketOwner, expected) => {
    const template = imported(() => ({ bucketOwner }));
    expect(environmentOf(template).MLFLOW_S3_EXPECTED_BUCKET_OWNER).toBe(expected);
  });
});

test.each([
  [undefined, true],
  [ArtifactAccess.DIRECT, true],
  [ArtifactAccess.PROXIED, false],
])('a managed compute validates the access before anything is defined: %s', (access, accepted) => {
  const stack = newStack();
  const bucket = Bucket.fromBucketName(stack, 'Existing', 'team-models');
  const artifactStore = ArtifactStore.fromBucket(bucket, { access });
  expect(artifactStore.capabilities).toMatchObject({
    displayName: 'ArtifactStore.fromBucket()',
    isBucket: true,
    access,
  });
  const define = () =>
    new MlflowTrackingServer(stack, 'Mlflow', { artifactStore, compute: Compute.sageMakerTrackingServer() });
  if (accepted) {
    expect(define).not.toThrow();
  } else {
    expect(messageOf(define)).toContain("'artifactStore' cannot have ArtifactAccess.PROXIED");
  }
});

describe('a warning about requests without TLS', () => {
  const warningsOf = (make: (stack: Stack) => IBucket, after: (bucket: IBucket) => void) => {
    const stack = newStack();
    const bucket = make(stack);
    new MlflowTrackingServer(stack, 'Mlflow', { artifactStore: ArtifactStore.fromBucket(bucket) });
    after(bucket);
    return Annotations.fromStack(stack)
      .findWarning('*', Match.stringLikeRegexp('cdk-mlflow:bucketWithoutTls'))
      .map(({ id, entry }) => [id, entry.data]);
  };
  const denial = ({ bucketArn }: IBucket) =>
    new PolicyStatement({
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['s3:*'],
      resources: [`${bucketArn}/*`],
      conditions: { Bool: { 'aws:SecureTransport': 'false' } },
    });
  const plain = (stack: Stack) => new Bucket(stack, 'Existing');
  const nothing = () => undefined;

  test.each<[string, (bucket: IBucket) => void]>([
    ['no policy', nothing],
    [
      'another policy',
      (bucket) => {
        const statement = denial(bucket).copy({ conditions: { StringEquals: { 'aws:PrincipalOrgID': 'o-1' } } });
        bucket.addToResourcePolicy(statement);
      },
    ],
  ])('is given with %s', (_name, after) => {
    expect(warningsOf(plain, after)).toEqual([
      [
        '/Stack/Mlflow/ArtifactStore',
        "the policy of the bucket Stack/Existing does not deny requests without TLS; set its 'enforceSSL' to true [ack: cdk-mlflow:bucketWithoutTls]",
      ],
    ]);
  });

  test.each<[string, (stack: Stack) => IBucket, (bucket: IBucket) => void]>([
    ['a bucket that denies them', (stack) => new Bucket(stack, 'Existing', { enforceSSL: true }), nothing],
    ['an imported bucket', (stack) => Bucket.fromBucketName(stack, 'Existing', 'team-models'), nothing],
    ['a statement that is added later', plain, (bucket) => bucket.addToResourcePolicy(denial(bucket))],
    [
      'a policy that is a resource of its own',
      plain,
      (bucket) => {
        const policyDocument = new PolicyDocument({ statements: [denial(bucket)] });
        new CfnBucketPolicy(bucket.stack, 'Policy', { bucket: bucket.bucketName, policyDocument });
      },
    ],
  ])('is not given with %s', (_name, make, after) => {
    expect(warningsOf(make, after)).toEqual([]);
  });
});
