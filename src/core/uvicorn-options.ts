import { Duration } from 'aws-cdk-lib';
import { EndpointConfig } from '../endpoint/contract';

/** Between SIGTERM and SIGKILL. Of all computes, Amazon ECS allows the least: this. */
export const STOP_TIMEOUT = Duration.seconds(120);

/** The part of the stop timeout that is reserved for the exit of the server, after it has closed open requests. */
const EXIT_RESERVE_SECONDS = 15;

/** How much longer than the load balancer the server keeps an idle connection open. Otherwise, clients get HTTP 502. */
const KEEP_ALIVE_MARGIN_SECONDS = 15;

export function uvicornOptions({ idleTimeout }: EndpointConfig): string {
  const gracefulSeconds = STOP_TIMEOUT.toSeconds() - EXIT_RESERVE_SECONDS;
  return [
    `--timeout-graceful-shutdown ${gracefulSeconds}`,
    ...(idleTimeout ? [`--timeout-keep-alive ${idleTimeout.toSeconds() + KEEP_ALIVE_MARGIN_SECONDS}`] : []),
    // Clients can write anything into these headers, and a load balancer appends to them. By default, uvicorn trusts them
    // from the loopback address, which port forwarding connects from.
    '--no-proxy-headers',
  ].join(' ');
}
