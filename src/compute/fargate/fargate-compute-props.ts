import { Size } from 'aws-cdk-lib';
import { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { ContainerInsights, CpuArchitecture, ICluster } from 'aws-cdk-lib/aws-ecs';
import { EcsComputeProps } from '../ecs/ecs-compute-props';

/**
 * Properties of a server on AWS Fargate.
 */
export interface FargateComputeProps extends EcsComputeProps {
  /**
   * The CPU of each task, in CPU units. 1 vCPU is 1024 units. Fargate supports certain combinations with
   * `memoryLimitMiB`.
   *
   * @default - 512 in the development profile, 1024 in the production profile
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
   */
  readonly cpu?: number;

  /**
   * The CPU architecture of the tasks. The image must support it.
   *
   * @default CpuArchitecture.ARM64
   */
  readonly cpuArchitecture?: CpuArchitecture;

  /**
   * The ephemeral storage of each task, from 21 to 200 GiB. The server buffers each upload on this disk before it sends
   * it to Amazon S3. Allow for the largest artifact times the number of concurrent uploads.
   *
   * @default - 20 GiB, which is included in the price of Fargate
   */
  readonly ephemeralStorage?: Size;

  /**
   * An existing cluster for the tasks. The server and the database are then created in its VPC.
   *
   * @default - a new cluster
   */
  readonly cluster?: ICluster;

  /**
   * The Container Insights of a new cluster. You cannot combine it with `cluster`.
   *
   * @default - ContainerInsights.DISABLED in the development profile, ContainerInsights.ENABLED in the production profile
   */
  readonly containerInsights?: ContainerInsights;

  /**
   * Whether the tasks run on Fargate Spot: spare capacity at a discount of up to 70 percent, which AWS interrupts with a
   * warning of two minutes, and which is sometimes unavailable. During the warning the server finishes open requests;
   * MLflow clients retry until another task responds. An existing cluster must have the capacity provider `FARGATE_SPOT`.
   *
   * Updates stop the old tasks before they start the new ones. If there is no spare capacity at that moment, the server
   * is unavailable until there is.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
   */
  readonly spot?: boolean;

  /**
   * The subnets of the tasks.
   *
   * @default - public subnets with `assignPublicIp`; otherwise private subnets with internet access or, if the VPC has
   * none, isolated subnets
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Whether each task has a public IP address, through which it gets its image and secrets without a NAT gateway. Only
   * the load balancer can connect to it. A VPC that the construct creates then has no NAT gateways.
   *
   * @default false
   */
  readonly assignPublicIp?: boolean;
}
