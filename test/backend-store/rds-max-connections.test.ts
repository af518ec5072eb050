import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { postgresMaxConnections } from '../../src/backend-store/rds-max-connections';

test.each([
  ['t4g.micro', 84],
  ['db.t4g.micro', 84],
  ['t3.small', 168],
  ['t4g.medium', 337],
  ['m7g.large', 675],
  ['m6gd.xlarge', 1351],
  ['r7g.large', 1351],
  ['r6i.xlarge', 2703],
  ['m7g.2xlarge', 2703],
  ['m7g.4xlarge', 5000],
  ['r7g.8xlarge', 5000],
  // Not known: nothing is compared.
  ['m7g.metal', undefined],
  ['m7g.16xlarge', undefined],
  ['x2g.large', undefined],
  ['c6gd.large', undefined],
  ['nonsense', undefined],
])('%s accepts %s connections', (instanceType, connections) => {
  expect(postgresMaxConnections(new InstanceType(instanceType))).toBe(connections);
});
