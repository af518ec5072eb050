import { cpSync, readdirSync } from 'fs';
import { join } from 'path';
import { Deployment } from './deployment';
import { median } from './statistics';
import { Row } from './table';
import { WorkDirectory } from '../local/tools/work-directory';
import { Addition } from '../local/workload/process-environment';

const REPETITIONS = 3;

/** From the first container to a healthy server, with byte-compiled packages and without. */
export async function measureStart(deployment: Deployment): Promise<Row[]> {
  const work = deployment.directory();
  const prefix = await standardLibraryAlone(deployment, work);
  const seconds = async (additions: Record<string, Addition>) => {
    const start = Date.now();
    const server = await deployment.startServer(work, additions);
    const taken = (Date.now() - start) / 1000;
    await server.stop();
    return taken;
  };
  const reason = 'packages without byte code';
  const withoutByteCode: Record<string, Addition> = {
    PYTHONPYCACHEPREFIX: { value: prefix, reason },
    PYTHONDONTWRITEBYTECODE: { value: '1', reason },
  };
  const [compiled, not]: number[][] = [[], []];
  for (let turn = 0; turn < REPETITIONS; turn++) {
    compiled.push(await seconds({}));
    not.push(await seconds(withoutByteCode));
  }
  const [ours, other] = [median(compiled), median(not)];
  const shown = (value: number) => `${value.toFixed(1)} s`;
  return [{ what: 'start to healthy: byte code, none', ours: shown(ours), other: shown(other), ratio: ours / other }];
}

/** A cache of byte code as in an image whose packages have none: Python's own modules are compiled there, too. */
async function standardLibraryAlone({ processes, mlflow }: Deployment, work: WorkDirectory): Promise<string> {
  const library = (
    await processes.run({
      name: 'the standard library',
      argv: [mlflow.python, '-c', 'import sysconfig; print(sysconfig.get_path("stdlib"))'],
      environment: {},
      directory: work.path,
      logFile: work.file('stdlib.log'),
    })
  ).trim();
  const caches = readdirSync(library, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('__pycache__') && !name.includes('site-packages'),
  );
  for (const cache of caches) {
    cpSync(join(library, cache), join(work.file('byte-code'), library, cache, '..'), { recursive: true });
  }
  return work.file('byte-code');
}
