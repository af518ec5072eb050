import { Duration } from 'aws-cdk-lib';
import { Problems } from '../private/problems';
import { isWhole } from '../private/rules';

/** The longest idle timeout of a load balancer: the server is never the first to close a connection. */
export const LONGEST_IDLE_TIMEOUT = Duration.seconds(4000);

export function checkIdleTimeout(problems: Problems, { idleTimeout }: { idleTimeout?: Duration }): void {
  if (!idleTimeout) return;
  const known = !idleTimeout.isUnresolved();
  problems.require(known, () => {
    return "'idleTimeout' must be known at synthesis, because the server's keep-alive timeout follows from it; got a token";
  });
  if (!known) return;
  const seconds = idleTimeout.toMilliseconds() / 1000;
  problems.require(isWhole(seconds, 1, LONGEST_IDLE_TIMEOUT.toSeconds()), () => {
    return `'idleTimeout' must be a whole number of seconds from 1 to 4000; got ${seconds} seconds`;
  });
}
