import * as fs from 'fs';
import { App, Stack } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { Machine, MachineKind } from './machine';
import { MetadataService } from './metadata-service';
import { Database, startDatabase } from '../../local/database/start-database';
import { deploy } from '../../local/emulator/deploy';
import { DeployedStack } from '../../local/emulator/deployed-stack';
import { Emulator, startEmulator } from '../../local/emulator/emulator';
import { assumeRoleAs } from '../../local/emulator/roles';
import { Template } from '../../local/emulator/template';
import { Report } from '../../local/report';
import { freePort } from '../../local/tools/free-port';
import { findPostgres } from '../../local/tools/postgres-binaries';
import { Processes } from '../../local/tools/processes';
import { ensurePythonEnvironment } from '../../local/tools/python-environments';
import { WorkDirectory } from '../../local/tools/work-directory';
import { Compute, Endpoint, IServerImage, MlflowTrackingServer } from '../../src';

/** What only a real systemd can show to be right. */
export const ODD_VALUE = `a "b" 'c' $HOME \`id\` \\ %n {d} #e`;

/** The stand-ins for AWS, and the machine that is booted from what was deployed. */
export interface Instance {
  readonly machine: Machine;
  readonly emulator: Emulator;
  readonly stack: DeployedStack;
  readonly database: Database;
  readonly metadata: MetadataService;
  readonly port: number;
  readonly userData: string;
  /** Has boto3. */
  readonly python: string;
  close(): Promise<void>;
}

/** What a process finds around it beside what the template says: AWS, and the database's address. */
export interface Surroundings {
  readonly variables: Record<string, string>;
  /** Their texts, by the path that the variables name. */
  readonly files: Record<string, string>;
}

/** A server in a container. */
export interface InstanceImage {
  /** Called while the stack is defined. */
  image(stack: Stack): IServerImage;
  /** Called once the stack is there, before the instance boots. */
  publish(surroundings: Surroundings, stack: DeployedStack, emulator: Emulator): Promise<void>;
}

/** Deploys one t3.micro and boots a machine of its size; the user data is not run yet. */
export async function bootInstance(container?: InstanceImage): Promise<Instance> {
  const work = new WorkDirectory();
  const processes = new Processes();
  const ministack = await ensurePythonEnvironment('ministack', processes);
  const mlflow = await ensurePythonEnvironment('mlflow', processes);
  const port = await freePort();
  const emulator = await startEmulator(work, ministack, processes);
  const stack = await deploy(synthesise(port, container), 'Systemd', emulator);
  const report = new Report(() => undefined);
  const database = await startDatabase({
    stack,
    report,
    work,
    processes,
    binaries: findPostgres(),
    certificates: ministack,
    clients: mlflow,
  });
  const role = stack.only('AWS::IAM::InstanceProfile').properties.Roles[0];
  const credentials = await assumeRoleAs('ec2.amazonaws.com', stack.byPhysicalId(role)!.attributes.Arn, emulator);
  const metadata = await MetadataService.start(role, () => credentials);
  const around = surroundings(emulator, database, metadata);
  await container?.publish(around, stack, emulator);
  const machine = await Machine.boot('1024m', container ? MachineKind.DOCKER : MachineKind.PLAIN);
  await prepare(machine, around);
  const data = stack.only('AWS::EC2::LaunchTemplate').properties.LaunchTemplateData;
  return {
    machine,
    emulator,
    stack,
    database,
    metadata,
    port,
    python: mlflow.python,
    userData: Buffer.from(data.UserData, 'base64').toString('utf8'),
    close: async () => {
      await machine.remove();
      metadata.stop();
      await processes.stopAll();
      work.remove();
    },
  };
}

function synthesise(port: number, container?: InstanceImage): Template {
  const app = new App();
  const stack = new Stack(app, 'Systemd');
  new MlflowTrackingServer(stack, 'Mlflow', {
    compute: Compute.ec2({ instanceType: new InstanceType('t3.micro') }),
    endpoint: Endpoint.instanceAddress({ port }),
    server: { environment: { TEAM_ODD: ODD_VALUE } },
    image: container?.image(stack),
  });
  const template = JSON.parse(JSON.stringify(app.synth().getStackByName('Systemd').template));
  likeTheEmulator(template);
  return template;
}

/** Where the emulator's evaluation of rights differs from AWS's. */
function likeTheEmulator({ Resources }: Template): void {
  const statements = Object.values(Resources)
    .filter(({ Type }) => Type === 'AWS::IAM::Policy')
    .flatMap(({ Properties }) => Properties!.PolicyDocument.Statement);
  for (const statement of statements) {
    const actions: string[] = [statement.Action].flat();
    // It does not know the instance's profile.
    if (actions.includes('ec2:AssociateAddress')) delete statement.Condition;
    // It names a log group without `:*`, which AWS has at the end.
    if (actions.includes('logs:PutLogEvents')) {
      const group = { Ref: statement.Resource['Fn::GetAtt'][0] };
      statement.Resource = { 'Fn::Join': ['', ['arn:aws:logs:us-east-1:000000000000:log-group:', group]] };
    }
  }
}

function surroundings(emulator: Emulator, database: Database, metadata: MetadataService): Surroundings {
  return {
    variables: {
      AWS_ENDPOINT_URL: emulator.endpoint,
      AWS_CA_BUNDLE: '/srv/aws.pem',
      AWS_EC2_METADATA_SERVICE_ENDPOINT: metadata.endpoint,
      PGHOSTADDR: database.running.address,
      PGSSLROOTCERT: '/srv/database.pem',
    },
    files: {
      '/srv/aws.pem': fs.readFileSync(emulator.authority, 'utf8'),
      '/srv/database.pem': fs.readFileSync(database.running.authority, 'utf8'),
    },
  };
}

/** What a real instance finds around it: AWS, its database, its package index, and cloud-init's own file. */
async function prepare(machine: Machine, around: Surroundings) {
  const variables = { ...around.variables };
  for (const [file, text] of Object.entries(around.files)) await machine.write(file, text);
  for (const [name, value] of Object.entries(process.env)) {
    if (/^(PIP_(?!FIND_LINKS)|https?_proxy$|no_proxy$)/i.test(name)) variables[name] = value!;
  }
  const pip = ['/etc/pip.conf', `${process.env.HOME}/.pip/pip.conf`, `${process.env.HOME}/.config/pip/pip.conf`];
  const given = pip.find((file) => fs.existsSync(file));
  if (given) await machine.write('/etc/pip.conf', fs.readFileSync(given, 'utf8'));
  await machine.write(
    '/etc/ssl/certs/ca-certificates.crt',
    fs.readFileSync('/etc/ssl/certs/ca-certificates.crt', 'utf8'),
  );
  const assignments = Object.entries(variables).map(([name, value]) => `"${name}=${value}"`);
  await machine.write(
    '/etc/systemd/system.conf.d/test.conf',
    `[Manager]\nDefaultEnvironment=${assignments.join(' ')}\n`,
  );
  await machine.write('/var/lib/cloud/data/instance-id', 'i-0123456789abcdef0\n');
  await machine.run('systemctl', 'daemon-reexec');
}
