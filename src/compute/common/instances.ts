import { Size } from 'aws-cdk-lib';
import { BlockDeviceVolume, EbsDeviceVolumeType } from 'aws-cdk-lib/aws-ec2';

/**
 * The actions that Session Manager requires on an instance. They do not support resource-level permissions. The managed
 * policy `AmazonSSMManagedInstanceCore` would also allow reading every parameter of the account.
 *
 * @see https://docs.aws.amazon.com/systems-manager/latest/userguide/getting-started-add-permissions-to-existing-profile.html
 */
export const SESSION_ACTIONS = [
  'ssm:UpdateInstanceInformation',
  'ssmmessages:CreateControlChannel',
  'ssmmessages:CreateDataChannel',
  'ssmmessages:OpenControlChannel',
  'ssmmessages:OpenDataChannel',
];

/** The disk of an instance. */
export function encryptedVolume(size: Size): BlockDeviceVolume {
  return BlockDeviceVolume.ebs(size.toGibibytes(), { encrypted: true, volumeType: EbsDeviceVolumeType.GP3 });
}
