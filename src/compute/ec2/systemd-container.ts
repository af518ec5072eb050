import { PATHS, ServerProcess } from './systemd-unit';
import { ServerDefinition } from '../../server';

/** The name of each container of the server and of its volume, so that there is never a second one at the same time. */
const NAME = 'mlflow';

/** The client connects to the local daemon without any settings: the environment contains the variables of the server. */
const DOCKER = ['/usr/bin/docker', '--config=/etc/mlflow/docker', '--host=unix:///run/docker.sock'];

/** The path of the program in the container. The mount hides a file of the image at this path. */
const PROGRAM = '/cdk-mlflow/bootstrap.py';

/** The memory of the client and of the programs that run before it. */
const CLIENT_MIB = 192;

/** Also removes what a killed client has left behind. */
const REMOVE = [
  [...DOCKER, 'rm', '--force', NAME],
  // By its name: if the daemon ends before the container, an anonymous volume would not be removed.
  [...DOCKER, 'volume', 'rm', '--force', NAME],
];

/** Runs the server in a container. The client stays in the foreground, so that systemd notices when the server ends. */
export function containerProcess(server: ServerDefinition, imageUri: string, memoryMiB: number): ServerProcess {
  const run = (programArguments: string[]) => [
    ...[...DOCKER, 'run', ...runOptions(server, memoryMiB)],
    ...['--entrypoint=python', imageUri, PROGRAM, ...programArguments],
  ];
  return {
    requires: ['docker.service'],
    identity: [
      '# Root without capabilities, to whom the daemon listens. The server itself is another user, in the container.',
      '# The client hands the signal to stop on to the server, and ends with it.',
      'Type=exec',
    ],
    removeBefore: REMOVE,
    migrate: run(server.migrateArguments),
    serve: run(server.serveArguments),
    memoryMiB: CLIENT_MIB,
    tasks: 128,
    storage: ['PrivateTmp=true'],
    removeAfter: REMOVE,
  };
}

/** The names of the variables of the container. Docker takes their values from the environment of its client. */
export function variableNames({ environment, secrets }: ServerDefinition): string {
  return `${[...Object.keys(environment), ...Object.keys(secrets)].join('\n')}\n`;
}

function runOptions(server: ServerDefinition, memoryMiB: number): string[] {
  return [
    ...['--rm', `--name=${NAME}`, '--pull=never'],
    // Reaps the processes that MLflow's parent process leaves behind, and forwards the stop signal to it.
    '--init',
    // The metadata service responds only without a further hop, and there is no other server on the instance.
    '--network=host',
    ...['--read-only', '--cap-drop=ALL', '--security-opt=no-new-privileges'],
    `--user=${server.userId}:${server.userId}`,
    ...[`--memory=${memoryMiB}m`, `--memory-swap=${memoryMiB}m`, '--pids-limit=512'],
    `--env-file=${PATHS.variables}`,
    `--stop-timeout=${server.stopTimeout.toSeconds()}`,
    // The output of the client goes to the journal, and is stored nowhere else.
    '--log-driver=none',
    // On the disk, because uploads can be larger than the memory. It has the mode of the directory in the image.
    `--mount=type=volume,source=${NAME},target=${server.scratchPath}`,
    `--mount=type=bind,source=${PATHS.program},target=${PROGRAM},readonly`,
  ];
}

/** Docker without its own network: it changes no firewall rule of the instance and forwards no traffic. */
export function engineSettings(): string {
  const none = { bridge: 'none', iptables: false, ip6tables: false, 'ip-forward': false, 'userland-proxy': false };
  return `${JSON.stringify(none, undefined, 1)}\n`;
}
