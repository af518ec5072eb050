import { execLine } from './systemd-quote';
import { ServerDefinition } from '../../server';

/** The paths on the instance. */
export const PATHS = {
  python: '/opt/mlflow/venv/bin/python',
  boot: '/opt/mlflow/boot.py',
  instance: '/opt/mlflow/instance.py',
  program: '/opt/mlflow/bootstrap.py',
  requirements: '/opt/mlflow/requirements.txt',
  image: '/opt/mlflow/image.py',
  engineSettings: '/etc/docker/daemon.json',
  variables: '/etc/mlflow/variables',
  settings: '/etc/mlflow/instance.json',
  environment: '/etc/mlflow/server.env',
  serverUnit: '/etc/systemd/system/mlflow.service',
  logsUnit: '/etc/systemd/system/mlflow-logs.service',
  journal: '/etc/systemd/journald.conf.d/mlflow.conf',
} as const;

/** The user that runs the server and nothing else. */
export const SERVER_USER = 'mlflow';

/** Removes what neither the server nor the log shipper needs. */
const SANDBOX = [
  'UMask=0077',
  'NoNewPrivileges=true',
  'CapabilityBoundingSet=',
  'AmbientCapabilities=',
  'ProtectSystem=strict',
  'ProtectHome=true',
  'ProtectProc=invisible',
  'ProtectClock=true',
  'ProtectHostname=true',
  'ProtectControlGroups=true',
  'ProtectKernelLogs=true',
  'ProtectKernelModules=true',
  'ProtectKernelTunables=true',
  'PrivateDevices=true',
  'PrivateIPC=true',
  'RemoveIPC=true',
  'RestrictAddressFamilies=AF_UNIX AF_INET AF_INET6',
  'RestrictNamespaces=true',
  'RestrictRealtime=true',
  'RestrictSUIDSGID=true',
  'LockPersonality=true',
  'SystemCallArchitectures=native',
  'SystemCallFilter=@system-service',
  'SystemCallFilter=~@privileged @resources',
  'SystemCallErrorNumber=EPERM',
];

/** How the unit runs the server: all that differs between a virtual environment and a container. */
export interface ServerProcess {
  /** Units that it requires in addition to the network. */
  readonly requires: string[];
  /** The settings of the user that the commands run as. */
  readonly identity: string[];
  /** Commands that remove what is left of an earlier start. */
  readonly removeBefore: string[][];
  readonly migrate: string[];
  readonly serve: string[];
  readonly memoryMiB: number;
  /** The maximum number of processes and threads. */
  readonly tasks: number;
  /** The settings of the directories that it writes to. */
  readonly storage: string[];
  /** Commands that remove its files after it has stopped. */
  readonly removeAfter: string[][];
}

/** Runs the server in the Python virtual environment of the instance. */
export function virtualEnvironmentProcess(server: ServerDefinition, memoryMiB: number): ServerProcess {
  const program = (programArguments: string[]) => [PATHS.python, PATHS.program, ...programArguments];
  return {
    requires: [],
    identity: ['Type=exec', `User=${SERVER_USER}`, `Group=${SERVER_USER}`, 'WorkingDirectory=/opt/mlflow'],
    removeBefore: [],
    migrate: program(server.migrateArguments),
    serve: program(server.serveArguments),
    memoryMiB,
    tasks: 512,
    storage: [
      '# On the disk: uploads may be larger than the memory.',
      'CacheDirectory=mlflow',
      'CacheDirectoryMode=0700',
      `BindPaths=/var/cache/mlflow:${server.scratchPath}`,
    ],
    removeAfter: [['/usr/bin/find', server.scratchPath, '-mindepth', '1', '-delete']],
  };
}

/** The unit of the server: it fetches the secrets, migrates the database, and starts the server. */
export function serverUnit(server: ServerDefinition, serverProcess: ServerProcess): string {
  const { requires, identity, removeBefore, migrate, serve, memoryMiB, tasks, storage, removeAfter } = serverProcess;
  const units = ['network-online.target', ...requires].join(' ');
  const secrets = [PATHS.python, PATHS.instance, 'secrets'];
  return lines(
    '[Unit]',
    'Description=MLflow tracking server',
    `Wants=${units}`,
    `After=${units}`,
    '# It never gives up: a database that is away comes back.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    ...identity,
    'RuntimeDirectory=mlflow',
    'RuntimeDirectoryMode=0700',
    'StateDirectory=mlflow',
    'StateDirectoryMode=0700',
    `EnvironmentFile=${PATHS.environment}`,
    '# Written by the first step, anew at each start.',
    'EnvironmentFile=-/run/mlflow/secrets.env',
    ...[secrets, ...removeBefore, migrate].map((command) => `ExecStartPre=${execLine(command)}`),
    `ExecStart=${execLine(serve)}`,
    '# A migration may take hours.',
    'TimeoutStartSec=infinity',
    `TimeoutStopSec=${server.stopTimeout.toSeconds()}`,
    '# The server itself is asked to stop; what it leaves behind is killed.',
    'KillMode=mixed',
    '# It exits with 0 when its own server process is killed.',
    'Restart=always',
    'RestartSec=1',
    `MemoryMax=${memoryMiB}M`,
    `TasksMax=${tasks}`,
    '',
    ...storage,
    ...removeAfter.map((command) => `ExecStopPost=-${execLine(command)}`),
    '',
    ...SANDBOX,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  );
}

/** The unit that sends the journal to CloudWatch Logs. */
export function logsUnit(): string {
  return lines(
    '[Unit]',
    'Description=Journal of the MLflow tracking server, sent to CloudWatch Logs',
    'Wants=network-online.target',
    'After=network-online.target',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    'DynamicUser=true',
    'SupplementaryGroups=systemd-journal',
    'StateDirectory=mlflow-logs',
    `ExecStart=${execLine([PATHS.python, PATHS.instance, 'logs'])}`,
    'Restart=always',
    'RestartSec=10',
    'MemoryMax=128M',
    'TasksMax=16',
    'PrivateTmp=true',
    ...SANDBOX,
    '',
    '[Install]',
    'WantedBy=multi-user.target',
  );
}

/** The size limits of the journal. */
export function journalLimits(): string {
  return lines('[Journal]', 'SystemMaxUse=256M', 'RuntimeMaxUse=32M');
}

function lines(...all: string[]): string {
  return `${all.join('\n')}\n`;
}
