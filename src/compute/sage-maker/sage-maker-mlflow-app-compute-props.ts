import { SageMakerComputeProps } from './sage-maker-compute-props';

/**
 * Properties of a serverless Amazon SageMaker MLflow App.
 */
export interface SageMakerMlflowAppComputeProps extends SageMakerComputeProps {
  /**
   * The name of the App: 1 to 256 letters, digits and hyphens, with a letter or digit at both ends. It is not part of
   * the App's ARN.
   *
   * If you set a name, change it when you change `role`: CloudFormation replaces the App, and two Apps cannot have the
   * same name.
   *
   * @default - a generated name, which changes with the settings that require a replacement
   */
  readonly appName?: string;
}
