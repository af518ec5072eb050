import { Ec2Compute } from './ec2/ec2-compute';
import { Ec2ComputeProps } from './ec2/ec2-compute-props';
import { EcsOnEc2Compute } from './ecs-on-ec2/ecs-on-ec2-compute';
import { EcsOnEc2ComputeProps } from './ecs-on-ec2/ecs-on-ec2-compute-props';
import { EksCompute } from './eks/eks-compute';
import { EksComputeProps } from './eks/eks-compute-props';
import { FargateCompute } from './fargate/fargate-compute';
import { FargateComputeProps } from './fargate/fargate-compute-props';
import { SageMakerMlflowAppCompute } from './sage-maker/sage-maker-mlflow-app-compute';
import { SageMakerMlflowAppComputeProps } from './sage-maker/sage-maker-mlflow-app-compute-props';
import { SageMakerTrackingServerCompute } from './sage-maker/sage-maker-tracking-server-compute';
import { SageMakerTrackingServerComputeProps } from './sage-maker/sage-maker-tracking-server-compute-props';

/**
 * Where the MLflow server runs.
 */
export class Compute {
  /**
   * Returns a compute on Amazon ECS with AWS Fargate: containers without instances to manage.
   */
  public static fargate(props: FargateComputeProps = {}): FargateCompute {
    return new FargateCompute(props);
  }

  /**
   * Returns a tracking server that Amazon SageMaker manages, with a size and an hourly price. It includes a database and an
   * endpoint, and clients sign their requests with AWS credentials.
   */
  public static sageMakerTrackingServer(
    props: SageMakerTrackingServerComputeProps = {},
  ): SageMakerTrackingServerCompute {
    return new SageMakerTrackingServerCompute(props);
  }

  /**
   * Returns a serverless MLflow App of Amazon SageMaker, without a size or version to choose. It includes a database and an
   * endpoint, and clients sign their requests with AWS credentials.
   */
  public static sageMakerMlflowApp(props: SageMakerMlflowAppComputeProps = {}): SageMakerMlflowAppCompute {
    return new SageMakerMlflowAppCompute(props);
  }

  /**
   * Returns a compute on Amazon EC2: an instance with the server as a systemd unit, the cheapest option for one team. An
   * Auto Scaling group replaces an instance that fails.
   */
  public static ec2(props: Ec2ComputeProps = {}): Ec2Compute {
    return new Ec2Compute(props);
  }

  /**
   * Returns a compute on Amazon ECS with EC2 instances: those of an existing cluster, or of a new cluster whose instances
   * scale with its tasks.
   */
  public static ecsOnEc2(props: EcsOnEc2ComputeProps = {}): EcsOnEc2Compute {
    return new EcsOnEc2Compute(props);
  }

  /**
   * Returns a compute on Amazon EKS: a Deployment in an existing cluster, or in a new cluster with EKS Auto Mode.
   */
  public static eks(props: EksComputeProps): EksCompute {
    return new EksCompute(props);
  }

  private constructor() {}
}
