import { IMachineImage, OperatingSystemType, UserData } from 'aws-cdk-lib/aws-ec2';
import { ParameterForm } from './parameter-form';

const GROUP = 'Server';

/** The texts and values of the instances. */
export interface MachineText {
  /** Whose disk it is. */
  readonly of: string;
  readonly smallestGiB: number;
  readonly defaultGiB: number;
  /** The name of AWS's own parameter in Systems Manager. */
  readonly imageParameter: string;
  readonly image: string;
  /** What a newer image replaces. */
  readonly replaced: string;
}

export interface MachineChoice {
  /** In GiB. */
  readonly volumeSize: number;
  readonly machineImage: IMachineImage;
}

/** The disk and the image of each instance. */
export function chooseMachine(form: ParameterForm, text: MachineText): MachineChoice {
  const volumeSize = form.add('VolumeSizeGiB', {
    group: GROUP,
    label: 'Disk',
    description: `The size of the disk of ${text.of}, in GiB. The server buffers uploads on it before it sends them to Amazon S3`,
    type: 'Number',
    default: text.defaultGiB,
    minValue: text.smallestGiB,
    maxValue: 16384,
  });
  const image = form.add('ImageParameter', {
    group: GROUP,
    label: 'Machine image',
    description:
      `The name of the Systems Manager public parameter with the AMI ID: ${text.image}. ` +
      `If a newer AMI is available, a stack update replaces ${text.replaced}`,
    type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>',
    default: text.imageParameter,
  });
  return { volumeSize: volumeSize.valueAsNumber, machineImage: machineImage(image.valueAsString) };
}

/** The AWS CDK's own machine images add a parameter with a generated name. */
function machineImage(imageId: string): IMachineImage {
  return { getImage: () => ({ imageId, osType: OperatingSystemType.LINUX, userData: UserData.forLinux() }) };
}
