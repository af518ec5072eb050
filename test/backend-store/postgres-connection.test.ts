import { Compute, Endpoint } from '../../src';
import { postgresConnection } from '../../src/backend-store/postgres-connection';
import { kubernetesEnvironment } from '../../src/compute/eks/environment';
import { ec2Files } from '../compute/ec2/launch-template';
import { SERVER } from '../compute/eks/server';
import { environmentOf, templateWith } from '../support/templates';

const URI = 'postgresql+psycopg2://?tcp_user_timeout=10000&keepalives_idle=4&keepalives_interval=2&keepalives_count=3';
const environment = postgresConnection({ host: 'h', port: '5432', database: 'd', certificateAuthority: 'PEM' });

test('everything that a connection needs but the user and the password', () => {
  expect(environment).toEqual({
    MLFLOW_BACKEND_STORE_URI: URI,
    PGHOST: 'h',
    PGPORT: '5432',
    PGDATABASE: 'd',
    PGSSLMODE: 'verify-full',
    PGCONNECT_TIMEOUT: '10',
    CDK_MLFLOW_DATABASE_CA: 'PEM',
  });
});

test('more than one probe can be lost before the silence is too long', () => {
  const parameters = new URL(environment.MLFLOW_BACKEND_STORE_URI.replace('postgresql+psycopg2://', 'http://h'))
    .searchParams;
  const [timeout, idle, interval, count] = [
    'tcp_user_timeout',
    'keepalives_idle',
    'keepalives_interval',
    'keepalives_count',
  ].map((name) => Number(parameters.get(name)));
  expect(idle + count * interval).toBe(timeout / 1000);
  expect(Number(environment.PGCONNECT_TIMEOUT)).toBe(timeout / 1000);
});

describe('the address reaches the server as it is', () => {
  test.each([
    ['Fargate', Compute.fargate()],
    ['ECS on EC2', Compute.ecsOnEc2()],
  ])('%s', (_, compute) => {
    expect(environmentOf(templateWith({ compute })).MLFLOW_BACKEND_STORE_URI).toBe(URI);
  });

  test('EC2', () => {
    const template = templateWith({ compute: Compute.ec2(), endpoint: Endpoint.portForwarding() });
    expect(JSON.stringify(ec2Files(template))).toContain(
      JSON.stringify(`MLFLOW_BACKEND_STORE_URI="${URI}"`).slice(1, -1),
    );
  });

  test('EKS', () => {
    const variables = kubernetesEnvironment({ ...SERVER, environment, secrets: {} });
    expect(variables).toContainEqual({ name: 'MLFLOW_BACKEND_STORE_URI', value: URI });
  });
});
