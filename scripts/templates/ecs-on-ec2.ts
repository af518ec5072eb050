import { Aws, CfnResource, Size } from 'aws-cdk-lib';
import { CfnLaunchTemplate } from 'aws-cdk-lib/aws-ec2';
import { CfnCapacityProvider } from 'aws-cdk-lib/aws-ecs';
import { TemplateDefinition } from './definition';
import { defineOnEcs, TaskSize } from './ecs';
import { chooseMachine } from './machine-choice';
import { EcsOnEc2Compute } from '../../src';
import { instanceTypeFor } from '../../src/compute/ecs-on-ec2-instances';

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
          image: 'Amazon Linux 2023 for Graviton with the agent of Amazon ECS',
          replaced: 'the instances, one after the other,',
        });
        return new EcsOnEc2Compute({
          replicas,
          volumeSize: Size.gibibytes(volumeSize),
          machineImage,
          // What would delete a protected group with the stack is a function whose code is an asset.
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
        // The library's name holds that of the stack, which is known at deployment only: two stacks would share it.
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
