import { Construct } from 'constructs';
import { ServerImageBindOptions, ServerImageCapabilities, ServerImageConfig } from './contract';

/** Where an image comes from. */
export interface ImageSource {
  readonly capabilities: ServerImageCapabilities;
  bind(scope: Construct, options: ServerImageBindOptions): ServerImageConfig;
}
