import { Aws, Duration, Token } from 'aws-cdk-lib';
import { InstanceType } from 'aws-cdk-lib/aws-ec2';
import { ILogGroup } from 'aws-cdk-lib/aws-logs';
import { Ec2ComputeProps } from './ec2-compute-props';
import { processorOf, traitsOf } from './machine';
import { bootRequirements, testedRequirements } from './requirements';
import { engineSettings, variableNames } from './systemd-container';
import { journalLimits, logsUnit, PATHS } from './systemd-unit';
import { userData } from './user-data';
import { readAsset } from '../../private/assets';
import { ServerBindOptions } from '../self-hosted';

/** CloudFormation waits for a little longer than the instance, so that the instance's own failure is the one reported. */
const SIGNAL_RESERVE_SECONDS = 120;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
const USER_DATA_BYTES = 16384;

/** What a value takes that is known only at deployment: most are names, one may be a certificate. */
const TOKEN_BYTES = 100;
const CERTIFICATE_BYTES = 1600;
/** The longest name of an image in ECR, where the repository's own name is an ordinary one. */
const IMAGE_BYTES = 250;

/** The files that travel in the template's metadata: too long for user data, and the same for every server. */
export function instanceFiles(
  props: Ec2ComputeProps,
  instanceType: InstanceType,
  options: ServerBindOptions,
): Record<string, string> {
  const server = options.server;
  return {
    [PATHS.instance]: readAsset('ec2', 'instance.py'),
    [PATHS.program]: server.program,
    ...(server.imageUri === undefined
      ? { [PATHS.requirements]: requirementsOf(props, instanceType) }
      : {
          [PATHS.image]: readAsset('ec2', 'image.py'),
          [PATHS.engineSettings]: engineSettings(),
          [PATHS.variables]: variableNames(server),
        }),
    [PATHS.logsUnit]: logsUnit(),
    [PATHS.journal]: journalLimits(),
  };
}

export interface InstanceNames {
  readonly filesResource: string;
  readonly signalResource: string;
  readonly logGroup: ILogGroup;
}

/** The script of the first boot. */
export function instanceUserData(
  props: Ec2ComputeProps,
  instanceType: InstanceType,
  options: ServerBindOptions,
  names: InstanceNames,
): string {
  const { installPackages, dockerPackage, pythonVersion } = traitsOf(props);
  const server = options.server;
  const inContainer = server.imageUri !== undefined;
  const text = userData({
    server,
    memoryMiB: options.size.memory.toMebibytes(),
    installPackages: inContainer ? `${installPackages} ${dockerPackage}` : installPackages,
    python: `python${pythonVersion}`,
    bootProgram: readAsset('ec2', 'boot.py'),
    bootRequirements: bootRequirements(requirementsOf(props, instanceType)),
    files: instanceFiles(props, instanceType, options),
    filesResource: names.filesResource,
    signalResource: names.signalResource,
    stackId: Aws.STACK_ID,
    region: Aws.REGION,
    logGroupName: names.logGroup.logGroupName,
    allocationId: options.endpoint.elasticIpAllocationId,
    bootSeconds: bootTimeout(props).toSeconds() - SIGNAL_RESERVE_SECONDS,
  });
  requireRoom(text, server.imageUri);
  return text;
}

export function bootTimeout({ bootTimeout: given }: Ec2ComputeProps): Duration {
  return given ?? Duration.minutes(20);
}

function requirementsOf(props: Ec2ComputeProps, instanceType: InstanceType): string {
  return props.requirements ?? testedRequirements(traitsOf(props).pythonVersion, processorOf(instanceType));
}

function requireRoom(text: string, imageUri: string | undefined): void {
  const tokens = text.match(/\$\{Token\[[^\]]*\]\}/g) ?? [];
  const literal = Buffer.byteLength(text.replace(/\$\{Token\[[^\]]*\]\}/g, ''));
  const values = tokens.reduce((sum, token) => sum + (token === imageUri ? IMAGE_BYTES : TOKEN_BYTES), 0);
  const estimate = literal + values + (Token.isUnresolved(text) ? CERTIFICATE_BYTES : 0);
  if (estimate > USER_DATA_BYTES) {
    throw new Error(
      `the user data of Compute.ec2() takes about ${estimate} bytes, and EC2 accepts ${USER_DATA_BYTES}; ` +
        "shorten 'server.environment' or 'server.extraArguments'",
    );
  }
}
