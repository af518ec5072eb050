import { RemovalPolicy } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { ClientVpcOptions } from './client-vpc-options';
import { MaintenanceWindow } from './maintenance-window';

/**
 * Settings of a serverless MLflow App of Amazon SageMaker.
 */
export interface SageMakerMlflowAppComputeProps {
  /**
   * The name of the App: 1 to 256 letters, digits and hyphens, with a letter or digit at both ends. It is no part of
   * the App's ARN.
   *
   * With a name of your own, a change of `role` needs another name too: CloudFormation replaces the App, and two cannot
   * have one name.
   *
   * @default - a generated name, which changes with what needs a replacement
   */
  readonly appName?: string;

  /**
   * Whether models that are registered in MLflow are registered in the SageMaker Model Registry too.
   *
   * @default false
   */
  readonly automaticModelRegistration?: boolean;

  /**
   * The start of the weekly time window in which SageMaker may maintain the App.
   *
   * @default - SageMaker chooses one
   */
  readonly maintenanceWindow?: MaintenanceWindow;

  /**
   * The role that the App takes on. It must trust `sagemaker.amazonaws.com`. The rights on the bucket and, with
   * `automaticModelRegistration`, those to register models are granted to it. A change replaces the App, and the new one
   * is empty.
   *
   * @default - a role of its own
   */
  readonly role?: IRole;

  /**
   * A VPC whose clients reach the App without the internet: it gets interface endpoints for the data plane and the
   * SageMaker API, and a gateway endpoint for S3.
   *
   * @default - no endpoints; clients need a way out
   */
  readonly clientVpc?: ClientVpcOptions;

  /**
   * What becomes of the App, with all its runs, when it is replaced or the stack is deleted. An App that stays must be
   * deleted by hand once its runs are no longer needed.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}
