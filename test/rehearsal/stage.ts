import { ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { GetSecretValueCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { DeploymentRules, deploymentRules } from './deployment-rules';
import { LoadBalancer } from './load-balancer';
import { Revision, Service } from './service';
import { Task } from './task';
import { Entry, Kind, Writers } from './writers';
import { DatabaseClient } from '../../local/database/database-client';
import { databaseDefinition } from '../../local/database/database-definition';
import { Database, startDatabase } from '../../local/database/start-database';
import { deploy } from '../../local/emulator/deploy';
import { DeployedStack } from '../../local/emulator/deployed-stack';
import { Credentials, Emulator, startEmulator } from '../../local/emulator/emulator';
import { assumeRoleAs } from '../../local/emulator/roles';
import { Report } from '../../local/report';
import { freePort } from '../../local/tools/free-port';
import { findPostgres } from '../../local/tools/postgres-binaries';
import { Processes } from '../../local/tools/processes';
import { ensurePythonEnvironment, PythonEnvironment } from '../../local/tools/python-environments';
import { WorkDirectory } from '../../local/tools/work-directory';
import { ecsTask } from '../../local/workload/ecs-task';
import { readSecrets } from '../../local/workload/secrets';
import { serverOf, Workload } from '../../local/workload/workload';
import { MlflowTrackingServer, MlflowVersion } from '../../src';

/** Python environments that stand for the images of the releases; the older has 3.14.0, whose schema is further from today's. */
const IMAGES: Record<string, string> = { '3.17.0': 'mlflow-older', '3.17.2': 'mlflow' };

const OBSERVER = { user: 'observer', password: 'of the rehearsal' };

/** The default stack with a release of MLflow. */
export function templateOf(version: string): any {
  process.env.CDK_VALIDATION = 'false';
  const stack = new Stack(new App(), 'Rehearsal');
  new MlflowTrackingServer(stack, 'Mlflow', { version: MlflowVersion.of(version) });
  return Template.fromStack(stack).toJSON();
}

/** Everything that the server stands on: the deployed template, the database, the bucket, the load balancer. */
export class Stage {
  public static async open(): Promise<Stage> {
    const work = new WorkDirectory();
    const processes = new Processes();
    try {
      const [certificates, clients] = await Promise.all([
        ensurePythonEnvironment('ministack', processes),
        ensurePythonEnvironment('mlflow', processes),
      ]);
      const emulator = await startEmulator(work, certificates, processes);
      const stack = await deploy(templateOf('3.17.0'), 'Rehearsal', emulator);
      const database = await startDatabase({
        stack,
        binaries: findPostgres(),
        certificates,
        clients,
        report: new Report(() => undefined),
        work,
        processes,
      });
      const stage = new Stage(work, processes, emulator, stack, database, clients);
      await stage.start();
      return stage;
    } catch (error) {
      await processes.stopAll();
      work.remove();
      throw error;
    }
  }

  public readonly rules: DeploymentRules;
  /** Asked as a user of its own, whose password stays. */
  public readonly database: DatabaseClient;
  public readonly loadBalancer: LoadBalancer;
  public readonly service: Service;
  private readonly workload: Workload;
  private readonly aside = new WorkDirectory();
  private readonly credentials = new Map<string, Credentials>();
  private trackingUri = '';

  private constructor(
    private readonly work: WorkDirectory,
    private readonly processes: Processes,
    private readonly emulator: Emulator,
    private readonly stack: DeployedStack,
    private readonly started: Database,
    clients: PythonEnvironment,
  ) {
    const definition = { ...databaseDefinition(stack), ...OBSERVER };
    this.database = new DatabaseClient(definition, started.running, clients, this.aside, processes);
    this.workload = ecsTask(stack);
    this.rules = deploymentRules(stack);
    this.loadBalancer = new LoadBalancer(this.rules, this.workload.healthCheck);
    this.service = new Service(this.rules, this.loadBalancer);
  }

  public async close(): Promise<void> {
    this.service.retire();
    await this.loadBalancer.close();
    await this.processes.stopAll();
    this.work.remove();
    this.aside.remove();
  }

  /** Tasks that run this release. */
  public revision(version: string): Revision {
    return async () => {
      const { endpoint, region, authority } = this.emulator;
      const reason = 'of the rehearsal';
      return new Task({
        workload: this.workload,
        credentials: this.credentials,
        emulator: this.emulator,
        work: this.work,
        processes: this.processes,
        image: await ensurePythonEnvironment(IMAGES[version], this.processes),
        port: await freePort(),
        additions: {
          ...this.started.additions,
          AWS_ENDPOINT_URL: { value: endpoint, reason },
          AWS_CA_BUNDLE: { value: authority, reason },
          AWS_REGION: { value: region, reason },
        },
      });
    };
  }

  /** Clients that write, signed in as the administrator. */
  public async writers(name: string): Promise<Writers> {
    const owner = { accessKeyId: 'test', secretAccessKey: 'test' };
    const secrets = await readSecrets(serverOf(this.workload), owner, this.emulator);
    return new Writers(name, {
      trackingUri: this.trackingUri,
      username: secrets.MLFLOW_AUTH_ADMIN_USERNAME,
      password: secrets.MLFLOW_AUTH_ADMIN_PASSWORD,
      python: await ensurePythonEnvironment('mlflow', this.processes),
      work: this.work,
      processes: this.processes,
    });
  }

  /** Another password in the database and in its secret, as a rotation leaves them. */
  public async rotatePassword(password: string): Promise<void> {
    const variable = serverOf(this.workload).secrets.find((secret) => secret.variable === 'PGPASSWORD')!;
    const client = new SecretsManagerClient(this.emulator.client());
    const SecretId = variable.secretId;
    const current = JSON.parse((await client.send(new GetSecretValueCommand({ SecretId }))).SecretString!);
    await this.database.ask({ rotate: `alter role "${current.username}" password '${password}'` });
    const SecretString = JSON.stringify({ ...current, [variable.field!]: password });
    await client.send(new PutSecretValueCommand({ SecretId, SecretString }));
  }

  /** What was acknowledged and is not there. */
  public async missing(entries: readonly Entry[]): Promise<string[]> {
    const kept = await this.kept();
    return entries.filter(({ kind, what }) => !kept[kind].has(what)).map(({ kind, what }) => `${kind} ${what}`);
  }

  private async start(): Promise<void> {
    const { user, password } = OBSERVER;
    await this.started.client.ask({ observer: `create role ${user} superuser login password '${password}'` });
    const { secretsRoleArn, roleArn } = serverOf(this.workload);
    for (const arn of [secretsRoleArn, roleArn]) {
      this.credentials.set(arn, await assumeRoleAs(this.workload.service, arn, this.emulator));
    }
    this.trackingUri = await this.loadBalancer.listen();
    await this.service.deploy(this.revision('3.17.0'));
  }

  private async kept(): Promise<Record<Kind, Set<string>>> {
    const rows = await this.database.ask({
      run: 'select run_uuid from runs',
      finished: "select run_uuid from runs where status = 'FINISHED'",
      param: "select run_uuid || '/' || key || '/' || value from params",
      metric: "select run_uuid || '/' || key || '/' || step from metrics",
    });
    const sets = Object.fromEntries(Object.entries(rows).map(([kind, values]) => [kind, new Set(values)]));
    return { ...sets, artifact: await this.artifacts(), error: new Set() } as Record<Kind, Set<string>>;
  }

  /** The end of each key: the run, and the path below it. */
  private async artifacts(): Promise<Set<string>> {
    const s3 = new S3Client({ ...this.emulator.client(), forcePathStyle: true });
    const Bucket = this.stack.only('AWS::S3::Bucket').physicalId;
    const names = new Set<string>();
    let ContinuationToken: string | undefined;
    do {
      const page = await s3.send(new ListObjectsV2Command({ Bucket, ContinuationToken }));
      for (const { Key } of page.Contents ?? []) names.add(Key!.split('/').slice(-3).join('/'));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken);
    return names;
  }
}
