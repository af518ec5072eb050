import { createHash } from 'crypto';
import { shellQuote, writeFile } from './shell-quote';
import { containerProcess } from './systemd-container';
import { environmentFile } from './systemd-quote';
import { PATHS, SERVER_USER, ServerProcess, serverUnit, virtualEnvironmentProcess } from './systemd-unit';
import { ServerDefinition } from '../../server';
import { secretReferences } from '../common/secrets';

/**
 * The inputs of the user data. Names and addresses can be tokens, programs and requirements cannot. The server runs in a
 * container if its definition has an image.
 */
export interface UserDataInputs {
  readonly server: ServerDefinition;
  /** The memory of the instance that the server can use. */
  readonly memoryMiB: number;
  /** The shell command that installs Python and, for a container, Docker. The only one that depends on the operating system. */
  readonly installPackages: string;
  /** The command of this Python. */
  readonly python: string;
  /** The text of `assets/ec2/boot.py`. */
  readonly bootProgram: string;
  /** The pinned packages that the boot itself needs. */
  readonly bootRequirements: string;
  /** The files in the metadata of a resource, by their path. */
  readonly files: { readonly [path: string]: string };
  /** The logical id of that resource. */
  readonly filesResource: string;
  /** The logical id of the resource that waits for the signal. */
  readonly signalResource: string;
  readonly stackId: string;
  readonly region: string;
  readonly logGroupName: string;
  /** The Elastic IP address to associate. */
  readonly allocationId?: string;
  /** The maximum duration of the boot. */
  readonly bootSeconds: number;
}

/** The script that an instance runs once, at its first boot. */
export function userData(inputs: UserDataInputs): string {
  const { server } = inputs;
  const { python, boot, instance } = PATHS;
  const { serverProcess, user, install } = installMethodOf(inputs);
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
    // The result of the boot is the result of the deployment.
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
    writeFile(PATHS.serverUnit, serverUnit(server, serverProcess)),
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

/** How the server is run, and the commands that install it. */
interface InstallMethod {
  readonly serverProcess: ServerProcess;
  readonly user: string[];
  readonly install: string[];
}

function installMethodOf({ server, memoryMiB }: UserDataInputs): InstallMethod {
  if (server.imageUri === undefined) {
    return {
      serverProcess: virtualEnvironmentProcess(server, memoryMiB),
      user: [`useradd --system --home-dir /nonexistent --no-create-home --shell /usr/sbin/nologin ${SERVER_USER}`],
      install: [`${PIP} ${PATHS.requirements}`],
    };
  }
  return {
    serverProcess: containerProcess(server, server.imageUri, memoryMiB),
    user: [],
    install: [
      'systemctl enable docker.service',
      // Some distributions start it when they install its package, before its settings exist.
      'systemctl restart docker.service',
      `${PATHS.python} ${PATHS.image}`,
    ],
  };
}

/** The settings of the programs on the instance. They contain the ARNs of the secrets, and no secret value. */
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
    secrets: secretReferences(server),
  };
}

/** The image, and the credentials of its registry. */
function imageOf({ imageUri, imageRepository, imageCredentials }: ServerDefinition): object {
  return {
    name: imageUri,
    ...(imageRepository ? { ecr: true } : {}),
    ...(imageCredentials ? { credentials: imageCredentials.secretArn } : {}),
  };
}

/** Changes the user data, and so replaces the instance, whenever the content of a file changes. */
function digestOf(files: UserDataInputs['files']): string {
  const hash = createHash('sha256');
  for (const path of Object.keys(files).sort()) hash.update(`${path}\0${files[path]}\0`);
  return hash.digest('hex');
}
