import { Compute } from '../src';
import { FakeCompute } from './support/fakes';
import { idsOf, templateWith } from './support/templates';

/** Whoever changes one of these replaces what users have stored: that is a new major version, or never. */
const DATA = {
  'AWS::RDS::DBInstance': ['MlflowBackendStoreInstance0AA03B84'],
  'AWS::RDS::DBSubnetGroup': ['MlflowBackendStoreSubnets4441F936'],
  'AWS::RDS::DBParameterGroup': ['MlflowBackendStoreParameters7501090A'],
  'AWS::S3::Bucket': ['MlflowArtifactStoreBucket14978695'],
  'AWS::SecretsManager::SecretTargetAttachment': ['MlflowBackendStoreCredentialsAttachment641E85BA'],
  'AWS::SecretsManager::Secret': [
    'MlflowAuthenticationAdministrator21B01B3B',
    'MlflowAuthenticationFlaskKeyB0B02D71',
    'MlflowBackendStoreCredentialsE6AF837C',
    'MlflowServerEncryptionPassphrase70C1B7CA',
    'MlflowServerWebhookKey87B5D6C7',
  ],
  'AWS::EC2::VPC': ['MlflowVpcB59F1FE7'],
  'AWS::ElasticLoadBalancingV2::LoadBalancer': ['MlflowEndpointLoadBalancer99BAE971'],
};

describe.each([
  ['Fargate', () => Compute.fargate()],
  ['ECS on EC2', () => Compute.ecsOnEc2()],
  ['a compute of the user’s own', () => new FakeCompute()],
])('under %s', (_name, compute) => {
  const template = templateWith({ compute: compute() });

  test.each(Object.entries(DATA))('the ids of %s are for ever', (type, ids) => {
    expect(idsOf(template, type)).toEqual(ids);
  });
});
