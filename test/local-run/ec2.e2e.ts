import { createHash } from 'crypto';
import { readFileSync } from 'fs';
import {
  CloudFormationClient,
  DescribeStackResourcesCommand,
  UpdateStackCommand,
} from '@aws-sdk/client-cloudformation';
import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { App, Stack } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { withoutActionAnywhere } from './mutations';
import { startDatabase } from '../../local/database/start-database';
import { deploy } from '../../local/emulator/deploy';
import { DeployedResource, DeployedStack } from '../../local/emulator/deployed-stack';
import { Emulator, startEmulator } from '../../local/emulator/emulator';
import { Template, withoutBootstrapCheck } from '../../local/emulator/template';
import { runLocally } from '../../local/local-run';
import { Client } from '../../local/proof/client-check';
import { Report } from '../../local/report';
import { synthesise } from '../../local/synthesise';
import { findPostgres } from '../../local/tools/postgres-binaries';
import { Processes } from '../../local/tools/processes';
import { ensurePythonEnvironment } from '../../local/tools/python-environments';
import { Tripwire } from '../../local/tools/tripwire';
import { pause } from '../../local/tools/wait-until';
import { WorkDirectory } from '../../local/tools/work-directory';
import { startServer } from '../../local/workload/start-server';
import { Compute, Endpoint, MlflowTrackingServer, ServerImage } from '../../src';

jest.setTimeout(600_000);

const templates: Record<string, Template> = {};

beforeAll(async () => {
  const processes = new Processes();
  for (const example of ['quickstart', 'ec2-free-tier', 'ec2-production']) {
    const work = new WorkDirectory();
    templates[example] = (await synthesise(example, work, processes)).template;
    work.remove();
  }
  await processes.stopAll();
});

test.each(['ec2-free-tier', 'ec2-production'])('%s passes the same proof as every server', async (example) => {
  const result = await runLocally({ template: templates[example] });
  expect(result.failure).toBeUndefined();
  expect(result.proven).toEqual(
    expect.arrayContaining([
      'without sign-in and with a wrong password: 401; as the administrator: 200',
      expect.stringMatching(/^the endpoint's name as host \(\S.*\): 200; a foreign one: 403$/),
      expect.stringMatching(/^client 3\.\S+ logged a run with a 20 MB artifact, registered a model and loaded it$/),
      expect.stringMatching(/^the server stopped \S+ s after SIGTERM; started anew, it gave everything back/),
      expect.stringMatching(/^[1-9]\d* requests and [1-9]\d* addresses that the server signed are for eu-central-1$/),
      expect.stringMatching(/^all \d+ database sessions used TLS$/),
    ]),
  );
  expect(result.deviations).toEqual(
    expect.arrayContaining([expect.stringMatching(/^the instance \(image ami-\d+, type (t3\.micro|m7g\.large)\)/)]),
  );
});

/** The free tier's example with an image, as a user would choose one. */
function templateWithImage(): Template {
  const app = new App();
  const stack = new Stack(app, 'Local');
  new MlflowTrackingServer(stack, 'Mlflow', {
    compute: Compute.ec2({ instanceType: new InstanceType('t3.micro') }),
    endpoint: Endpoint.instanceAddress({ allowedCidrs: ['203.0.113.7/32'] }),
    image: ServerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Images', 'team/mlflow'), '3.17.2'),
  });
  return JSON.parse(JSON.stringify(app.synth().getStackByName('Local').template));
}

test('an instance that runs a container passes it too, with what its command line hands on', async () => {
  const result = await runLocally({ template: templateWithImage() });
  expect(result.failure).toBeUndefined();
  expect(result.proven).toEqual(
    expect.arrayContaining([
      'without sign-in and with a wrong password: 401; as the administrator: 200',
      expect.stringMatching(/^client 3\.\S+ logged a run with a 20 MB artifact, registered a model and loaded it$/),
      expect.stringMatching(/^[1-9]\d* requests and [1-9]\d* addresses that the server signed are for eu-central-1$/),
      expect.stringMatching(/^all \d+ database sessions used TLS$/),
    ]),
  );
  expect(result.deviations).toContainEqual(
    expect.stringMatching(/^the containers: .*team\/mlflow:3\.17\.2, --read-only, --cap-drop=ALL, .*--user=1000:1000/),
  );
});

function digestOf(files: Record<string, string>): string {
  const paths = Object.keys(files).sort();
  return createHash('sha256')
    .update(paths.map((path) => `${path}\0${files[path]}\0`).join(''))
    .digest('hex');
}

test('and fails where a variable is not handed on', async () => {
  const mutate = (template: Template) => {
    const files = (only(template, 'AWS::EC2::LaunchTemplate') as any).Metadata['cdk-mlflow:files'];
    const before = digestOf(files);
    files['/etc/mlflow/variables'] = files['/etc/mlflow/variables'].replace('PGPASSWORD\n', '');
    inUserData(before, digestOf(files))(template);
  };
  const result = await runLocally({ template: templateWithImage(), mutate });
  expect(result.failure).toMatch(/^step-4 exited 1:[^]*no password supplied/);
});

function only(template: Template, type: string) {
  const [found, ...others] = Object.values(template.Resources).filter(({ Type }) => Type === type);
  if (!found || others.length) throw new Error(`the template has none, or more than one, of ${type}`);
  return found;
}

/** Changes a text of the user data, which must be there. */
const inUserData = (from: string, to: string) => (template: Template) => {
  const data = only(template, 'AWS::EC2::LaunchTemplate').Properties!.LaunchTemplateData;
  const text = JSON.stringify(data.UserData);
  const [before, after] = [from, to].map((part) => JSON.stringify(part).slice(1, -1));
  if (!text.includes(before)) throw new Error(`the user data has no '${from}'`);
  data.UserData = JSON.parse(text.replace(before, () => after));
};

test.each<[string, (template: Template) => void, RegExp]>([
  [
    'the role may read no secret',
    withoutActionAnywhere('secretsmanager:GetSecretValue'),
    /^step-1 exited 1:[^]*the secret of \w+ cannot be read: .*AccessDenied/,
  ],
  [
    'the role may not read the stack',
    withoutActionAnywhere('cloudformation:DescribeStackResource'),
    /^files exited 1:[^]*AccessDenied.*DescribeStackResource/,
  ],
  [
    'a secret is read by a field that it does not have',
    inUserData('"password"', '"passwort"'),
    /^step-1 exited 1:[^]*has no field 'passwort'/,
  ],
  [
    'a file was changed on its way',
    (template) => {
      const files: any = (only(template, 'AWS::EC2::LaunchTemplate') as any).Metadata['cdk-mlflow:files'];
      files['/opt/mlflow/instance.py'] += '\n';
    },
    /^files exited 1:[^]*files are of another deployment/,
  ],
  [
    'the unit does not migrate',
    inUserData('bootstrap.py migrate', 'bootstrap.py'),
    /^step-2 exited 1:[^]*give migrate or serve/,
  ],
  [
    'the server connects without TLS',
    inUserData('PGSSLMODE="verify-full"', 'PGSSLMODE="disable"'),
    /^step-2 exited 1:[^]*no encryption/,
  ],
  [
    'another port is open',
    inUserData('127.0.0.1:5000/health', '127.0.0.1:5001/health'),
    /^port 5000 is open, the server has 5001$/,
  ],
  [
    'the role may not put objects',
    withoutActionAnywhere('s3:PutObject'),
    /^the server's log: .*AccessDenied.*PutObject/,
  ],
])('fails where %s', async (_name, mutate, failure) => {
  const result = await runLocally({ template: templates['ec2-free-tier'], mutate });
  expect(result.failure).toMatch(failure);
});

/** What is in the stack after an update: the emulator's record has what was made, also what is gone by now. */
async function update(template: Template, before: DeployedStack, emulator: Emulator): Promise<DeployedStack> {
  const client = new CloudFormationClient(emulator.client());
  const object = { Bucket: 'templates-of-the-local-run', Key: 'updated.json' };
  const s3 = new S3Client({ ...emulator.client(), forcePathStyle: true });
  await s3.send(new PutObjectCommand({ ...object, Body: JSON.stringify(withoutBootstrapCheck(template)) }));
  await client.send(
    new UpdateStackCommand({
      StackName: before.name,
      TemplateURL: `${emulator.endpoint}/${object.Bucket}/${object.Key}`,
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  const expected = Object.keys(withoutBootstrapCheck(template).Resources).length;
  for (;;) {
    const { StackResources = [] } = await client.send(new DescribeStackResourcesCommand({ StackName: before.name }));
    const settled = StackResources.every(({ ResourceStatus }) => /_COMPLETE$/.test(ResourceStatus!));
    const present = StackResources.filter(({ ResourceStatus }) => ResourceStatus !== 'DELETE_COMPLETE');
    if (settled && present.length === expected) {
      const ids = new Set(present.map(({ LogicalResourceId }) => LogicalResourceId));
      const record = readFileSync(emulator.recordFile, 'utf8').trim().split('\n');
      const made = new Map(
        record.map((line) => JSON.parse(line) as DeployedResource).map((each) => [each.logicalId, each]),
      );
      return new DeployedStack(
        before.name,
        [...made.values()].filter(({ logicalId }) => ids.has(logicalId)),
      );
    }
    await pause(500);
  }
}

test('what was written under Fargate is read under EC2, after one update of the stack', async () => {
  const work = new WorkDirectory();
  const processes = new Processes();
  const tripwire = new Tripwire();
  try {
    const report = new Report(() => undefined);
    const [ministack, mlflow] = [
      await ensurePythonEnvironment('ministack', processes),
      await ensurePythonEnvironment('mlflow', processes),
    ];
    const emulator = await startEmulator(work, ministack, processes);
    const fargate = await deploy(templates.quickstart, 'Swap', emulator);
    const stage = { report, work, processes, tripwire, emulator, mlflow };
    const database = await startDatabase({
      ...stage,
      stack: fargate,
      binaries: findPostgres(),
      certificates: ministack,
      clients: mlflow,
    });
    const first = await startServer({ ...stage, stack: fargate, database });
    const clientOf = (server: typeof first) =>
      new Client({
        trackingUri: server.url,
        signIn: {
          username: server.serverEnvironment.MLFLOW_AUTH_ADMIN_USERNAME,
          password: server.serverEnvironment.MLFLOW_AUTH_ADMIN_PASSWORD,
        },
        authority: emulator.authority,
        python: mlflow,
        work,
        processes,
      });
    await clientOf(first).write();
    await first.stop();

    const ec2 = await update(templates['ec2-free-tier'], fargate, emulator);
    expect(ec2.all('AWS::ECS::Service')).toEqual([]);
    for (const type of ['AWS::RDS::DBInstance', 'AWS::S3::Bucket']) {
      expect(ec2.only(type).physicalId).toBe(fargate.only(type).physicalId);
    }
    const second = await startServer({ ...stage, stack: ec2, database });
    expect(second.serverEnvironment.MLFLOW_AUTH_ADMIN_PASSWORD).toBe(
      first.serverEnvironment.MLFLOW_AUTH_ADMIN_PASSWORD,
    );
    await clientOf(second).readAgain();
    await second.stop();
  } finally {
    await processes.stopAll();
    work.remove();
  }
});
