import { execLine } from './systemd-quote';
import { ServerDefinition } from '../../server';

/** Where things are on the instance. */
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

/** The user that the server runs as, and nothing else does. */
export const SERVER_USER = 'mlflow';

/** What no process of ours needs. */
export const SANDBOX = [
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

/** The unit that runs the server: secrets, then the migration, then the server itself. */
export function serverUnit(server: ServerDefinition, memoryMiB: number): string {
  return lines(
    '[Unit]',
    'Description=MLflow tracking server',
    'Wants=network-online.target',
    'After=network-online.target',
    '# It never gives up: a database that is away comes back.',
    'StartLimitIntervalSec=0',
    '',
    '[Service]',
    'Type=exec',
    `User=${SERVER_USER}`,
    `Group=${SERVER_USER}`,
    'WorkingDirectory=/opt/mlflow',
    'RuntimeDirectory=mlflow',
    'RuntimeDirectoryMode=0700',
    'StateDirectory=mlflow',
    'StateDirectoryMode=0700',
    `EnvironmentFile=${PATHS.environment}`,
    '# Written by the first step, anew at each start.',
    'EnvironmentFile=-/run/mlflow/secrets.env',
    `ExecStartPre=${execLine([PATHS.python, PATHS.instance, 'secrets'])}`,
    `ExecStartPre=${execLine([PATHS.python, PATHS.program, ...server.migrateArguments])}`,
    `ExecStart=${execLine([PATHS.python, PATHS.program, ...server.serveArguments])}`,
    '# A migration may take hours.',
    'TimeoutStartSec=infinity',
    `TimeoutStopSec=${server.stopTimeout.toSeconds()}`,
    '# The server itself is asked to stop; what it leaves behind is killed.',
    'KillMode=mixed',
    '# It exits with 0 when its own server process is killed.',
    'Restart=always',
    'RestartSec=1',
    `MemoryMax=${memoryMiB}M`,
    'TasksMax=512',
    '',
    '# On the disk: uploads may be larger than the memory.',
    'CacheDirectory=mlflow',
    'CacheDirectoryMode=0700',
    `BindPaths=/var/cache/mlflow:${server.scratchPath}`,
    `ExecStopPost=-${execLine(['/usr/bin/find', server.scratchPath, '-mindepth', '1', '-delete'])}`,
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

/** What the journal may keep on the disk. */
export function journalLimits(): string {
  return lines('[Journal]', 'SystemMaxUse=256M', 'RuntimeMaxUse=32M');
}

function lines(...all: string[]): string {
  return `${all.join('\n')}\n`;
}
