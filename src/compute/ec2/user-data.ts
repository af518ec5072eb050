import { createHash } from 'crypto';
import { shellQuote, writeFile } from './shell-quote';
import { containerUnit } from './systemd-container';
import { environmentFile } from './systemd-quote';
import { PATHS, SERVER_USER, serverUnit } from './systemd-unit';
import { ServerDefinition } from '../../server';

/**
 * What an instance is booted with. Names and addresses may be tokens; programs and requirements may not. The server runs
 * in a container where its definition names an image.
 */
export interface UserDataInputs {
  readonly server: ServerDefinition;
  /** What the server may use of the instance's memory. */
  readonly memoryMiB: number;
  /** The shell command that installs Python, and Docker for a container: the only one that differs between operating systems. */
  readonly installPackages: string;
  /** The command of that Python. */
  readonly python: string;
  /** The text of `assets/ec2/boot.py`. */
  readonly bootProgram: string;
  /** The pinned packages that the boot itself needs. */
  readonly bootRequirements: string;
  /** The files that travel in the metadata of a resource, by their path. */
  readonly files: { readonly [path: string]: string };
  /** The logical id of that resource. */
  readonly filesResource: string;
  /** The logical id of the resource that waits for the signal. */
  readonly signalResource: string;
  readonly stackId: string;
  readonly region: string;
  readonly logGroupName: string;
  /** The Elastic IP to take over. */
  readonly allocationId?: string;
  /** How long the boot may take, all in all. */
  readonly bootSeconds: number;
}

/** The script that an instance runs once, at its first boot. */
export function userData(inputs: UserDataInputs): string {
  const { server } = inputs;
  const { python, boot, instance } = PATHS;
  const { unit, user, install } = server.imageUri === undefined ? inEnvironment(inputs) : inContainer(inputs);
  return [
    '#!/bin/bash',
    '# Installs the MLflow tracking server and starts it. Its programs travel in the metadata of the launch template.',
    'set -euo pipefail',
    'umask 022',
    '',
    // The only step that depends on the operating system.
    'install_packages() {',
    `  ${inputs.installPackages}`,
    '}',
    '',
    // The outcome of the boot is that of the deployment.
    'finish() {',
    '  status=$?',
    '  if [ "$status" -ne 0 ]; then echo "cdk-mlflow: the boot failed with status $status; the lines above say why"; fi',
    `  ${python} ${boot} signal "$status" || true`,
    // The last lines are still in transit to CloudWatch Logs.
    '  sleep 5',
    '}',
    'trap finish EXIT',
    '',
    'mkdir -p /opt/mlflow /etc/mlflow',
    writeFile(boot, inputs.bootProgram),
    writeFile('/opt/mlflow/boot.txt', inputs.bootRequirements),
    writeFile(PATHS.settings, JSON.stringify(settings(inputs), undefined, 1)),
    writeFile(PATHS.environment, environmentFile(server.environment)),
    writeFile(PATHS.serverUnit, unit),
    '',
    'install_packages',
    ...user,
    `${shellQuote(inputs.python)} -m venv /opt/mlflow/venv`,
    `${PIP} /opt/mlflow/boot.txt`,
    `${python} ${boot} files`,
    'systemctl restart systemd-journald',
    'systemctl daemon-reload',
    'systemctl enable --now mlflow-logs.service',
    ...install,
    ...(inputs.allocationId ? [`${python} ${instance} address`] : []),
    'systemctl enable mlflow.service',
    'systemctl start --no-block mlflow.service',
    `${python} ${boot} health "$((${inputs.bootSeconds} - SECONDS))"`,
    '',
  ].join('\n');
}

const PIP = `${PATHS.python} -m pip install --quiet --no-cache-dir --only-binary=:all: --require-hashes --requirement`;

/** What the unit is, and what it takes to install the server. */
interface Way {
  readonly unit: string;
  readonly user: string[];
  readonly install: string[];
}

function inEnvironment({ server, memoryMiB }: UserDataInputs): Way {
  return {
    unit: serverUnit(server, memoryMiB),
    user: [`useradd --system --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin ${SERVER_USER}`],
    install: [`${PIP} ${PATHS.requirements}`],
  };
}

function inContainer({ server, memoryMiB }: UserDataInputs): Way {
  return {
    unit: containerUnit(server, memoryMiB),
    user: [],
    install: [
      'systemctl enable docker.service',
      // Some distributions start it with its package, before its settings are there.
      'systemctl restart docker.service',
      `${PATHS.python} ${PATHS.image}`,
    ],
  };
}

/** What the programs on the instance are told; no secret, only where the secrets are. */
function settings(inputs: UserDataInputs): object {
  const { server } = inputs;
  return {
    region: inputs.region,
    stack: inputs.stackId,
    files: { resource: inputs.filesResource, sha256: digestOf(inputs.files) },
    signal: inputs.signalResource,
    health: `http://127.0.0.1:${server.port}${server.healthCheckPath}`,
    logGroup: inputs.logGroupName,
    ...(inputs.allocationId ? { address: inputs.allocationId } : {}),
    ...(server.imageUri === undefined ? {} : { image: imageOf(server) }),
    secrets: Object.fromEntries(
      Object.entries(server.secrets).map(([name, { secret, field }]) => [name, [secret.secretArn, field ?? null]]),
    ),
  };
}

/** Which image, and how its registry is asked for it. */
function imageOf({ imageUri, imageRepository, imageCredentials }: ServerDefinition): object {
  return {
    name: imageUri,
    ...(imageRepository ? { ecr: true } : {}),
    ...(imageCredentials ? { credentials: imageCredentials.secretArn } : {}),
  };
}

/** Ties an instance to its files: another content makes another user data, and so another instance. */
function digestOf(files: UserDataInputs['files']): string {
  const hash = createHash('sha256');
  for (const path of Object.keys(files).sort()) hash.update(`${path}\0${files[path]}\0`);
  return hash.digest('hex');
}
