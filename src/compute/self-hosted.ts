import { ComputeBindOptions, SelfHostedBindOptions } from './contract';

/** The options for binding a compute that runs the server process, in one level. */
export interface ServerBindOptions extends Omit<ComputeBindOptions, 'selfHosted'>, SelfHostedBindOptions {}

/** The options of a compute that is not managed. */
export function serverBindOptions({ selfHosted, ...options }: ComputeBindOptions): ServerBindOptions {
  // The core sets it unless the capabilities say `managed`, which the computes that call this do not.
  return { ...options, ...selfHosted! };
}
