import { CfnResource, Size } from 'aws-cdk-lib';
import {
  AmazonLinux2023ImageSsmParameter,
  AmazonLinuxCpuType,
  IMachineImage,
  OperatingSystemType,
  UserData,
} from 'aws-cdk-lib/aws-ec2';
import { chooseDatabase } from './database-choice';
import { TemplateDefinition } from './definition';
import { CIDR_PATTERN, chooseNetwork } from './network-choice';
import { Ec2Compute, InstanceAddressEndpoint, MlflowTrackingServer } from '../../src';

const SERVER = 'Server';

export const EC2_TEMPLATE: TemplateDefinition = {
  name: 'ec2',
  title: 'MLflow on one Amazon EC2 instance with an address of its own, with PostgreSQL on RDS and artifacts in S3',
  define: (stack, form) => {
    const network = chooseNetwork(stack, form, true);
    const allowedCidr = form.add('AllowedCidr', {
      group: 'Network',
      label: 'Who may connect',
      description:
        'The block of IPv4 addresses that may connect to the server over plain HTTP, such as 203.0.113.7/32 for one ' +
        'address. https://checkip.amazonaws.com tells yours',
      allowedPattern: CIDR_PATTERN,
    });
    const volumeSize = form.add('VolumeSizeGiB', {
      group: SERVER,
      label: 'Disk',
      description: 'The disk of the instance in GiB. An upload is kept there while it is on its way to Amazon S3',
      type: 'Number',
      default: 20,
      minValue: 10,
      maxValue: 16384,
    });
    const image = form.add('ImageParameter', {
      group: SERVER,
      label: 'Machine image',
      description:
        'The name of the Systems Manager parameter with the ID of the machine image: Amazon Linux 2023 for Graviton. ' +
        'A newer image replaces the instance when the stack is updated',
      type: 'AWS::SSM::Parameter::Value<AWS::EC2::Image::Id>',
      default: AmazonLinux2023ImageSsmParameter.ssmParameterName({ cpuType: AmazonLinuxCpuType.ARM_64 }),
    });
    const database = chooseDatabase(form);

    const compute = new Ec2Compute({
      volumeSize: Size.gibibytes(volumeSize.valueAsNumber),
      machineImage: machineImage(image.valueAsString),
    });
    const endpoint = new InstanceAddressEndpoint({ allowedCidrs: [allowedCidr.valueAsString] });
    const server = new MlflowTrackingServer(stack, 'Mlflow', {
      compute,
      endpoint,
      vpc: network.vpc,
      backendStore: database.store,
    });
    database.complete();
    network.holdBack(endpoint.elasticIp, compute.autoScalingGroup.node.defaultChild as CfnResource);
    return server;
  },
};

/** The AWS CDK's own would bring a parameter of its own, under a name that nobody could fill in. */
function machineImage(imageId: string): IMachineImage {
  return { getImage: () => ({ imageId, osType: OperatingSystemType.LINUX, userData: UserData.forLinux() }) };
}
