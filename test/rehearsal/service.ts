import { DeploymentRules } from './deployment-rules';
import { LoadBalancer } from './load-balancer';
import { Task } from './task';
import { waitUntil } from '../../local/tools/wait-until';

const START_SECONDS = 120;

/** Makes a task that is not started yet. */
export type Revision = () => Promise<Task>;

/** Stands for Amazon ECS's scheduler and one service of one task: it keeps the task running, and replaces it by the rules. */
export class Service {
  /** For how long no target was healthy, for each task after the first. */
  public readonly gaps: number[] = [];
  private revision?: Revision;
  private task?: Task;
  private lost?: number;

  constructor(
    rules: DeploymentRules,
    private readonly loadBalancer: LoadBalancer,
  ) {
    const { desiredCount, minimumHealthyPercent, maximumPercent } = rules;
    if (desiredCount !== 1 || minimumHealthyPercent !== 0 || maximumPercent !== 100) {
      throw new Error(`the rules do not stop the old task first: ${JSON.stringify(rules)}`);
    }
  }

  public get running(): Task {
    return this.task!;
  }

  /** Stops what runs, then starts the revision, and returns once it gets requests. */
  public async deploy(revision: Revision): Promise<void> {
    const { task } = this;
    this.task = undefined;
    if (task) {
      this.lost = Date.now();
      await this.loadBalancer.deregister(task.port);
      await task.stop();
    }
    this.revision = revision;
    await this.start();
  }

  /** The task that runs is not replaced any more. */
  public retire(): void {
    this.task = undefined;
  }

  /** Returns once another task than this one gets requests. */
  public async untilReplaced(task: Task): Promise<void> {
    const isReplaced = async () => this.task !== task && this.task && this.loadBalancer.isHealthy(this.task.port);
    await waitUntil('another task', isReplaced, START_SECONDS);
  }

  private async start(): Promise<void> {
    const task = await this.revision!();
    await task.start();
    this.task = task;
    void task.exited.then(async () => {
      if (this.task === task) await this.replace(task);
    });
    this.loadBalancer.register(task.port);
    await waitUntil('a healthy target', async () => this.loadBalancer.isHealthy(task.port), START_SECONDS);
    if (this.lost) this.gaps.push((Date.now() - this.lost) / 1000);
  }

  private async replace(task: Task): Promise<void> {
    this.task = undefined;
    this.lost = Date.now();
    await this.loadBalancer.deregister(task.port);
    await this.start();
  }
}
