import { Aws, CfnResource, Size } from 'aws-cdk-lib';
import { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnCapacityProvider } from 'aws-cdk-lib/aws-ecs';
import { TemplateDefinition } from './definition';
import { defineOnEcs, TaskSize } from './ecs';
import { chooseMachine } from './machine-choice';
import { EcsOnEc2Compute } from '../../src';
import { instanceTypeFor } from '../../src/compute/ecs-on-ec2/instance-choice';

/** From https://docs.aws.amazon.com/AmazonECS/latest/developerguide/retrieve-ecs-optimized_AMI.html */
const NEWEST_IMAGE = '/aws/service/ecs/optimized-ami/amazon-linux-2023/arm64/recommended/image_id';

export const ECS_ON_EC2_TEMPLATE: TemplateDefinition = {
  name: 'ecs-on-ec2',
  title:
    'MLflow on Amazon ECS with EC2 instances behind an internal load balancer, with PostgreSQL on RDS and artifacts in S3',
  define: (stack, form) => {
    return defineOnEcs(stack, form, {
      columns: (size) => ({ InstanceType: instanceFor(size) }),
      describe: (size) => ` on ${instanceFor(size)}`,
      compute: (replicas) => {
        const { volumeSize, machineImage } = chooseMachine(form, {
          of: 'each instance',
          smallestGiB: 30,
          defaultGiB: 30,
          imageParameter: NEWEST_IMAGE,
          image: 'the Amazon ECS-optimized Amazon Linux 2023 AMI for Graviton',
          replaced: 'the instances one by one',
        });
        return new EcsOnEc2Compute({
          replicas,
          volumeSize: Size.gibibytes(volumeSize),
          machineImage,
          // The function that deletes a protected group with the stack has code that is an asset.
          managedTerminationProtection: false,
          _withoutGroupRemoval: true,
        });
      },
      taskDefinition: ({ taskDefinition }) => taskDefinition,
      complete: (compute, column) => {
        const group = compute.autoScalingGroup!.node.defaultChild as CfnResource;
        const defined = compute.autoScalingGroup!.node.scope!.node.findAll();
        // `instanceType` takes no token, because it is compared with the size of a task.
        defined
          .find(CfnLaunchTemplate.isCfnLaunchTemplate)!
          .addPropertyOverride('LaunchTemplateData.InstanceType', column('InstanceType'));
        // The default name contains the stack name, which is known only at deployment: two stacks would share it.
        defined.find(CfnCapacityProvider.isCfnCapacityProvider)!.name = `cp-${Aws.STACK_NAME}`;
        return [compute.service.node.findChild('Service') as CfnResource, group];
      },
    });
  },
};

/** The one that the library chooses. */
function instanceFor(size: TaskSize): string {
  return instanceTypeFor({}, size)!.toString();
}
