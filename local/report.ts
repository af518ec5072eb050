/** What nothing on one machine can show; said at the end of each run, so that nobody takes it for proven. */
const NOT_PROVEN = [
  "the image's content, its user and its read-only root; the limits of CPU and memory",
  "the load balancer's routing and certificates; security groups; the network around them",
  "ECS's scheduling, health checks, scaling and replacement of tasks",
  'RDS: its parameters beyond those that PostgreSQL itself knows, its storage and backups',
  "AWS's acceptance of each property, and IAM beyond the emulator's evaluation",
];

const HEARTBEAT_SECONDS = 10;

export interface Step {
  readonly title: string;
  readonly seconds: number;
}

/** Tells what is being done, how long it took, where it differs from AWS and what it shows. */
export class Report {
  public readonly steps: Step[] = [];
  public readonly deviations: string[] = [];
  public readonly proven: string[] = [];
  private readonly start = Date.now();

  constructor(private readonly print: (line: string) => void) {}

  /** Runs the work and prints its time; while it lasts, shows that it is still at it. */
  public async step<T>(title: string, work: () => Promise<T>): Promise<T> {
    const start = Date.now();
    const seconds = () => (Date.now() - start) / 1000;
    const heartbeat = setInterval(() => {
      this.print(`          ... ${title} (${Math.round(seconds())} s)`);
    }, HEARTBEAT_SECONDS * 1000);
    try {
      const result = await work();
      this.steps.push({ title, seconds: seconds() });
      this.print(`${seconds().toFixed(1).padStart(7)} s  ${title}`);
      return result;
    } finally {
      clearInterval(heartbeat);
    }
  }

  public deviation(...texts: string[]): void {
    this.deviations.push(...texts);
  }

  public proof(...texts: string[]): void {
    this.proven.push(...texts);
  }

  /** @param notProven What this run cannot show. */
  public summary(notProven: readonly string[] = NOT_PROVEN): void {
    this.list('Different from the template:', this.deviations);
    this.list('Shown by this run:', this.proven);
    this.list('Not to be shown on one machine:', notProven);
    this.print(`\n${((Date.now() - this.start) / 1000).toFixed(1)} s in all`);
  }

  private list(title: string, items: readonly string[]): void {
    this.print(`\n${title}`);
    for (const item of items) this.print(`  - ${item}`);
  }
}
