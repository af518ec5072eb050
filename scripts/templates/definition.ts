import { Stack } from 'aws-cdk-lib';
import { ParameterForm } from './parameter-form';
import { MlflowTrackingServer } from '../../src';

/** One template: a row of data, from which the template, its Terraform module and its tests follow. */
export interface TemplateDefinition {
  /** The directory below `templates/`, and the name in `npm start -- --template NAME`. */
  readonly name: string;
  /** What the template deploys, in a few words. */
  readonly title: string;
  /** Defines the server, with a parameter for each choice that is made at deployment. */
  define(stack: Stack, form: ParameterForm): MlflowTrackingServer;
}
