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
   * A tracking server that Amazon SageMaker manages, sized and billed by the hour. It brings its own database and
   * endpoint, and clients sign their requests with AWS credentials.
   */
  public static sageMakerTrackingServer(
    props: SageMakerTrackingServerComputeProps = {},
  ): SageMakerTrackingServerCompute {
    return new SageMakerTrackingServerCompute(props);
  }

  /**
   * A serverless MLflow App of Amazon SageMaker, without a size or a version to choose. It brings its own database and
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
   * Amazon EKS: a Deployment in a Kubernetes cluster that you have, or in a small one of the server's own.
   */
  public static eks(props: EksComputeProps): EksCompute {
    return new EksCompute(props);
  }

  private constructor() {}
}
