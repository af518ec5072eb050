import { Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { grantArtifacts } from '../../src/core/grant-artifacts';
import { newStack } from '../support/new-app';
import { permissionsOf } from '../support/templates';

function granted(prefix?: string): string[] {
  const stack = newStack();
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
  const bucket = Bucket.fromBucketArn(stack, 'Bucket', 'arn:aws:s3:::models');
  grantArtifacts({ bucket, prefix }, role);
  return permissionsOf(Template.fromStack(stack))
    .map(({ action, resource }) => `${action} ${resource}`)
    .sort();
}

test.each([
  [undefined, 'arn:aws:s3:::models/*'],
  ['team', 'arn:aws:s3:::models/team/*'],
])('with the prefix %s', (prefix, objects) => {
  expect(granted(prefix)).toEqual([
    `s3:AbortMultipartUpload ${objects}`,
    `s3:DeleteObject ${objects}`,
    's3:GetBucketLocation arn:aws:s3:::models',
    `s3:GetObject ${objects}`,
    's3:ListBucket arn:aws:s3:::models',
    's3:ListBucketMultipartUploads arn:aws:s3:::models',
    `s3:ListMultipartUploadParts ${objects}`,
    `s3:PutObject ${objects}`,
  ]);
});
