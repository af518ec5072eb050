import { Schedule } from 'aws-cdk-lib/aws-applicationautoscaling';
import { BaseService, ScalableTaskCount } from 'aws-cdk-lib/aws-ecs';
import { EcsComputeProps } from './ecs-compute-props';
import { WorkingHours } from '../common/working-hours';
import { ServerBindOptions } from '../self-hosted';

const CPU_TARGET = 60;

/** Whether the number of tasks is set outside the template. */
export function isScaled({ scaling, workingHours }: EcsComputeProps): boolean {
  return scaling !== undefined || workingHours !== undefined;
}

/** Sets the number of tasks by the load and the working hours. */
export function defineScaling(service: BaseService, props: EcsComputeProps, options: ServerBindOptions): void {
  const { scaling, workingHours } = props;
  const { targetGroup } = options.endpoint;
  const maxCapacity = options.size.replicas;
  const minCapacity = scaling ? (scaling.minReplicas ?? 1) : maxCapacity;
  const count = service.autoScaleTaskCount({ minCapacity, maxCapacity });
  if (workingHours) followHours(count, workingHours, { minCapacity, maxCapacity });
  if (!scaling) return;
  const { requestsPerTarget, cpuUtilizationPercent = requestsPerTarget === undefined ? CPU_TARGET : undefined } =
    scaling;
  if (cpuUtilizationPercent !== undefined) {
    count.scaleOnCpuUtilization('Cpu', { targetUtilizationPercent: cpuUtilizationPercent });
  }
  if (requestsPerTarget !== undefined && targetGroup) {
    count.scaleOnRequestCount('Requests', { requestsPerTarget, targetGroup });
  }
}

function followHours(
  count: ScalableTaskCount,
  { start, stop }: WorkingHours,
  capacity: { readonly minCapacity: number; readonly maxCapacity: number },
): void {
  const at = ({ expressionString, timeZone }: WorkingHours['start']) => ({
    schedule: Schedule.expression(expressionString),
    timeZone,
  });
  count.scaleOnSchedule('Start', { ...at(start), ...capacity });
  count.scaleOnSchedule('Stop', { ...at(stop), minCapacity: 0, maxCapacity: 0 });
}
