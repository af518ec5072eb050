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
   * Amazon ECS on AWS Fargate: containers without machines to look after.
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
   * Amazon EC2: an instance with the server as a systemd unit, the cheapest place for one team. An Auto Scaling group
   * replaces an instance that fails.
   */
  public static ec2(props: Ec2ComputeProps = {}): Ec2Compute {
    return new Ec2Compute(props);
  }

  /**
   * Amazon ECS on EC2 instances: those of a cluster that you have, or of a cluster of the server's own, whose instances
   * follow its tasks.
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
