/**
 * Builds the hardened image and runs it for real: `npx tsx test/image/run.ts`, as root on Debian.
 * It installs what it needs, takes about ten minutes, and exits with 0 or 1; it never skips.
 * `--keep` keeps what was built, for the next run.
 */
import * as fs from 'fs';
import * as path from 'path';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { BASE, buildHardened, buildStock, buildUncompiled, ensureBase, HARDENED } from './build';
import { checkRestrictions, checkScratchVolumes } from './checks';
import { ADMINISTRATOR, definitionFor, runAsTask, startServer, stopServer, usageOf } from './containers';
import { checkByLocalRun } from './local-run';
import { compareSizes, compareStarts } from './measure';
import { ensurePodman, lastLinesOfContainers, removeContainers, removeImages } from './podman';
import { print, require, step } from './tell';
import { DatabaseDefinition } from '../../local/database/database-definition';
import { startPostgres } from '../../local/database/postgres';
import { Emulator, startEmulator } from '../../local/emulator/emulator';
import { messageOf } from '../../local/failure';
import { Client } from '../../local/proof/client-check';
import { makeCertificate } from '../../local/tools/certificates';
import { freePort } from '../../local/tools/free-port';
import { basicAuthorization, get } from '../../local/tools/http';
import { withLock } from '../../local/tools/lock';
import { CACHE } from '../../local/tools/paths';
import { findPostgres } from '../../local/tools/postgres-binaries';
import { Processes } from '../../local/tools/processes';
import { ensurePythonEnvironment } from '../../local/tools/python-environments';
import { WorkDirectory } from '../../local/tools/work-directory';
import { ServerDefinition } from '../../src/server';

const BUCKET = 'mlflow-image-test';
const KEEP = process.argv.includes('--keep');

async function main(processes: Processes, work: WorkDirectory): Promise<void> {
  await step('podman installed', ensurePodman);
  await removeContainers();
  print(`           ${await step('base image ready', ensureBase)}`);
  await step('hardened image built', buildHardened);
  await step('the same without compiled modules built', buildUncompiled);
  await step("the packages of MLflow's -full image built", buildStock);
  await compareSizes();
  await step('restrictions checked', () => checkRestrictions(HARDENED));

  const ministack = await step('Python of the AWS emulator', () => ensurePythonEnvironment('ministack', processes));
  const mlflow = await step('Python of the MLflow client', () => ensurePythonEnvironment('mlflow', processes));
  const emulator = await step('AWS emulator started', () => startEmulator(work, ministack, processes));
  const s3 = new S3Client({ ...emulator.client(), forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: BUCKET }));
  const database: DatabaseDefinition = {
    host: 'database.example.com',
    port: await freePort(),
    user: 'mlflow',
    password: `p@ss:/w%rd#$'"x1`,
    engineVersion: '17',
    tlsForced: true,
    settings: {},
  };
  const certificate = await makeCertificate(work.directory('certificate'), database.host, ministack, processes);
  const postgres = await step('PostgreSQL started, with TLS alone', () =>
    startPostgres(database, certificate, findPostgres(), work, processes),
  );
  const server = definitionFor(BUCKET, database, postgres, emulator, await freePort());

  await step('volumes prepared', () => checkScratchVolumes(HARDENED, server, work.directory('volume')));
  for (const round of ['an empty database migrated', 'the same migrated again']) {
    const migrated = await step(round, () => runAsTask(HARDENED, server, 'migrate'));
    require(migrated.code === 0, `migrate exited ${migrated.code}:\n${migrated.output}`);
  }

  const authority = work.file('authority.pem');
  fs.copyFileSync(emulator.authority, authority);
  // It is public, and the server's user must be able to read it.
  fs.chmodSync(authority, 0o644);
  const first = await step('server started from the definition', () => startServer(HARDENED, server, authority));
  const signIn = { ...ADMINISTRATOR, authority, python: mlflow, work, processes };
  const client = new Client({ ...signIn, trackingUri: first.url });
  await step('client logged a run with a 20 MB artifact and a model, and read them back', () => client.write());
  await requireArtifact(s3);
  await requireUi(first.url);
  requireFastLoop((await usageOf(first.id)).processes);
  const { peakBytes, limitBytes } = await usageOf(first.id);
  require(limitBytes === 1024 ** 3, `the memory limit is ${limitBytes}`);
  print(`           stopped ${(await stopServer(first)).toFixed(1)} s after SIGTERM`);
  const second = await step("server started from the image's own entry point", () =>
    startServer(HARDENED, server, authority, true),
  );
  await step('client read everything again', () => client.readAgain());
  await stopServer(second);
  print(`           peak memory with one worker, page cache included: ${(peakBytes / 2 ** 20).toFixed(0)} MiB of 1024`);

  await requireVerifiedTls(server, emulator);
  await step('the local run passed in containers of the image:', () => checkByLocalRun(HARDENED, print));
  await compareStarts(server, authority);
}

async function requireArtifact(s3: S3Client): Promise<void> {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: BUCKET }));
  const weights = Contents.find(({ Key }) => Key?.endsWith('/artifacts/files/weights.bin'));
  require(weights?.Size === 20 * 1024 * 1024, `the bucket has not the artifact, but ${Contents.map((x) => x.Key)}`);
}

async function requireUi(url: string): Promise<void> {
  const { username, password } = ADMINISTRATOR;
  const authorization = basicAuthorization({ username, password });
  const page = await get(`${url}/`, { authorization });
  const script = /src="(?:\.\/|\/)?(static-files\/[^"]+\.js)"/.exec(page.body)?.[1];
  require(page.status === 200 && script !== undefined, `the UI answers ${page.status}: ${page.body.slice(0, 300)}`);
  const { status, body } = await get(`${url}/${script}`, { authorization });
  require(status === 200 && body.length > 10_000, `${script} answers ${status} with ${body.length} bytes`);
  require((await get(`${url}/`)).status === 401, 'the UI opens without credentials');
}

/** uvicorn takes the faster event loop and parser only where they can be imported. */
function requireFastLoop(processIds: number[]): void {
  const maps = processIds.map((id) => fs.readFileSync(`/proc/${id}/maps`, 'utf8')).join('\n');
  for (const library of ['uvloop/loop', 'httptools/parser']) {
    require(maps.includes(library), `no process of the server has loaded ${library}`);
  }
}

/** A wrong authority must be refused: otherwise nothing above shows that TLS is verified. */
async function requireVerifiedTls(server: ServerDefinition, emulator: Emulator): Promise<void> {
  const environment = { ...server.environment, CDK_MLFLOW_DATABASE_CA: fs.readFileSync(emulator.authority, 'utf8') };
  const { code, output } = await runAsTask(HARDENED, { ...server, environment }, 'migrate');
  require(code === 1 && /certificate verify failed/.test(output), `another authority: exit code ${code}: ${output}`);
  print('           another certificate authority for the database is refused');
}

async function run(): Promise<number> {
  const processes = new Processes();
  const work = new WorkDirectory();
  try {
    await withLock(path.join(CACHE, 'locks', 'image'), () => main(processes, work));
    print('\nPASS');
    return 0;
  } catch (error) {
    for (const line of await lastLinesOfContainers()) console.error(`  ${line}`);
    console.error(`\nFAIL  ${messageOf(error)}`);
    return 1;
  } finally {
    await removeContainers();
    if (!KEEP) await removeImages(BASE);
    await processes.stopAll();
    work.remove();
  }
}

void run().then((code) => {
  process.exitCode = code;
});
