const DECIDES_THE_RUN = /^(AWS_|MLFLOW_|PG|CDK_|PYTHON|VIRTUAL_ENV|UV_PROJECT|NODE_OPTIONS|(REQUESTS|CURL)_CA_BUNDLE)/;

/** The caller's environment without whatever could reach a real account, a real database or a real server. */
export function cleanEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(([name]) => !DECIDES_THE_RUN.test(name));
  return Object.fromEntries(entries) as Record<string, string>;
}
