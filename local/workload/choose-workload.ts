import { DeployedStack } from '../emulator/deployed-stack';
import { LocalRunFailure } from '../failure';
import { ec2Instance } from './ec2-instance';
import { ecsTask } from './ecs-task';
import { kubernetesPod } from './kubernetes-pod';
import { Workload } from './workload';

/** Who reads what runs, by the type of resource that runs it. */
const READERS: Record<string, (stack: DeployedStack) => Workload> = {
  'AWS::ECS::Service': ecsTask,
  'AWS::AutoScaling::AutoScalingGroup': ec2Instance,
  'Custom::AWSCDK-EKS-KubernetesResource': kubernetesPod,
};

export function workloadOf(stack: DeployedStack): Workload {
  const type = Object.keys(READERS).find((candidate) => stack.all(candidate).length > 0);
  if (!type) throw new LocalRunFailure(`the template runs nothing that the local run knows: ${Object.keys(READERS)}`);
  return READERS[type](stack);
}
