import { Token } from 'aws-cdk-lib';
import { Problems } from '../private/problems';
import { ServerOptions } from '../server';

/** MLflow requires no credentials for paths with these prefixes: `_UNPROTECTED_PATH_PREFIXES` of mlflow.server.auth. */
const OPEN_PATHS = ['/static', '/health', '/favicon.ico'];

/**
 * MLflow also serves these at the root path: artifacts and metrics with any prefix. Releases before 3.17 look up the
 * permissions for the others there.
 */
const ROOT_PATHS = ['/api', '/ajax-api', '/gateway', '/graphql', '/metrics', '/v1'];

/** Checks MLflow's own rule, characters of routing patterns, and paths with another meaning in MLflow. */
export function checkStaticPrefix(problems: Problems, { staticPrefix }: ServerOptions): void {
  if (staticPrefix === undefined || Token.isUnresolved(staticPrefix)) return;
  // From JavaScript, it can be anything.
  const names = `${staticPrefix}`.split('/').slice(1);
  const isPath = /^(\/[\w.~-]+)+$/.test(staticPrefix) && !names.some((name) => name === '.' || name === '..');
  problems.require(isPath, () => {
    return `'server.staticPrefix' must be a path such as '/mlflow', with a leading slash and without a trailing slash; got '${staticPrefix}'`;
  });
  const open = OPEN_PATHS.find((path) => `${staticPrefix}`.startsWith(path));
  problems.require(open === undefined, () => {
    return `'server.staticPrefix' cannot begin with ${open}, because MLflow requires no credentials for such paths; got '${staticPrefix}', choose another such as '/mlflow'`;
  });
  const taken = ROOT_PATHS.find((path) => `/${names[0]}` === path);
  problems.require(taken === undefined, () => {
    return `'server.staticPrefix' cannot be in ${taken}, which is a path of MLflow; got '${staticPrefix}', choose another such as '/mlflow'`;
  });
}
