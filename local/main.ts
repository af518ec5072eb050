import { Arguments, parseArguments, USAGE } from './arguments';
import { ServingServer } from './contract';
import { messageOf } from './failure';
import { runLocally } from './local-run';
import { takeScreenshot } from './screenshot';

const print = (line: string) => console.log(line);

async function main(): Promise<number> {
  let given: Arguments;
  try {
    given = parseArguments(process.argv.slice(2));
  } catch (error) {
    console.error(messageOf(error));
    return 2;
  }
  if (given.help) {
    print(USAGE);
    return 0;
  }
  const { signal, stopped } = stopSignal();
  let isProven = false;
  const result = await runLocally({
    example: given.example,
    app: given.app,
    published: given.template,
    print,
    signal,
    whileServing: async (server) => {
      isProven = true;
      if (given.screenshot) await takeScreenshot(server, given.screenshot);
      if (given.check) return;
      invite(server);
      await stopped;
    },
  });
  if (signal.aborted) {
    print('\nstopped');
    return isProven ? 0 : 1;
  }
  if (!result.ok) console.error(`\nFAIL  ${result.failure}`);
  else print('\nPASS');
  return result.ok ? 0 : 1;
}

const PATIENCE_SECONDS = 2;

/** The first Ctrl-C ends the run in good order, a later one at once: a launcher may pass the same one on again. */
function stopSignal(): { signal: AbortSignal; stopped: Promise<void> } {
  const controller = new AbortController();
  const stopped = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve()));
  // Whoever read the output is gone.
  process.stdout.on('error', () => controller.abort());
  let first: number | undefined;
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => {
      first ??= Date.now();
      controller.abort();
      if (Date.now() - first > PATIENCE_SECONDS * 1000) process.exit(130);
    });
  }
  return { signal: controller.signal, stopped };
}

function invite({ url, username, password }: ServingServer): void {
  print(`\nThe server is at ${url}`);
  if (username) {
    print(`  user      ${username}`);
    print(`  password  ${password}   (of this run alone: it ends with the server)`);
    print('A client on this machine also needs MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD=false.');
  } else {
    print('It asks for no sign-in.');
  }
  print('Ctrl-C ends it, and nothing is left behind.');
}

void main().then((code) => {
  process.exitCode = code;
});
