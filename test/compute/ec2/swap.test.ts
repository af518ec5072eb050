import { Compute, Endpoint, IEndpoint, IServerImage, ServerImage } from '../../../src';
import { idsOf, resourcesOf, templateWith } from '../../support/templates';

/** What holds data, and what only moves with it. */
const DATA = [
  'AWS::RDS::DBInstance',
  'AWS::RDS::DBSubnetGroup',
  'AWS::RDS::DBParameterGroup',
  'AWS::S3::Bucket',
  'AWS::SecretsManager::Secret',
  'AWS::SecretsManager::SecretTargetAttachment',
  'AWS::EC2::VPC',
  'AWS::Logs::LogGroup',
];

const fargate = templateWith();

describe.each<[string, () => IEndpoint | undefined, IServerImage?]>([
  ['the load balancer', () => undefined],
  ['an instance address', () => Endpoint.instanceAddress()],
  ['port forwarding', () => Endpoint.portForwarding()],
  ['an image', () => undefined, ServerImage.hardened()],
])('from Fargate to EC2 with %s', (_name, endpoint, image) => {
  const ec2 = templateWith({ compute: Compute.ec2(), endpoint: endpoint(), image });

  test.each(DATA)('%s stays', (type) => {
    expect(idsOf(ec2, type).length).toBeGreaterThan(0);
    expect(idsOf(ec2, type)).toEqual(idsOf(fargate, type));
  });

  test('the database and the bucket are not touched', () => {
    for (const type of ['AWS::RDS::DBInstance', 'AWS::S3::Bucket', 'AWS::RDS::DBSubnetGroup']) {
      const [id] = idsOf(fargate, type);
      expect(resourcesOf(ec2)[id]).toEqual(resourcesOf(fargate)[id]);
    }
  });

  test('nothing of the other compute is left', () => {
    for (const type of ['AWS::ECS::Cluster', 'AWS::ECS::Service', 'AWS::ECS::TaskDefinition']) {
      expect(idsOf(ec2, type)).toEqual([]);
    }
  });
});
