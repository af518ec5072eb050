/**
 * The shell command that forwards a port of a person's machine to the server, through Session Manager.
 *
 * @param target Shell text that becomes the session's target; it stands in double quotes.
 */
export function connectCommand(region: string, port: number, target: string): string {
  return (
    `aws ssm start-session --region ${region} --document-name AWS-StartPortForwardingSession ` +
    `--parameters portNumber=${port},localPortNumber=${port} --target "${target}"`
  );
}

/** The same for a task of Amazon ECS: its id and that of its container are known to ECS only. */
export function ecsConnectCommand(region: string, port: number, clusterName: string, serviceName: string): string {
  const ecs = (action: string) => `aws ecs ${action} --region ${region} --cluster ${clusterName} --output text`;
  const container = "tasks[0].containers[?name=='server']|[0].runtimeId";
  return (
    `task=$(${ecs('list-tasks')} --service-name ${serviceName} --query 'taskArns[0]') && ` +
    connectCommand(
      region,
      port,
      `ecs:${clusterName}_$(basename "$task")_$(${ecs('describe-tasks')} --tasks "$task" --query "${container}")`,
    )
  );
}

/** The same for an instance of an Auto Scaling group, which knows the ids of its instances. */
export function groupConnectCommand(region: string, port: number, groupName: string): string {
  const query = 'AutoScalingGroups[0].Instances[?LifecycleState==`InService`]|[0].InstanceId';
  return connectCommand(
    region,
    port,
    `$(aws autoscaling describe-auto-scaling-groups --region ${region} --auto-scaling-group-names ${groupName} ` +
      `--output text --query '${query}')`,
  );
}
