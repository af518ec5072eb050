import { readFileSync } from 'fs';
import { join } from 'path';
import { App } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { ec2Files, ec2Metadata, ec2UserData, launchData } from './launch-template';
import { directives, parseEnvironmentFile } from '../../../local/workload/ec2-user-data';
import { Compute, Ec2ComputeProps, Ec2OperatingSystem, Endpoint, IServerImage, ServerImage } from '../../../src';
import { FakeEndpoint } from '../../support/fakes';
import { newStack } from '../../support/new-app';
import { actionsOn, idsOf, only, permissionsOf, resourcesOf, templateWith } from '../../support/templates';

const UNIT = '/etc/systemd/system/mlflow.service';

const ec2 = (image?: IServerImage, props: Ec2ComputeProps = {}, stack = newStack()) =>
  templateWith({ compute: Compute.ec2(props), endpoint: new FakeEndpoint(), image }, stack);

const withoutImage = ec2();
const official = ec2(ServerImage.official());
const serve = (template: typeof official) => directives(ec2Files(template)[UNIT], 'ExecStart')[0];
const settings = (template: typeof official) => JSON.parse(ec2Files(template)['/etc/mlflow/instance.json']);
const actions = (template: typeof official) =>
  permissionsOf(template)
    .map(({ action }) => action)
    .sort();

function inEcr(stack = newStack()) {
  const repository = new Repository(stack, 'Images');
  return ec2(ServerImage.fromEcrRepository(repository, '3.17.2'), {}, stack);
}

test('nothing runs in a container unless an image is chosen', () => {
  expect(ec2UserData(withoutImage)).not.toMatch(/docker|ghcr/);
  expect(Object.keys(ec2Metadata(withoutImage))).not.toContain('/opt/mlflow/image.py');
  expect(settings(withoutImage)).not.toHaveProperty('image');
});

describe('the chosen image', () => {
  test('is run by the unit, with the server’s program and the memory that Docker leaves', () => {
    expect(serve(official)).toMatch(
      / --entrypoint=python ghcr\.io\/mlflow\/mlflow:v3\.17\.2-full \/cdk-mlflow\/bootstrap\.py serve --app-name basic-auth$/,
    );
    expect(serve(official).split(' ')).toEqual(expect.arrayContaining(['--memory=512m', '--memory-swap=512m']));
    const large = ec2(ServerImage.official(), { instanceType: new InstanceType('t4g.small') });
    expect(serve(large)).toContain(` --memory=${2048 - 320 - 192}m `);
    expect(ec2Files(official)['/etc/mlflow/server.env']).toContain('MLFLOW_WORKERS="1"\n');
  });

  test('travels with what pulls it and with Docker’s settings, and without packages', () => {
    expect(Object.keys(ec2Metadata(official)).sort()).toEqual([
      '/etc/docker/daemon.json',
      '/etc/mlflow/variables',
      '/etc/systemd/journald.conf.d/mlflow.conf',
      '/etc/systemd/system/mlflow-logs.service',
      '/opt/mlflow/bootstrap.py',
      '/opt/mlflow/image.py',
      '/opt/mlflow/instance.py',
    ]);
    expect(ec2Metadata(official)['/opt/mlflow/image.py']).toMatch(/^"""Pulls the server's container image/);
    expect(ec2Metadata(official)['/opt/mlflow/instance.py']).toBe(ec2Metadata(withoutImage)['/opt/mlflow/instance.py']);
  });

  test.each([
    [Ec2OperatingSystem.AMAZON_LINUX_2023, 'dnf install --assumeyes --quiet python3.11 docker'],
    [Ec2OperatingSystem.UBUNTU_24_04, /apt-get install --yes --quiet python3\.12-venv docker\.io$/],
  ])('runs by the Docker that %s has', (operatingSystem, step) => {
    const userData = ec2UserData(ec2(ServerImage.official(), { operatingSystem }));
    const [, installed] = /^install_packages\(\) \{\n {2}(.*)\n\}$/m.exec(userData)!;
    expect(installed).toEqual(typeof step === 'string' ? step : expect.stringMatching(step));
    expect(userData.match(/docker\.service/g)).toHaveLength(4);
  });

  test('leaves room in the user data for the variables of the user', () => {
    const environment = { TEAM: 'x'.repeat(2000) };
    const image = ServerImage.hardened();
    const props = { compute: Compute.ec2(), endpoint: Endpoint.instanceAddress(), image, server: { environment } };
    expect(() => templateWith(props)).not.toThrow();
    expect(ec2UserData(official).length).toBeLessThan(10500);
    expect(ec2UserData(inEcr()).length).toBeLessThan(10500);
  });

  test('does not lift the hop limit: the container is in the instance’s own network', () => {
    expect(launchData(official).MetadataOptions).toEqual({ HttpTokens: 'required', HttpPutResponseHopLimit: 1 });
    expect(serve(official)).toContain(' --network=host ');
    expect(serve(official)).not.toMatch(/--publish|-p /);
  });

  test('listens on the port of the endpoint', () => {
    const endpoint = Endpoint.instanceAddress({ port: 8080, allowedCidrs: ['203.0.113.0/24'] });
    const template = templateWith({ compute: Compute.ec2(), endpoint, image: ServerImage.official() });
    expect(ec2Files(template)['/etc/mlflow/server.env']).toContain('MLFLOW_PORT="8080"\n');
    expect(settings(template)).toMatchObject({ health: 'http://127.0.0.1:8080/health' });
    expect(ec2UserData(template)).toContain('\n/opt/mlflow/venv/bin/python /opt/mlflow/instance.py address\n');
  });

  test('is built for the architecture of the instance', () => {
    const platform = (props: Ec2ComputeProps) => {
      const stack = newStack();
      ec2(ServerImage.hardened(), props, stack);
      const { directory } = (stack.node.root as App).synth();
      const manifest = JSON.parse(readFileSync(join(directory, `${stack.artifactId}.assets.json`), 'utf8'));
      return Object.values<any>(manifest.dockerImages).map(({ source }) => source.platform);
    };
    expect(platform({})).toEqual(['linux/arm64']);
    expect(platform({ instanceType: new InstanceType('t3.micro') })).toEqual(['linux/amd64']);
  });
});

describe('the rights to pull it', () => {
  const PULL = ['ecr:BatchCheckLayerAvailability', 'ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer'];

  test('are none for a public registry', () => {
    expect(actions(official)).toEqual(actions(withoutImage));
    expect(settings(official).image).toEqual({ name: 'ghcr.io/mlflow/mlflow:v3.17.2-full' });
  });

  test('are those on the one repository in ECR', () => {
    const template = inEcr();
    const { id } = only(template, 'AWS::IAM::Role', 'MlflowCompute');
    const repository = only(template, 'AWS::ECR::Repository').id;
    expect(actionsOn(template, id, { 'Fn::GetAtt': [repository, 'Arn'] })).toEqual(PULL);
    expect(actionsOn(template, id, '*')).toContain('ecr:GetAuthorizationToken');
    const added = actions(template).filter((action) => !actions(withoutImage).includes(action));
    expect(added).toEqual([...PULL, 'ecr:GetAuthorizationToken'].sort());
    expect(settings(template).image).toMatchObject({
      ecr: true,
      name: expect.stringMatching(/\.dkr\.ecr\..*:3\.17\.2$/),
    });
  });

  test.each([
    ['fromAsset()', () => ServerImage.fromAsset('assets/image')],
    ['hardened()', () => ServerImage.hardened()],
  ])('are those on the assets’ repository with %s', (_name, image) => {
    const template = ec2(image(), {}, newStack());
    const resources = permissionsOf(template).filter(({ action }) => action === 'ecr:BatchGetImage');
    expect(resources).toHaveLength(1);
    expect(JSON.stringify(resources[0].resource)).toContain('container-assets');
    expect(settings(template).image.ecr).toBe(true);
  });

  test('are the right to read the one secret of a registry that asks for a password', () => {
    const stack = newStack();
    const credentials = new Secret(stack, 'Registry');
    const template = ec2(ServerImage.fromRegistry('registry.example.com/mlflow:1', { credentials }), {}, stack);
    const { id } = only(template, 'AWS::IAM::Role', 'MlflowCompute');
    const secret = only(template, 'AWS::SecretsManager::Secret', 'Registry').id;
    expect(actionsOn(template, id, { Ref: secret })).toEqual([
      'secretsmanager:DescribeSecret',
      'secretsmanager:GetSecretValue',
    ]);
    expect(settings(template).image).toEqual({ name: 'registry.example.com/mlflow:1', credentials: `<${secret}>` });
  });

  test('are added to a given role', () => {
    const stack = newStack();
    const role = new Role(stack, 'Given', { assumedBy: new ServicePrincipal('ec2.amazonaws.com') });
    const repository = new Repository(stack, 'Images');
    const template = ec2(ServerImage.fromEcrRepository(repository, '1'), { role }, stack);
    const { id } = only(template, 'AWS::IAM::Role', 'Given');
    expect(actionsOn(template, id, { 'Fn::GetAtt': [only(template, 'AWS::ECR::Repository').id, 'Arn'] })).toEqual(PULL);
  });
});

test('no secret, and no value of a variable, is on a command line', () => {
  expect(ec2Files(official)[UNIT].match(/--env\S*/g)).toEqual(Array(2).fill('--env-file=/etc/mlflow/variables'));
  const names = ec2Metadata(official)['/etc/mlflow/variables'];
  expect(names).toMatch(/^([A-Z][A-Z0-9_]*\n)+$/);
  const given = Object.keys(parseEnvironmentFile(ec2Files(official)['/etc/mlflow/server.env']));
  expect(names.trim().split('\n')).toEqual([...given, ...Object.keys(settings(official).secrets)]);
  const text = JSON.stringify([launchData(official).UserData, ec2Metadata(official)]);
  expect(text).not.toMatch(/resolve:secretsmanager|\$\{/);
});

test('an update stops the old instances first, whatever they run', () => {
  const policy = (template: typeof official) =>
    resourcesOf(template)[idsOf(template, 'AWS::AutoScaling::AutoScalingGroup')[0]] as any;
  expect(policy(official).UpdatePolicy).toEqual(policy(withoutImage).UpdatePolicy);
  expect(policy(official).UpdatePolicy.AutoScalingRollingUpdate).toMatchObject({ MinInstancesInService: 0 });
  const other = ec2(ServerImage.fromRegistry('example.com/mlflow:2'));
  expect(ec2UserData(other)).not.toBe(ec2UserData(ec2(ServerImage.fromRegistry('example.com/mlflow:1'))));
});

test('an image moves nothing: every resource keeps its id, and only the launch template and the role’s policy change', () => {
  expect(Object.keys(resourcesOf(official))).toEqual(Object.keys(resourcesOf(withoutImage)));
  const changed = Object.keys(resourcesOf(official)).filter(
    (id) => JSON.stringify(resourcesOf(official)[id]) !== JSON.stringify(resourcesOf(withoutImage)[id]),
  );
  expect(changed).toEqual([only(official, 'AWS::EC2::LaunchTemplate').id]);
});

test('the security group lets nobody in for it', () => {
  expect(only(official, 'AWS::EC2::SecurityGroup', 'MlflowComputeSecurityGroup')).toEqual(
    only(withoutImage, 'AWS::EC2::SecurityGroup', 'MlflowComputeSecurityGroup'),
  );
});
