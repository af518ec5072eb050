import { ICluster } from 'aws-cdk-lib/aws-ecs';
import { autoScalingCapacity } from './auto-scaling-capacity';
import { CapacitySource } from './capacity-source';
import { EcsAutoScalingCapacityOptions, EcsExistingCapacityOptions } from './ecs-capacity-options';
import { existingCapacity } from './existing-capacity';

/**
 * The EC2 instances that the tasks of `Compute.ecsOnEc2()` run on.
 */
export class EcsCapacity {
  /**
   * Returns the capacity of an existing cluster. The server and the database are created in the VPC of the cluster, which
   * itself is not changed.
   *
   * @param cluster The cluster. It must have EC2 capacity.
   * @throws if the cluster has no EC2 capacity, or the capacity provider strategies are invalid
   */
  public static existing(cluster: ICluster, options: EcsExistingCapacityOptions = {}): EcsCapacity {
    return new EcsCapacity(existingCapacity(cluster, options));
  }

  /**
   * Returns the capacity of a new cluster, with an Auto Scaling group whose number of instances follows the number of
   * tasks.
   *
   * @throws if a value is not valid for the instances, or values are incompatible
   */
  public static autoScaling(options: EcsAutoScalingCapacityOptions = {}): EcsCapacity {
    return new EcsCapacity(autoScalingCapacity(options));
  }

  /** @param _source @internal */
  private constructor(
    /** @internal */
    public readonly _source: CapacitySource,
  ) {}
}
