import { Duration } from 'aws-cdk-lib';
import { Problems } from '../private/problems';
import { isWhole } from '../private/rules';

/** No load balancer has a longer one: the server is never the first to close a connection. */
export const LONGEST_IDLE_TIMEOUT = Duration.seconds(4000);

export function requireIdleTimeout(problems: Problems, { idleTimeout }: { idleTimeout?: Duration }): void {
  if (!idleTimeout) return;
  const known = !idleTimeout.isUnresolved();
  problems.require(known, () => {
    return "'idleTimeout' must be known at synthesis, because the server's own follows from it; got a token";
  });
  if (!known) return;
  const seconds = idleTimeout.toMilliseconds() / 1000;
  problems.require(isWhole(seconds, 1, LONGEST_IDLE_TIMEOUT.toSeconds()), () => {
    return `'idleTimeout' must be from 1 to 4000 whole seconds; got ${seconds} seconds`;
  });
}
