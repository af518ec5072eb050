import { Duration } from 'aws-cdk-lib';
import { EndpointConfig } from '../endpoint/contract';

/** Between SIGTERM and SIGKILL. Of all computes, Amazon ECS allows the least: this. */
export const STOP_TIMEOUT = Duration.seconds(120);

/** What is left of the stop timeout once open requests were given up: the server's own exit. */
const EXIT_RESERVE_SECONDS = 15;

/** The server keeps an idle connection open for this much longer than the load balancer: otherwise there are 502s. */
const KEEP_ALIVE_MARGIN_SECONDS = 15;

export function uvicornOptions({ idleTimeout }: EndpointConfig): string {
  const gracefulSeconds = STOP_TIMEOUT.toSeconds() - EXIT_RESERVE_SECONDS;
  return [
    `--timeout-graceful-shutdown ${gracefulSeconds}`,
    ...(idleTimeout ? [`--timeout-keep-alive ${idleTimeout.toSeconds() + KEEP_ALIVE_MARGIN_SECONDS}`] : []),
    // A client writes what it likes into these headers, and a load balancer appends to them. Left to itself, uvicorn
    // believes them from the loopback address, which is where port forwarding comes from.
    '--no-proxy-headers',
  ].join(' ');
}
