import { Token } from 'aws-cdk-lib';
import { Problems } from '../private/problems';
import { ServerOptions } from '../server';

/** MLflow answers every path that begins so without credentials: `_UNPROTECTED_PATH_PREFIXES` of mlflow.server.auth. */
const OPEN_PATHS = ['/static', '/health', '/favicon.ico'];

/**
 * Where MLflow looks for these, it does so at the root as well: artifacts and measurements are served there whatever the
 * prefix is, and releases before 3.17 look up the rights of the others there.
 */
const ROOT_PATHS = ['/api', '/ajax-api', '/gateway', '/graphql', '/metrics', '/v1'];

/** MLflow's own rule, no characters that would be routing patterns, and no path that means another to MLflow. */
export function validateStaticPrefix(problems: Problems, { staticPrefix }: ServerOptions): void {
  if (staticPrefix === undefined || Token.isUnresolved(staticPrefix)) return;
  // From JavaScript, it can be anything.
  const names = `${staticPrefix}`.split('/').slice(1);
  const isPath = /^(\/[\w.~-]+)+$/.test(staticPrefix) && !names.some((name) => name === '.' || name === '..');
  problems.require(isPath, () => {
    return `'server.staticPrefix' must be a path such as '/mlflow', with a slash at its beginning and none at its end; got '${staticPrefix}'`;
  });
  const open = OPEN_PATHS.find((path) => `${staticPrefix}`.startsWith(path));
  problems.require(open === undefined, () => {
    return `'server.staticPrefix' cannot begin with ${open}, because MLflow asks for no credentials on such paths; got '${staticPrefix}', choose another such as '/mlflow'`;
  });
  const taken = ROOT_PATHS.find((path) => `/${names[0]}` === path);
  problems.require(taken === undefined, () => {
    return `'server.staticPrefix' cannot be in ${taken}, which is a path of MLflow's own; got '${staticPrefix}', choose another such as '/mlflow'`;
  });
}
