import { FargateCompute } from './fargate-compute';
import { FargateComputeProps } from './fargate-compute-props';

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

  private constructor() {}
}
