import { RemovalPolicy } from 'aws-cdk-lib';
import { IManagedPolicy, IRole } from 'aws-cdk-lib/aws-iam';
import { SageMakerClientVpcOptions } from './client-vpc-options';
import { SageMakerMaintenanceWindow } from './maintenance-window';

/**
 * Properties of both managed MLflow services of Amazon SageMaker.
 */
export interface SageMakerComputeProps {
  /**
   * Whether models that are registered in MLflow are also registered in the SageMaker Model Registry.
   *
   * @default false
   */
  readonly automaticModelRegistration?: boolean;

  /**
   * The start of the weekly maintenance window.
   *
   * @default - SageMaker chooses the window
   */
  readonly maintenanceWindow?: SageMakerMaintenanceWindow;

  /**
   * The IAM role that the service assumes. It must trust `sagemaker.amazonaws.com`. It is granted permissions on the
   * artifact bucket and, with `automaticModelRegistration`, permissions to register models.
   *
   * Changing this property replaces the server, and the new one is empty.
   *
   * @default - a new role
   */
  readonly role?: IRole;

  /**
   * The permissions boundary of the roles that the compute creates. You cannot combine it with `role`, unless roles for
   * `workingHours` are created.
   *
   * @default - no permissions boundary
   */
  readonly permissionsBoundary?: IManagedPolicy;

  /**
   * A VPC whose clients access the server without internet access. It gets interface endpoints for the data plane and
   * the SageMaker API, and a gateway endpoint for Amazon S3.
   *
   * @default - no VPC endpoints; clients need internet access
   */
  readonly clientVpc?: SageMakerClientVpcOptions;

  /**
   * What happens to the server and all its runs when it is replaced or the stack is deleted. You continue to pay for a
   * retained server: delete it yourself when you no longer need its runs.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}
