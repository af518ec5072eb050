import { IEndpoint } from '../endpoint/contract';
import { ServerDefinition, ServerOptions } from '../server';
import { SCRATCH_PATH, settingSecrets, settingVariables } from './mlflow-settings';
import { ServerInputs } from './server-inputs';
import { STOP_TIMEOUT } from './uvicorn-options';
import { joinVariables } from './variable-owners';

/** The port that MLflow users know. */
export const SERVER_PORT = 5000;

/** The port that the server listens on: the endpoint's, or the usual one. */
export function serverPort(endpoint: IEndpoint): number {
  return endpoint.capabilities.serverPort ?? SERVER_PORT;
}

/**
 * Defines the server from the bound parts: data in, data out.
 *
 * @throws if a part or the user sets a variable that another one or the library sets
 */
export function defineServer(inputs: ServerInputs): ServerDefinition {
  const { options, backendStore, artifactStore, authentication } = inputs;
  return {
    imageUri: inputs.image?.imageUri,
    imageRepository: inputs.image?.repository,
    imageTagOrDigest: inputs.image?.tagOrDigest,
    imageCredentials: inputs.image?.credentials,
    program: inputs.program,
    migrateArguments: ['migrate'],
    serveArguments: [
      'serve',
      ...(authentication.appName ? ['--app-name', authentication.appName] : []),
      ...(options.extraArguments ?? []),
    ],
    ...joinVariables([
      {
        owner: 'the library',
        environment: settingVariables(inputs),
        secrets: { ...inputs.secrets, ...settingSecrets(inputs) },
      },
      { owner: "'backendStore'", environment: backendStore.environment, secrets: backendStore.secrets },
      { owner: "'artifactStore'", environment: artifactStore.environment },
      { owner: "'authentication'", environment: authentication.environment, secrets: authentication.secrets },
      { owner: "'server.environment'", environment: options.environment },
    ]),
    port: inputs.port,
    healthCheckPath: healthCheckPath(options),
    stopTimeout: STOP_TIMEOUT,
    scratchPath: SCRATCH_PATH,
    userId: 1000,
  };
}

/** MLflow serves its health check under the static prefix only. */
export function healthCheckPath(options: ServerOptions): string {
  return `${options.staticPrefix ?? ''}/health`;
}
