import { SageMakerComputeProps } from './sage-maker-compute-props';
import { WorkingHours } from '../common/working-hours';

/**
 * The size of an Amazon SageMaker tracking server. Larger sizes have a higher hourly price.
 *
 * @see https://docs.aws.amazon.com/sagemaker/latest/APIReference/API_CreateMlflowTrackingServer.html
 */
export enum SageMakerTrackingServerSize {
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
 * Properties of an Amazon SageMaker tracking server.
 */
export interface SageMakerTrackingServerComputeProps extends SageMakerComputeProps {
  /**
   * The name of the tracking server: 1 to 256 letters, digits and hyphens, with a letter or digit at both ends.
   *
   * If you set a name, change it when you change `mlflowVersion` or `role`: CloudFormation replaces the server, and two
   * servers cannot have the same name.
   *
   * @default - a generated name, which changes with the settings that require a replacement
   */
  readonly trackingServerName?: string;

  /**
   * The size of the tracking server.
   *
   * @default SageMakerTrackingServerSize.SMALL
   */
  readonly size?: SageMakerTrackingServerSize;

  /**
   * The version of MLflow, such as `3.0` or `2.16.2`, which SageMaker must offer. Changing this property replaces the
   * server, and the new one is empty.
   *
   * @default - the newest version that SageMaker offers when the server is created
   * @see https://docs.aws.amazon.com/sagemaker/latest/dg/mlflow.html
   */
  readonly mlflowVersion?: string;

  /**
   * The hours in which the server runs. Outside of these hours it is stopped, and you pay only for its storage.
   *
   * @default - the server always runs
   */
  readonly workingHours?: WorkingHours;
}
