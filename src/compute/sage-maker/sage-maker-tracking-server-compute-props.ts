import { RemovalPolicy } from 'aws-cdk-lib';
import { IRole } from 'aws-cdk-lib/aws-iam';
import { ClientVpcOptions } from './client-vpc-options';
import { MaintenanceWindow } from './maintenance-window';
import { WorkingHours } from '../common/working-hours';

/**
 * The size of a managed tracking server. Larger ones cost more by the hour.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateMlflowTrackingServer.html
 */
export enum TrackingServerSize {
  /**
   * For up to 25 users.
   */
  SMALL = 'Small',

  /**
   * For up to 50 users.
   */
  MEDIUM = 'Medium',

  /**
   * For up to 100 users.
   */
  LARGE = 'Large',
}

/**
 * Settings of a tracking server that Amazon SageMaker manages.
 */
export interface SageMakerTrackingServerComputeProps {
  /**
   * The name of the tracking server: 1 to 256 letters, digits and hyphens, with a letter or digit at both ends.
   *
   * With a name of your own, a change of `mlflowVersion` or `role` needs another name too: CloudFormation replaces the
   * server, and two cannot have one name.
   *
   * @default - a generated name, which changes with what needs a replacement
   */
  readonly trackingServerName?: string;

  /**
   * The size of the tracking server.
   *
   * @default TrackingServerSize.SMALL
   */
  readonly size?: TrackingServerSize;

  /**
   * The version of MLflow, such as `3.0` or `2.16.2`: one that SageMaker offers. A change replaces the server, and the
   * new one is empty.
   *
   * @default - the newest that SageMaker offers when the server is created
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/mlflow.html
   */
  readonly mlflowVersion?: string;

  /**
   * Whether models that are registered in MLflow are registered in the SageMaker Model Registry too.
   *
   * @default false
   */
  readonly automaticModelRegistration?: boolean;

  /**
   * The start of the weekly time window in which SageMaker may maintain the server.
   *
   * @default - SageMaker chooses one
   */
  readonly maintenanceWindow?: MaintenanceWindow;

  /**
   * The role that the server takes on. It must trust `sagemaker.amazonaws.com`. The rights on the bucket and, with
   * `automaticModelRegistration`, those to register models are granted to it. A change replaces the server, and the new one
   * is empty.
   *
   * @default - a role of its own
   */
  readonly role?: IRole;

  /**
   * The hours in which the server runs. It is stopped outside of them, and costs only its storage then.
   *
   * @default - it always runs
   */
  readonly workingHours?: WorkingHours;

  /**
   * A VPC whose clients reach the server without the internet: it gets interface endpoints for the data plane and the
   * SageMaker API, and a gateway endpoint for S3.
   *
   * @default - no endpoints; clients need a way out
   */
  readonly clientVpc?: ClientVpcOptions;

  /**
   * What becomes of the server, with all its runs, when it is replaced or the stack is deleted. A server that stays
   * costs as much as before: delete it by hand once its runs are no longer needed.
   *
   * @default RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE
   */
  readonly removalPolicy?: RemovalPolicy;
}
