import { Size } from 'aws-cdk-lib';
import { SubnetSelection } from 'aws-cdk-lib/aws-ec2';
import { CpuArchitecture, ICluster } from 'aws-cdk-lib/aws-ecs';
import { IManagedPolicy } from 'aws-cdk-lib/aws-iam';
import { EcsComputeProps } from '../ecs/ecs-compute-props';

/**
 * Settings of a server on AWS Fargate.
 */
export interface FargateComputeProps extends EcsComputeProps {
  /**
   * The CPU of each task, in CPU units: 1024 are one vCPU.
   *
   * @default - 512 in the development profile, 1024 in the production profile
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
   */
  readonly cpu?: number;

  /**
   * The processor architecture. The image must support it.
   *
   * @default CpuArchitecture.ARM64
   */
  readonly cpuArchitecture?: CpuArchitecture;

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

  /**
   * Whether the tasks run on Fargate Spot: spare capacity for up to 70 percent less, which AWS takes back with two
   * minutes' notice, and at times does not have. The server uses the notice to finish open requests; clients of MLflow
   * retry until another task answers. A given cluster must have the capacity provider `FARGATE_SPOT`.
   *
   * Updates stop the old tasks before they start the new ones: without spare capacity at that moment, the server is
   * down until there is some.
   *
   * @default false
   * @see https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-capacity-providers.html
   */
  readonly spot?: boolean;

  /**
   * The upper limit of what the roles of the tasks may be granted.
   *
   * @default - none
   */
  readonly permissionsBoundary?: IManagedPolicy;

  /**
   * The subnets of the tasks.
   *
   * @default - public subnets with `assignPublicIp`; otherwise private ones with a way out or, where the VPC has none,
   * isolated ones
   */
  readonly vpcSubnets?: SubnetSelection;

  /**
   * Whether each task has a public address, by which it reaches its image and its secrets without a NAT gateway. Nobody
   * can connect to it but the load balancer. A VPC that the library defines then has no NAT gateways.
   *
   * @default false
   */
  readonly assignPublicIp?: boolean;
}
