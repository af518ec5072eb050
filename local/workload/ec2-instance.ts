import { DeployedResource, DeployedStack } from '../emulator/deployed-stack';
import { LocalRunFailure } from '../failure';
import { containerCommand, isContainerCommand } from './container-command';
import { directives, filesOf, parseEnvironmentFile, splitCommand } from './ec2-user-data';
import { HealthCheck, Workload, WorkloadProcess } from './workload';

const UNIT = '/etc/systemd/system/mlflow.service';
const SETTINGS = '/etc/mlflow/instance.json';
const BOOT = '/opt/mlflow/boot.py';
const PYTHON = '/opt/mlflow/venv/bin/python';

/** What cloud-init leaves on every instance. */
const CLOUD_INIT = { '/var/lib/cloud/data/instance-id': 'i-00000000000000000\n' };

/** Reads the user data of the one Auto Scaling group: its files, and the unit with its commands. */
export function ec2Instance(stack: DeployedStack): Workload {
  const data = launchTemplateOf(stack).properties.LaunchTemplateData;
  const files = { ...filesOf(Buffer.from(data.UserData, 'base64').toString('utf8')), ...CLOUD_INIT };
  const unit = required(files, UNIT);
  const roleArn = roleOf(stack, data.IamInstanceProfile?.Arn);
  const process = processReader(files, unit, roleArn);
  const steps = directives(unit, 'ExecStartPre').flatMap((line, index) => process(`step-${index + 1}`, line));
  const [start, ...more] = directives(unit, 'ExecStart');
  if (!start || more.length) throw new LocalRunFailure(`${UNIT} has no ExecStart, or more than one`);
  return {
    kind: 'EC2 instance',
    service: 'ec2.amazonaws.com',
    files,
    // The user data's own command: the rest of the files comes from the stack's metadata, with the instance's role.
    processes: [...process('files', `${PYTHON} ${BOOT} files`), ...steps, ...process('server', start)],
    healthCheck: healthCheckOf(stack, JSON.parse(required(files, SETTINGS))),
    deviations: [
      `the instance (image ${data.ImageId}, type ${data.InstanceType}): processes of this machine`,
      'packages: those of the local Python environment; systemd, its sandbox and its limits: test/systemd has them',
      ...deviationsOfContainer(splitCommand(start)),
      'the Elastic IP is not taken over, the journal is not sent and CloudFormation gets no signal',
    ],
  };
}

function launchTemplateOf(stack: DeployedStack): DeployedResource {
  const group = stack.only('AWS::AutoScaling::AutoScalingGroup');
  const template = stack.byPhysicalId(group.properties.LaunchTemplate?.LaunchTemplateId);
  if (!template) throw new LocalRunFailure(`the group ${group.logicalId} has no launch template of this stack`);
  return template;
}

function roleOf(stack: DeployedStack, profileArn: unknown): string {
  const profile = stack.all('AWS::IAM::InstanceProfile').find(({ attributes }) => attributes.Arn === profileArn);
  const role = stack.byPhysicalId(profile?.properties.Roles?.[0]);
  if (!role) throw new LocalRunFailure('the launch template has no instance profile of this stack with a role');
  return role.attributes.Arn;
}

/** Turns command lines of the unit into processes with the unit's variables. */
function processReader(files: Record<string, string>, unit: string, roleArn: string) {
  const [settings, written] = directives(unit, 'EnvironmentFile');
  if (!written?.startsWith('-')) throw new LocalRunFailure(`${UNIT} reads no file that its own first step writes`);
  const environment = parseEnvironmentFile(required(files, settings));
  return (name: string, line: string): WorkloadProcess[] => {
    const words = splitCommand(line);
    const container = isContainerCommand(words) ? containerCommand(words) : undefined;
    // There is no container to be removed here.
    if (isContainerCommand(words) && !container) return [];
    return [
      {
        name,
        argv: container?.argv ?? words,
        variablesFile: container?.variablesFile,
        environment,
        directories: systemdDirectories(unit),
        environmentFile: written.slice(1),
        secrets: [],
        secretsRoleArn: roleArn,
        roleArn,
        scratchPaths: container?.scratchPaths ?? directives(unit, 'BindPaths').map((pair) => pair.split(':')[1]),
        stopTimeoutSeconds: Number(directives(unit, 'TimeoutStopSec')[0]),
      },
    ];
  };
}

function deviationsOfContainer(words: readonly string[]): string[] {
  const container = isContainerCommand(words) ? containerCommand(words) : undefined;
  if (!container) return [];
  const { image, restrictions } = container;
  return [`the containers: processes of this machine, without image ${image}, ${restrictions.join(', ')}`];
}

/** What systemd makes and tells the processes of. */
function systemdDirectories(unit: string): Record<string, string> {
  const [runtime] = directives(unit, 'RuntimeDirectory');
  const [state] = directives(unit, 'StateDirectory');
  return { RUNTIME_DIRECTORY: `/run/${runtime}`, STATE_DIRECTORY: `/var/lib/${state}` };
}

/** The instance asks itself, and a load balancer asks the same; clients are let in to the same port. */
function healthCheckOf(stack: DeployedStack, settings: { health: string }): HealthCheck {
  const { port, pathname } = new URL(settings.health);
  for (const { properties } of stack.all('AWS::ElasticLoadBalancingV2::TargetGroup')) {
    if (`${properties.Port}` !== port || properties.HealthCheckPath !== pathname) {
      throw new LocalRunFailure(
        `the load balancer asks ${properties.Port}${properties.HealthCheckPath}, not ${pathname}`,
      );
    }
  }
  const ports = stack
    .all('AWS::EC2::SecurityGroup')
    .flatMap(({ properties }) => properties.SecurityGroupIngress ?? [])
    .filter((rule: any) => rule.Description === 'MLflow clients')
    .map((rule: any) => `${rule.FromPort}`);
  if (ports.some((open) => open !== port)) throw new LocalRunFailure(`port ${ports} is open, the server has ${port}`);
  return { path: pathname, healthyStatus: '200', port: Number(port) };
}

function required(files: Record<string, string>, path: string): string {
  if (files[path] === undefined) throw new LocalRunFailure(`the user data writes no ${path}`);
  return files[path];
}
