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
import { TOKENS } from '../../private/tokens';
import { ServerBindOptions } from '../self-hosted';

/** CloudFormation waits longer than the instance, so that it reports the failure of the instance and not a timeout. */
const SIGNAL_RESERVE_SECONDS = 120;

/** https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/user-data.html */
const USER_DATA_BYTES = 16384;

/** Estimates for values that are known only at deployment: most are names, one may be a certificate. */
const TOKEN_BYTES = 100;
const CERTIFICATE_BYTES = 1600;
/** An estimate for the URI of an image in Amazon ECR. */
const IMAGE_BYTES = 250;

/** The files in the metadata of the template, which are too long for user data. */
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
  validateUserDataLength(text, server.imageUri);
  return text;
}

export function bootTimeout({ bootTimeout: timeout }: Ec2ComputeProps): Duration {
  return timeout ?? Duration.minutes(20);
}

function requirementsOf(props: Ec2ComputeProps, instanceType: InstanceType): string {
  return props.requirements ?? testedRequirements(traitsOf(props).pythonVersion, processorOf(instanceType));
}

function validateUserDataLength(text: string, imageUri: string | undefined): void {
  const bytes = text.split(TOKENS).map((part) => {
    if (!Token.isUnresolved(part)) return Buffer.byteLength(part);
    return part === imageUri ? IMAGE_BYTES : TOKEN_BYTES;
  });
  const certificate = Token.isUnresolved(text) ? CERTIFICATE_BYTES : 0;
  const estimate = bytes.reduce((sum, each) => sum + each, certificate);
  if (estimate > USER_DATA_BYTES) {
    throw new Error(
      `the user data of Compute.ec2() has about ${estimate} bytes, and Amazon EC2 accepts ${USER_DATA_BYTES}; ` +
        "shorten 'server.environment' or 'server.extraArguments'",
    );
  }
}
