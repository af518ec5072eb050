import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join, resolve } from 'path';
import { deploy } from '../../local/emulator/deploy';
import { DeployedStack } from '../../local/emulator/deployed-stack';
import { Emulator, startEmulator } from '../../local/emulator/emulator';
import { Template } from '../../local/emulator/template';
import { runLocally } from '../../local/local-run';
import { managedServerOf } from '../../local/managed/managed-server';
import { publishedNames, readPublished } from '../../local/published-template';
import { synthesise } from '../../local/synthesise';
import { Processes } from '../../local/tools/processes';
import { ensurePythonEnvironment } from '../../local/tools/python-environments';
import { WorkDirectory } from '../../local/tools/work-directory';
import { workloadOf } from '../../local/workload/choose-workload';
import { NO_PROVIDER, terraform, terraformHere, testWhere } from '../support/terraform';

jest.setTimeout(300_000);

const OWN_SERVER = [
  'without sign-in and with a wrong password: 401; as the administrator: 200',
  expect.stringMatching(/^the endpoint's name as host \(\S.*\): 200; a foreign one: 403$/),
  expect.stringMatching(/^client 3\.\S+ logged a run with a 20 MB artifact, registered a model and loaded it$/),
  expect.stringMatching(/^the server stopped \S+ s after SIGTERM; started anew, it gave everything back/),
  expect.stringMatching(/^all \d+ database sessions used TLS$/),
];
const MANAGED = [
  expect.stringMatching(/^client 3\.\S+ with the plugin logged a run with a 20 MB artifact to the ARN of the /),
  'started anew, the server gave everything back',
  expect.stringMatching(/^the client's role was allowed sagemaker\S*:\w+.*, by the template's policies$/),
  'refused with 403: a role without rights, a wrong secret key, and the ARN of another server',
];

test.each([
  ['fargate', OWN_SERVER],
  ['sagemaker-mlflow-app', MANAGED],
])('the template %s passes the same proof as an example', async (name, proof) => {
  const result = await runLocally({ published: name });
  expect(result.failure).toBeUndefined();
  expect(result.proven).toEqual(expect.arrayContaining(proof));
});

/** The others run what an example runs, whose proof is another suite's, but for what the template is to have otherwise. */
const SAME_AS: [name: string, example: string, differences: [ofTemplate: string, ofExample: string][]][] = [
  ['ecs-on-ec2', 'ecs-on-ec2', []],
  ['ec2', 'ec2-free-tier', [['type t4g.micro', 'type t3.micro']]],
  [
    'sagemaker-tracking-server',
    'sagemaker-tracking-server',
    [['s3://<MlflowArtifactStoreBucket14978695>"', 's3://<MlflowArtifactStoreBucket14978695>/mlflow"']],
  ],
];

test('every template is run, or compared with one that is', () => {
  const compared = SAME_AS.map(([name]) => name);
  expect([...compared, 'fargate', 'sagemaker-mlflow-app'].sort()).toEqual(publishedNames().sort());
});

describe('deployed to the emulator', () => {
  const processes = new Processes();
  const work = new WorkDirectory();
  let emulator: Emulator;

  beforeAll(async () => {
    emulator = await startEmulator(work, await ensurePythonEnvironment('ministack', processes), processes);
  });

  afterAll(async () => {
    await processes.stopAll();
    work.remove();
  });

  test.each(SAME_AS)('the template %s runs what the example %s runs', async (name, example, differences) => {
    const { template, parameters } = readPublished(name);
    const directory = new WorkDirectory();
    const other = await synthesise(example, directory, processes);
    directory.remove();
    const published = await deployAlone(template, `published-${name}`, emulator, parameters);
    const found = definitionOf(published, template, emulator.region);
    const expected = definitionOf(
      await deployAlone(other.template, other.name, emulator),
      other.template,
      emulator.region,
    );
    for (const [ofTemplate, ofExample] of differences) {
      expect(found).toContain(ofTemplate);
      expect(expected).toContain(ofExample);
    }
    const same = differences.reduce((text, [from, to]) => text.replaceAll(from, to), found);
    expect(same.split('\n')).toEqual(expected.split('\n'));
  });

  test('in a VPC that there is, the Fargate template defines no network, and runs with the numbers it was given', async () => {
    const network = await deployAlone(NETWORK, 'network', emulator);
    const idOf = (logicalId: string) => network.resources.find((each) => each.logicalId === logicalId)!.physicalId;
    const subnets = [idOf('First'), idOf('Second')];
    const given = { VpcId: idOf('Given'), PrivateSubnetA: subnets[0], PrivateSubnetB: subnets[1] };
    const { template, name } = readPublished('fargate');
    const parameters = { ...given, ServerSize: 'Large', Replicas: '3', DatabaseStandby: 'true' };
    const stack = await deployAlone(template, name, emulator, parameters);

    expect(stack.all('AWS::EC2::VPC')).toEqual([]);
    expect(stack.all('AWS::EC2::Subnet')).toEqual([]);
    const service = stack.only('AWS::ECS::Service').properties;
    expect(service.DesiredCount).toBe(3);
    expect(service.NetworkConfiguration.AwsvpcConfiguration.Subnets).toEqual(subnets);
    expect(stack.only('AWS::RDS::DBSubnetGroup').properties.SubnetIds).toEqual(subnets);
    expect(stack.only('AWS::RDS::DBInstance').properties.MultiAZ).toBe('true');
    const task = stack.only('AWS::ECS::TaskDefinition').properties;
    expect(task).toMatchObject({ Cpu: '2048', Memory: '4096' });
    expect(task.ContainerDefinitions[2].Environment).toContainEqual({ Name: 'MLFLOW_WORKERS', Value: '2' });
  });

  const { provider } = terraformHere('templates/fargate');

  testWhere(
    provider,
    NO_PROVIDER,
    'Terraform deploys the modules, then has nothing to change, and deletes them',
    () => {
      const directory = mkdtempSync(join(tmpdir(), 'cdk-mlflow-terraform-'));
      try {
        for (const name of MODULES) cpSync(resolve('templates', name), join(directory, name), { recursive: true });
        writeFileSync(join(directory, 'main.tf'), configurationFor(emulator));
        expect(terraform(directory, 'init', '-input=false', '-no-color')).toMatchObject({ status: 0 });
        const applied = terraform(directory, 'apply', '-auto-approve', '-input=false', '-no-color');
        expect(applied).toMatchObject({
          status: 0,
          output: expect.stringContaining('Apply complete! Resources: 4 added'),
        });

        const outputs = JSON.parse(terraform(directory, 'output', '-json').stdout);
        expect(outputs.fargate.value).toMatchObject({
          tracking_uri: expect.stringMatching(/^http:\/\/\S+\.elb\.amazonaws\.com$/),
          client_policy: expect.stringMatching(/^arn:aws:iam::\d{12}:policy\/mine-ClientAccess/),
        });
        expect(outputs.app.value.tracking_uri).toMatch(/^arn:aws:sagemaker:eu-central-1:\d{12}:mlflow-app\//);
        // 0: nothing to change.
        expect(terraform(directory, 'plan', '-detailed-exitcode', '-input=false', '-no-color')).toMatchObject({
          status: 0,
        });
        const destroyed = terraform(directory, 'destroy', '-auto-approve', '-no-color');
        expect(destroyed.output).toContain('Destroy complete! Resources: 4 destroyed');
      } finally {
        rmSync(directory, { recursive: true });
      }
    },
  );
});

/** The emulator's record holds the resources of every stack. */
async function deployAlone(...args: Parameters<typeof deploy>): Promise<DeployedStack> {
  const [, name, { recordFile }] = args;
  const before = existsSync(recordFile) ? readFileSync(recordFile, 'utf8').trim().split('\n').length : 0;
  const { resources } = await deploy(...args);
  return new DeployedStack(name, resources.slice(before));
}

/** What is run, as text: with logical ids in place of what the emulator made of them. */
function definitionOf(stack: DeployedStack, { Resources }: Template, region: string): string {
  const machine = Object.values(Resources).find(({ Type }) => Type === 'AWS::EC2::LaunchTemplate');
  const definition = managedServerOf(stack, region) ?? { ...workloadOf(stack), fetched: machine?.Metadata };
  const made = stack.resources.flatMap(({ logicalId, physicalId, attributes }) => [
    [physicalId, `<${logicalId}>`],
    ...Object.entries(attributes).map(([name, value]) => [value, `<${logicalId}.${name}>`]),
  ]);
  // A short text may stand for something else as well; an address does not, however short it is.
  const unmistakable = /.{12}|^(\d+\.){3}\d+$/;
  const text = made
    .filter(([value]) => typeof value === 'string' && unmistakable.test(value))
    .sort(([a], [b]) => b.length - a.length)
    .reduce((rest, [value, id]) => rest.replaceAll(value, id), JSON.stringify(definition, undefined, 1));
  return (
    text
      .replaceAll(stack.name, '<stack>')
      .replace(/stack\/<stack>\/[0-9a-f-]{36}/g, 'stack/<stack>')
      // Of packages, which are built for a processor, and of the files with them, which are compared as `fetched`.
      .replace(/sha256(:|\\": \\")[0-9a-f]{64}/g, 'sha256')
  );
}

const NETWORK: Template = {
  Resources: {
    Given: { Type: 'AWS::EC2::VPC', Properties: { CidrBlock: '10.1.0.0/16' } },
    First: subnetOf('10.1.1.0/24', 'eu-central-1a'),
    Second: subnetOf('10.1.2.0/24', 'eu-central-1b'),
  },
};

function subnetOf(CidrBlock: string, AvailabilityZone: string) {
  return { Type: 'AWS::EC2::Subnet', Properties: { VpcId: { Ref: 'Given' }, CidrBlock, AvailabilityZone } };
}

const MODULES = ['fargate', 'sagemaker-mlflow-app'];

function configurationFor({ endpoint, authority, region }: Emulator): string {
  return `
    provider "aws" {
      region                      = "${region}"
      access_key                  = "test"
      secret_key                  = "test"
      custom_ca_bundle            = "${authority}"
      skip_credentials_validation = true
      skip_metadata_api_check     = true
      skip_requesting_account_id  = true
      s3_use_path_style           = true
      endpoints {
        cloudformation = "${endpoint}"
        s3             = "${endpoint}"
      }
    }
    resource "aws_s3_bucket" "templates" {
      bucket = "templates-of-mine"
    }
    module "fargate" {
      source           = "./fargate"
      stack_name       = "mine"
      template_bucket  = aws_s3_bucket.templates.id
      replicas         = 2
      database_standby = true
    }
    module "app" {
      source = "./sagemaker-mlflow-app"
    }
    output "fargate" { value = module.fargate }
    output "app" { value = module.app }
  `;
}
