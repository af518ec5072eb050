import {
  IMachineImage,
  InstanceArchitecture,
  InstanceType,
  MachineImage,
  AmazonLinuxCpuType,
} from 'aws-cdk-lib/aws-ec2';
import { Ec2ComputeProps } from './ec2-compute-props';
import { Ec2OperatingSystem } from './ec2-operating-system';
import { Profile } from '../../server';

/** What differs between operating systems. */
export interface OperatingSystemTraits {
  /** The shell command that installs Python; the names of more packages can follow it. */
  readonly installPackages: string;
  /** The package with Docker. */
  readonly dockerPackage: string;
  readonly pythonVersion: string;
  readonly rootDevice: string;
  newestImage(architecture: InstanceArchitecture): IMachineImage;
}

const TRAITS: Record<Ec2OperatingSystem, OperatingSystemTraits> = {
  [Ec2OperatingSystem.AMAZON_LINUX_2023]: {
    installPackages: 'dnf install --assumeyes --quiet python3.11',
    dockerPackage: 'docker',
    pythonVersion: '3.11',
    rootDevice: '/dev/xvda',
    newestImage: (architecture) =>
      MachineImage.latestAmazonLinux2023({
        cpuType: isArm(architecture) ? AmazonLinuxCpuType.ARM_64 : AmazonLinuxCpuType.X86_64,
      }),
  },
  [Ec2OperatingSystem.UBUNTU_24_04]: {
    installPackages:
      'apt-get update --quiet && DEBIAN_FRONTEND=noninteractive apt-get install --yes --quiet python3.12-venv',
    dockerPackage: 'docker.io',
    pythonVersion: '3.12',
    rootDevice: '/dev/sda1',
    // https://documentation.ubuntu.com/aws/aws-how-to/instances/find-ubuntu-images/
    newestImage: (architecture) =>
      MachineImage.fromSsmParameter(
        `/aws/service/canonical/ubuntu/server/24.04/stable/current/${isArm(architecture) ? 'arm64' : 'amd64'}/hvm/ebs-gp3/ami-id`,
      ),
  },
};

export function traitsOf({ operatingSystem }: Ec2ComputeProps): OperatingSystemTraits {
  return TRAITS[operatingSystem ?? Ec2OperatingSystem.AMAZON_LINUX_2023];
}

/** The smallest ones that the servers of the profile fit into. */
const DEFAULT_TYPES: Record<Profile, string> = {
  [Profile.DEVELOPMENT]: 't4g.micro',
  [Profile.PRODUCTION]: 't4g.small',
};

export function instanceTypeOf({ instanceType }: Ec2ComputeProps, profile: Profile): InstanceType {
  return instanceType ?? new InstanceType(DEFAULT_TYPES[profile]);
}

/** The processor as Python packages name it. */
export function processorOf(instanceType: InstanceType): string {
  return isArm(instanceType.architecture) ? 'aarch64' : 'x86_64';
}

/** The CPU architecture of the instances, which the profile does not change. */
export function architectureOf(props: Ec2ComputeProps): InstanceArchitecture {
  return instanceTypeOf(props, Profile.DEVELOPMENT).architecture;
}

function isArm(architecture: InstanceArchitecture): boolean {
  return architecture === InstanceArchitecture.ARM_64;
}
