import { Template } from './emulator/template';
import { Step } from './report';
import { Processes } from './tools/processes';

export interface LocalRunOptions {
  /** A directory of `examples/`. @default quickstart */
  readonly example?: string;
  /** The file of an app, in place of an example's. */
  readonly app?: string;
  /** A directory of `templates/`, whose template is run in place of the example's. */
  readonly published?: string;
  /** A template to run in place of both. */
  readonly template?: Template;
  /** Changes the template before it is deployed. */
  readonly mutate?: (template: Template) => void;
  /** Starts everything. @default - as processes of this machine */
  readonly processes?: Processes;
  /** Takes each line of the report. @default - nobody reads it */
  readonly print?: (line: string) => void;
  /** Called when all is shown, while the server still runs; the run goes on when it is done. */
  readonly whileServing?: (server: ServingServer) => Promise<void>;
  /** Stops the run, wherever it is. */
  readonly signal?: AbortSignal;
}

export interface ServingServer {
  readonly url: string;
  /** Empty where the server asks for no sign-in. */
  readonly username: string;
  readonly password: string;
  /** The run that the client has logged. */
  readonly experimentId: string;
  readonly runName: string;
}

export interface Result {
  readonly ok: boolean;
  /** Why not. */
  readonly failure?: string;
  readonly steps: readonly Step[];
  readonly deviations: readonly string[];
  readonly proven: readonly string[];
}
