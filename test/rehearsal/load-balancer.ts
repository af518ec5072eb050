import * as http from 'http';
import { AddressInfo } from 'net';
import { DeploymentRules } from './deployment-rules';
import { get } from '../../local/tools/http';
import { waitUntil } from '../../local/tools/wait-until';
import { HealthCheck } from '../../local/workload/workload';

const HOST = '127.0.0.1';

interface Target {
  readonly port: number;
  isHealthy: boolean;
  failures: number;
  inFlight: number;
  timer?: NodeJS.Timeout;
}

/**
 * Stands for an Application Load Balancer with one target group: it routes to a target once that has passed a health
 * check, answers 503 where there is none, 502 where the target breaks off, and lets a leaving target finish its requests.
 * It does not fail open, as AWS's does when every target is unhealthy.
 */
export class LoadBalancer {
  private answers: Record<number, number> = {};
  private readonly targets = new Map<number, Target>();
  private readonly agent = new http.Agent({ keepAlive: true });
  private readonly server: http.Server;

  constructor(
    private readonly rules: DeploymentRules,
    private readonly healthCheck: HealthCheck,
  ) {
    this.server = http.createServer((request, response) => this.route(request, response));
    this.server.keepAliveTimeout = rules.idleTimeoutSeconds * 1000;
  }

  public async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, HOST, resolve));
    return `http://${HOST}:${(this.server.address() as AddressInfo).port}`;
  }

  public register(port: number): void {
    const target: Target = { port, isHealthy: false, failures: 0, inFlight: 0 };
    this.targets.set(port, target);
    void this.check(target);
    target.timer = setInterval(() => void this.check(target), this.rules.healthCheckIntervalSeconds * 1000);
  }

  /** Whether the target gets requests. */
  public isHealthy(port: number): boolean {
    return this.targets.get(port)?.isHealthy ?? false;
  }

  /** No new requests from now on; waits for those in flight, for as long as the template says. */
  public async deregister(port: number): Promise<void> {
    const target = this.targets.get(port)!;
    clearInterval(target.timer);
    this.targets.delete(port);
    await waitUntil(
      'the requests in flight',
      async () => target.inFlight === 0,
      this.rules.deregistrationDelaySeconds,
    ).catch(() => undefined);
  }

  /** How many answers with each status came from the load balancer itself since this was last asked. */
  public takeAnswers(): Record<number, number> {
    const { answers } = this;
    this.answers = {};
    return answers;
  }

  public async close(): Promise<void> {
    for (const { timer } of this.targets.values()) clearInterval(timer);
    this.agent.destroy();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async check(target: Target): Promise<void> {
    const { path, healthyStatus } = this.healthCheck;
    const timeout = new Promise<boolean>((resolve) =>
      setTimeout(resolve, this.rules.healthCheckTimeoutSeconds * 1000, false).unref(),
    );
    const answer = get(`http://${HOST}:${target.port}${path}`).then(
      ({ status }) => `${status}` === healthyStatus,
      () => false,
    );
    const passed = await Promise.race([answer, timeout]);
    target.failures = passed ? 0 : target.failures + 1;
    // A new target needs one check, and so does one that has just failed too often: enough for one server.
    if (passed) target.isHealthy = true;
    if (target.failures >= this.rules.unhealthyThresholdCount) target.isHealthy = false;
  }

  private route(request: http.IncomingMessage, response: http.ServerResponse): void {
    const target = [...this.targets.values()].find(({ isHealthy }) => isHealthy);
    if (!target) {
      request.resume();
      return this.answer(response, 503);
    }
    target.inFlight += 1;
    const { method, url, headers } = request;
    const onward = http.request({ host: HOST, port: target.port, method, path: url, headers, agent: this.agent });
    onward.once('response', (answer) => {
      response.writeHead(answer.statusCode!, answer.headers);
      answer.once('error', () => response.destroy());
      answer.pipe(response);
    });
    onward.once('error', () => this.answer(response, 502));
    response.once('close', () => (target.inFlight -= 1));
    request.pipe(onward);
  }

  private answer(response: http.ServerResponse, status: number): void {
    if (response.headersSent) return void response.destroy();
    this.answers[status] = (this.answers[status] ?? 0) + 1;
    response.writeHead(status, { 'content-type': 'text/plain' }).end();
  }
}
