import * as fs from 'fs';
import { App, Stack } from 'aws-cdk-lib';
import { AS_SERVER, RESTRICTIONS } from './containers';
import { podmanEnvironment } from './podman';
import { LocalRunFailure } from '../../local/failure';
import { runLocally } from '../../local/local-run';
import { Processes, ProcessSpec, RunningProcess } from '../../local/tools/processes';
import { MlflowTrackingServer, ServerImage } from '../../src';

/** The containers of the task definition. The first one is root's, without any capability. */
const CONTAINERS: Record<string, string> = { prepare: '--user=0:0', migrate: AS_SERVER, server: AS_SERVER };

/** The local run's own check, with the processes of the task in containers of the image. */
export async function checkByLocalRun(image: string, print: (line: string) => void): Promise<void> {
  const stack = new Stack(new App({ context: { '@aws-cdk/core:disableAssetStaging': true } }), 'Local');
  new MlflowTrackingServer(stack, 'Mlflow', { image: ServerImage.hardened() });
  const { template } = (stack.node.root as App).synth().getStackByName('Local');
  const processes = new ProcessesInContainers(image);
  const result = await runLocally({ template, processes });
  if (!result.ok) throw new LocalRunFailure(`the local run: ${result.failure}`);
  const missing = Object.keys(CONTAINERS).filter((name) => !processes.contained.includes(name));
  if (missing.length > 0) throw new LocalRunFailure(`the local run started no container for ${missing.join(', ')}`);
  for (const proof of result.proven) print(`             - ${proof}`);
}

class ProcessesInContainers extends Processes {
  public readonly contained: string[] = [];

  constructor(private readonly image: string) {
    super();
  }

  public override start(spec: ProcessSpec): RunningProcess {
    if (!(spec.name in CONTAINERS)) return super.start(spec);
    this.contained.push(spec.name);
    return super.start({ ...spec, argv: this.contain(spec), environment: podmanEnvironment(spec.environment) });
  }

  private contain({ name, argv, environment, directory }: ProcessSpec): string[] {
    // The image has a path of its own.
    const variables = Object.entries(environment).filter(([variable]) => variable !== 'PATH');
    const files = variables.map(([, value]) => value).filter((value) => value.startsWith('/') && isFile(value));
    return [
      ...['podman', 'run', '--rm', '--network=host', ...RESTRICTIONS, CONTAINERS[name]],
      `--volume=${directory}:${directory}`,
      ...[...new Set(files)].map((file) => `--volume=${readable(file)}:${file}:ro`),
      ...variables.map(([variable]) => `--env=${variable}`),
      ...[`--entrypoint=${JSON.stringify(argv.slice(0, 1))}`, this.image, ...argv.slice(1)],
    ];
  }
}

const isFile = (file: string) => fs.existsSync(file) && fs.statSync(file).isFile();

/** A copy that every user may read: the local run's certificate authorities are private to who runs it. */
function readable(file: string): string {
  const copy = `${file}.readable`;
  fs.copyFileSync(file, copy);
  fs.chmodSync(copy, 0o644);
  return copy;
}
