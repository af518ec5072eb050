import { Size } from 'aws-cdk-lib';
import { CpuArchitecture, ICluster } from 'aws-cdk-lib/aws-ecs';

/**
 * Settings of a server on AWS Fargate.
 */
export interface FargateComputeProps {
  /**
   * The CPU of each task, in CPU units: 1024 are one vCPU.
   *
   * @default - 512 in the development profile, 1024 in the production profile
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
   */
  readonly cpu?: number;

  /**
   * The memory of each task, in MiB. At least 1024.
   *
   * @default - 1024 in the development profile, 2048 in the production profile
   */
  readonly memoryLimitMiB?: number;

  /**
   * The processor architecture. The image must support it.
   *
   * @default CpuArchitecture.ARM64
   */
  readonly cpuArchitecture?: CpuArchitecture;

  /**
   * The number of tasks.
   *
   * @default - 1 in the development profile, 2 in the production profile
   */
  readonly replicas?: number;

  /**
   * The disk of each task, from 21 to 200 GiB. An upload is kept there, whole, while it is on its way to the artifact
   * store: plan for the largest artifact times the uploads at the same time.
   *
   * @default - 20 GiB, which Fargate includes in its price
   */
  readonly ephemeralStorage?: Size;

  /**
   * The cluster to run in. The server then lives in the cluster's VPC.
   *
   * @default - a cluster of its own
   */
  readonly cluster?: ICluster;
}
