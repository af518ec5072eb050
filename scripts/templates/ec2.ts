import { CfnResource, Size } from 'aws-cdk-lib';
import { AmazonLinux2023ImageSsmParameter, AmazonLinuxCpuType } from 'aws-cdk-lib/aws-ec2';
import { chooseDatabase } from './database-choice';
import { TemplateDefinition } from './definition';
import { chooseMachine } from './machine-choice';
import { CIDR_PATTERN, chooseNetwork } from './network-choice';
import { Ec2Compute, InstanceAddressEndpoint, MlflowTrackingServer } from '../../src';

export const EC2_TEMPLATE: TemplateDefinition = {
  name: 'ec2',
  title: 'MLflow on one Amazon EC2 instance with an Elastic IP address, with PostgreSQL on RDS and artifacts in S3',
  define: (stack, form) => {
    const network = chooseNetwork(stack, form, true);
    const allowedCidr = form.add('AllowedCidr', {
      group: 'Network',
      label: 'Allowed CIDR block',
      description:
        'The IPv4 CIDR block that can connect to the server over plain HTTP, such as 203.0.113.7/32 for a single ' +
        'address. To find your address, open https://checkip.amazonaws.com',
      allowedPattern: CIDR_PATTERN,
    });
    const { volumeSize, machineImage } = chooseMachine(form, {
      of: 'the instance',
      smallestGiB: 10,
      defaultGiB: 20,
      imageParameter: AmazonLinux2023ImageSsmParameter.ssmParameterName({ cpuType: AmazonLinuxCpuType.ARM_64 }),
      image: 'Amazon Linux 2023 for Graviton',
      replaced: 'the instance',
    });
    const database = chooseDatabase(form);

    const compute = new Ec2Compute({
      volumeSize: Size.gibibytes(volumeSize),
      machineImage,
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
