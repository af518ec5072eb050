import * as fs from 'fs';
import * as https from 'https';
import * as path from 'path';
import { makeCertificate } from '../tools/certificates';
import { cleanEnvironment } from '../tools/clean-environment';
import { freePort } from '../tools/free-port';
import { LOCAL } from '../tools/paths';
import { Processes } from '../tools/processes';
import { PythonEnvironment } from '../tools/python-environments';
import { waitUntil } from '../tools/wait-until';
import { WorkDirectory } from '../tools/work-directory';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

// Node 20 is supported by the versions that are pinned here.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED = 'true';

/** The emulated account's owner. */
const ROOT: Credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** What everything falls back to is us-east-1: elsewhere, whoever was not told the region is found out. */
const REGION = 'eu-central-1';

/** What a request was signed for, by its own credential scope. */
export interface Signature {
  readonly accessKeyId: string;
  readonly region: string;
  readonly service: string;
  /** Whether the address itself is signed, for somebody else to use. */
  readonly presigned: boolean;
}

/** The running AWS emulator, as its clients need it. */
export class Emulator {
  public readonly region = REGION;
  private readonly agent: https.Agent;

  constructor(
    public readonly endpoint: string,
    public readonly authority: string,
    public readonly recordFile: string,
    private readonly signaturesFile: string,
  ) {
    this.agent = new https.Agent({ ca: fs.readFileSync(authority), keepAlive: true });
  }

  /** Configures a client of the AWS SDK. @default - as the account's owner */
  public client(credentials: Credentials = ROOT) {
    return {
      endpoint: this.endpoint,
      region: this.region,
      credentials,
      maxAttempts: 1,
      requestHandler: { httpsAgent: this.agent },
    };
  }

  /** What the requests with one of the access keys were signed for, until now. */
  public signatures(accessKeyIds: readonly string[]): Signature[] {
    const lines = fs.existsSync(this.signaturesFile) ? fs.readFileSync(this.signaturesFile, 'utf8').split('\n') : [];
    const all = lines.filter(Boolean).map((line) => JSON.parse(line) as Signature);
    return all.filter(({ accessKeyId }) => accessKeyIds.includes(accessKeyId));
  }

  public isHealthy(): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const request = https.get(`${this.endpoint}/_ministack/health`, { agent: this.agent }, (response) => {
        response.resume();
        resolve(response.statusCode === 200);
      });
      request.once('error', reject);
    });
  }
}

export async function startEmulator(
  work: WorkDirectory,
  python: PythonEnvironment,
  processes: Processes,
): Promise<Emulator> {
  const directory = work.directory('emulator');
  const certificate = await makeCertificate(directory, '127.0.0.1', python, processes);
  const port = await freePort();
  const signaturesFile = path.join(directory, 'signatures.jsonl');
  const emulator = new Emulator(
    `https://127.0.0.1:${port}`,
    certificate.authority,
    path.join(directory, 'resources.jsonl'),
    signaturesFile,
  );
  const running = processes.start({
    name: 'the AWS emulator',
    argv: [python.python, path.join(LOCAL, 'emulator', 'ministack_shim.py')],
    environment: {
      ...cleanEnvironment(),
      RECORD: emulator.recordFile,
      SIGNATURES: signaturesFile,
      MINISTACK_REGION: emulator.region,
      BIND_HOST: '127.0.0.1',
      GATEWAY_PORT: `${port}`,
      AUTH: 'true',
      USE_SSL: '1',
      MINISTACK_SSL_CERT: certificate.certificate,
      MINISTACK_SSL_KEY: certificate.key,
      IOT_MTLS_ENABLED: '0',
      PYTHONDONTWRITEBYTECODE: '1',
      TMPDIR: directory,
      HOME: directory,
    },
    directory,
    logFile: path.join(directory, 'emulator.log'),
  });
  await waitUntil('the AWS emulator', async () => running.hasExited || emulator.isHealthy(), 60);
  if (running.hasExited) throw new Error(`the AWS emulator ${await running.exited}:\n${running.lastWords()}`);
  return emulator;
}
