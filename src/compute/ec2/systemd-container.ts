import { execLine } from './systemd-quote';
import { PATHS, SANDBOX } from './systemd-unit';
import { ServerDefinition } from '../../server';

/** The one name that every container of the server has, and its volume: no two of them can be there at the same time. */
const NAME = 'mlflow';

/** The client asks for the local daemon with no settings of anybody: the variables of the server are its own as well. */
const DOCKER = ['/usr/bin/docker', '--config=/etc/mlflow/docker', '--host=unix:///run/docker.sock'];

/** Where the image finds the program; what an image may have at this place is hidden. */
const PROGRAM = '/cdk-mlflow/bootstrap.py';

/** What the client itself may use, and the programs of the steps before. */
const CLIENT_MIB = 192;

/**
 * The unit that runs the server in a container: secrets, then what a killed client left is removed, then the migration,
 * then the server itself. The client stays in the foreground, so that systemd sees the server end.
 */
export function containerUnit(server: ServerDefinition, memoryMiB: number): string {
  const remove = [
    [...DOCKER, 'rm', '--force', NAME],
    // By its name: one without would stay where the daemon ends before the container.
    [...DOCKER, 'volume', 'rm', '--force', NAME],
  ].map(execLine);
  const run = (programArguments: string[]) => [
    ...[...DOCKER, 'run', ...runOptions(server, memoryMiB)],
    // There is a unit of this kind only where there is an image.
    ...['--entrypoint=python', server.imageUri!, PROGRAM, ...programArguments],
  ];
  return `${[
    '[Unit]',
    'Description=MLflow tracking server',
    'Wants=network-online.target docker.service',
    'After=network-online.target docker.service',
    '# It never gives up: a database that is away comes back.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    '# Root without capabilities, to whom the daemon listens. The server itself is another user, in the container.',
    'Type=exec',
    'RuntimeDirectory=mlflow',
    'RuntimeDirectoryMode=0700',
    'StateDirectory=mlflow',
    'StateDirectoryMode=0700',
    `EnvironmentFile=${PATHS.environment}`,
    '# Written by the first step, anew at each start.',
    'EnvironmentFile=-/run/mlflow/secrets.env',
    `ExecStartPre=${execLine([PATHS.python, PATHS.instance, 'secrets'])}`,
    ...remove.map((line) => `ExecStartPre=${line}`),
    `ExecStartPre=${execLine(run(server.migrateArguments))}`,
    `ExecStart=${execLine(run(server.serveArguments))}`,
    '# A migration may take hours.',
    'TimeoutStartSec=infinity',
    '# The client hands the signal to stop on to the server, and ends with it.',
    `TimeoutStopSec=${server.stopTimeout.toSeconds()}`,
    'KillMode=mixed',
    ...remove.map((line) => `ExecStopPost=-${line}`),
    '# It exits with 0 when its own server process is killed.',
    'Restart=always',
    'RestartSec=1',
    `MemoryMax=${CLIENT_MIB}M`,
    'TasksMax=128',
    'PrivateTmp=true',
    '',
    ...SANDBOX,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  ].join('\n')}\n`;
}

/** The names of what the container is given, secret or not. Docker takes the values from its client's own variables. */
export function variableNames({ environment, secrets }: ServerDefinition): string {
  return `${[...Object.keys(environment), ...Object.keys(secrets)].join('\n')}\n`;
}

function runOptions(server: ServerDefinition, memoryMiB: number): string[] {
  return [
    ...['--rm', `--name=${NAME}`, '--pull=never'],
    // It reaps what MLflow's parent process leaves behind, and hands the signal to stop on to it.
    '--init',
    // The metadata service answers to no further hop, and there is no other server to keep apart.
    '--network=host',
    ...['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges'],
    `--user=${server.userId}:${server.userId}`,
    ...[`--memory=${memoryMiB}m`, `--memory-swap=${memoryMiB}m`, '--pids-limit=512'],
    `--env-file=${PATHS.variables}`,
    `--stop-timeout=${server.stopTimeout.toSeconds()}`,
    // The client's output goes to the journal; nothing else keeps it.
    '--log-driver=none',
    // On the disk: uploads may be larger than the memory. It has the mode of the image's own directory.
    `--mount=type=volume,source=${NAME},target=${server.scratchPath}`,
    `--mount=type=bind,source=${PATHS.program},target=${PROGRAM},readonly`,
  ];
}

/** Docker without a network of its own: it changes no rule of the instance's firewall and forwards nothing. */
export function engineSettings(): string {
  const none = { bridge: 'none', iptables: false, ip6tables: false, 'ip-forward': false, 'userland-proxy': false };
  return `${JSON.stringify(none, undefined, 1)}\n`;
}
