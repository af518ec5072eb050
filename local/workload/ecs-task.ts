import { DeployedResource, DeployedStack } from '../emulator/deployed-stack';
import { LocalRunFailure } from '../failure';
import { inStartOrder } from './ecs-start-order';
import { parseSecretReference } from './secret-reference';
import { HealthCheck, Workload, WorkloadProcess } from './workload';

/** ECS's own default. */
const DEFAULT_STOP_TIMEOUT_SECONDS = 30;

/**
 * Of AWS Fargate. On Amazon EC2, agents tell no region before that of April 2026.
 *
 * @see https://github.com/aws/amazon-ecs-agent/pull/4946
 */
const REGION_VARIABLES = ['AWS_REGION', 'AWS_DEFAULT_REGION'];

/** Reads the one ECS service of the stack, with its task definition and its target group. */
export function ecsTask(stack: DeployedStack): Workload {
  const service = stack.only('AWS::ECS::Service');
  const task = stack.byPhysicalId(service.properties.TaskDefinition);
  if (!task) throw new LocalRunFailure(`the service ${service.logicalId} has no task definition of this stack`);
  const containers: any[] = inStartOrder(task.properties.ContainerDefinitions);
  return {
    kind: 'ECS task',
    service: 'ecs-tasks.amazonaws.com',
    processes: containers.map((container) => processOf(container, task)),
    healthCheck: healthCheckOf(stack, service, containers[containers.length - 1]),
    regionVariables: [task.properties.RequiresCompatibilities].flat().includes('FARGATE') ? REGION_VARIABLES : [],
    deviations: containers.map(deviationOf),
  };
}

function deviationOf({ Name, Image, User, ReadonlyRootFilesystem }: any): string {
  const lost = [
    `image ${Image}`,
    ...(User ? [`user ${User}`] : []),
    ...(ReadonlyRootFilesystem ? ['read-only root'] : []),
  ];
  return `container ${Name}: a process of this machine, without ${lost.join(', ')}`;
}

function processOf(container: any, task: DeployedResource): WorkloadProcess {
  const entry = [...(container.EntryPoint ?? []), ...(container.Command ?? [])];
  if (!entry.length) {
    throw new LocalRunFailure(`the container ${container.Name} has neither an entry point nor a command`);
  }
  const { ExecutionRoleArn, TaskRoleArn } = task.properties;
  if (!ExecutionRoleArn || !TaskRoleArn) throw new LocalRunFailure(`the task ${task.logicalId} lacks a role`);
  const environment: any[] = container.Environment ?? [];
  const secrets: any[] = container.Secrets ?? [];
  return {
    name: container.Name,
    argv: entry.map(String),
    environment: Object.fromEntries(environment.map(({ Name, Value }) => [Name, `${Value}`])),
    secrets: secrets.map(({ Name, ValueFrom }) => parseSecretReference(Name, ValueFrom)),
    secretsRoleArn: ExecutionRoleArn,
    roleArn: TaskRoleArn,
    scratchPaths: (container.MountPoints ?? []).filter((m: any) => !m.ReadOnly).map((m: any) => m.ContainerPath),
    stopTimeoutSeconds: Number(container.StopTimeout ?? DEFAULT_STOP_TIMEOUT_SECONDS),
  };
}

/** The load balancer, the service and the container must speak of the same port. */
function healthCheckOf(stack: DeployedStack, service: DeployedResource, server: any): HealthCheck {
  const attachments: any[] = service.properties.LoadBalancers ?? [];
  if (attachments.length !== 1) {
    throw new LocalRunFailure(`the service has ${attachments.length} target groups, expected one`);
  }
  const [{ ContainerName, ContainerPort, TargetGroupArn }] = attachments;
  const group = stack.byPhysicalId(TargetGroupArn)?.properties;
  if (!group) throw new LocalRunFailure('the service is attached to no target group of this stack');
  const mapped: number[] = (server.PortMappings ?? []).map((mapping: any) => Number(mapping.ContainerPort));
  const port = Number(ContainerPort);
  if (ContainerName !== server.Name) {
    throw new LocalRunFailure(
      `the target group is attached to the container ${ContainerName}, the server is ${server.Name}`,
    );
  }
  if (!mapped.includes(port)) {
    throw new LocalRunFailure(`the container ${server.Name} maps the ports ${mapped}, the service uses ${port}`);
  }
  const checked = group.HealthCheckPort ?? 'traffic-port';
  if (checked !== 'traffic-port' && Number(checked) !== port) {
    throw new LocalRunFailure(`the health check goes to port ${checked}, the server has ${port}`);
  }
  return { path: group.HealthCheckPath ?? '/', healthyStatus: `${group.Matcher?.HttpCode ?? '200'}`, port };
}
