import { LocalRunFailure } from '../failure';
import { serverOf, Workload } from './workload';

/** What must agree before anything is started: the server's port is the one that the load balancer asks. */
export function checkCoherence(workload: Workload): void {
  const { name, environment } = serverOf(workload);
  const port = environment.MLFLOW_PORT;
  if (port === undefined) throw new LocalRunFailure(`${name} has no MLFLOW_PORT: the local run cannot move the server`);
  if (Number(port) !== workload.healthCheck.port) {
    throw new LocalRunFailure(`${name} listens on port ${port}, the load balancer uses ${workload.healthCheck.port}`);
  }
  if (environment.MLFLOW_HOST !== '0.0.0.0') {
    throw new LocalRunFailure(`${name} listens on ${environment.MLFLOW_HOST}: the load balancer cannot reach it`);
  }
}
