import { Stage, templateOf } from './stage';
import { Entry, longestSilence, Writers } from './writers';

jest.setTimeout(300_000);

/** Longer than MLflow's client waits before its fifth retry. */
const PATIENCE_SECONDS = 90;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.open();
});

afterAll(() => stage?.close());

/** Clients write while it happens; afterwards each of them has got through to the server again. */
async function whileClientsWrite(name: string, happening: (writers: Writers) => Promise<void>): Promise<Entry[]> {
  const writers = await stage.writers(name);
  await writers.progress(40, PATIENCE_SECONDS);
  await happening(writers);
  const end = await writers.finish();
  const entries = writers.journal();
  expect(entries.filter(({ kind }) => kind === 'error')).toEqual([]);
  expect(end).toBe('exited 0');
  process.stdout.write(
    `${name}: ${entries.length} writes acknowledged, no error; no server for ${stage.service.gaps.at(-1)!.toFixed(1)} s, ` +
      `nothing acknowledged for ${longestSilence(entries).toFixed(1)} s; ` +
      `the load balancer answered ${JSON.stringify(stage.loadBalancer.takeAnswers())} meanwhile\n`,
  );
  return entries;
}

const schema = () => stage.database.ask({ version: 'select version_num from alembic_version' });

test('the two releases differ in nothing but their image', () => {
  const [older, newer] = ['3.17.0', '3.17.2'].map((version) => JSON.stringify(templateOf(version)));
  expect(older).toContain('mlflow:v3.17.0-full');
  expect(older.replaceAll('mlflow:v3.17.0-full', 'mlflow:v3.17.2-full')).toBe(newer);
});

test('an upgrade loses no acknowledged write', async () => {
  const before = await schema();
  const entries = await whileClientsWrite('upgrade', () => stage.service.deploy(stage.revision('3.17.2')));
  expect(await stage.missing(entries)).toEqual([]);
  expect(await schema()).not.toEqual(before);
});

test('a killed server loses no acknowledged write', async () => {
  const killed = stage.service.running;
  const entries = await whileClientsWrite('kill', async () => {
    killed.kill();
    await stage.service.untilReplaced(killed);
  });
  expect(await stage.missing(entries)).toEqual([]);
});

test('a rotated password loses no acknowledged write', async () => {
  const before = stage.service.running;
  const entries = await whileClientsWrite('rotation', async (writers) => {
    await stage.rotatePassword('rotated: p@ss/w%rd');
    await writers.progress(4, PATIENCE_SECONDS);
    await stage.service.deploy(stage.revision('3.17.2'));
  });
  expect(await stage.missing(entries)).toEqual([]);
  expect(stage.service.running).not.toBe(before);
});

test('a write that is gone is found', async () => {
  const { runs } = await stage.database.ask({ runs: 'delete from metrics where step = 2 returning run_uuid' });
  const gone: Entry = { kind: 'metric', what: `${runs[0]}/loss/2`, time: 0 };
  expect(await stage.missing([gone])).toEqual([`metric ${runs[0]}/loss/2`]);
});
