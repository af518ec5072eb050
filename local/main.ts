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
  const result = await runLocally({
    example: given.example,
    print,
    signal,
    whileServing: async (server) => {
      if (given.screenshot) await takeScreenshot(server, given.screenshot);
      if (given.check) return;
      invite(server);
      await stopped;
    },
  });
  if (result.ok || signal.aborted) print(result.ok ? '\nPASS' : '\nstopped');
  else console.error(`\nFAIL  ${result.failure}`);
  return result.ok ? 0 : 1;
}

/** The first Ctrl-C ends the run in good order, the second one at once. */
function stopSignal(): { signal: AbortSignal; stopped: Promise<void> } {
  const controller = new AbortController();
  const stopped = new Promise<void>((resolve) => controller.signal.addEventListener('abort', () => resolve()));
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
    process.on(name, () => (controller.signal.aborted ? process.exit(130) : controller.abort()));
  }
  return { signal: controller.signal, stopped };
}

function invite({ url, username, password }: ServingServer): void {
  print(`\nThe server is at ${url}`);
  print(`  user      ${username}`);
  print(`  password  ${password}   (of this run alone: it ends with the server)`);
  print('A client on this machine also needs MLFLOW_ENABLE_PROXY_MULTIPART_DOWNLOAD=false.');
  print('Ctrl-C ends it, and nothing is left behind.');
}

void main().then((code) => {
  process.exitCode = code;
});
