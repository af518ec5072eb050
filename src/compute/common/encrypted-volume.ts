import { Size } from 'aws-cdk-lib';
import { BlockDeviceVolume, EbsDeviceVolumeType } from 'aws-cdk-lib/aws-ec2';

/** The disk of an instance. */
export function encryptedVolume(size: Size): BlockDeviceVolume {
  return BlockDeviceVolume.ebs(size.toGibibytes(), { encrypted: true, volumeType: EbsDeviceVolumeType.GP3 });
}
