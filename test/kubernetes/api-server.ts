import { generateKeyPairSync, randomBytes } from 'crypto';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { LocalRunFailure } from '../../local/failure';
import { cleanEnvironment } from '../../local/tools/clean-environment';
import { freePort } from '../../local/tools/free-port';
import { withLock } from '../../local/tools/lock';
import { Processes } from '../../local/tools/processes';
import { waitUntil } from '../../local/tools/wait-until';
import { WorkDirectory } from '../../local/tools/work-directory';
import { Ended, execute, succeed } from '../image/podman';

/** Of a version that Amazon EKS runs. */
const VERSION = '1.33.13';

/** Outside of the repository: to build the server takes ten minutes of a processor, and half an hour where it is busy. */
const CACHE = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'cdk-mlflow', 'kubernetes');

/** Builds the API server from its Go module, once. */
async function ensureBinary(): Promise<string> {
  const binary = path.join(CACHE, `kube-apiserver-${VERSION}`);
  if (fs.existsSync(binary)) return binary;
  await withLock(path.join(CACHE, 'lock'), async () => {
    if (fs.existsSync(binary)) return;
    const source = path.join(CACHE, 'source');
    fs.mkdirSync(source, { recursive: true });
    const go = (...args: string[]) =>
      succeed(['nice', '-n', '15', 'go', '-C', source, ...args], {
        ...process.env,
        CGO_ENABLED: '0',
        GOFLAGS: '-mod=mod',
        GOWORK: 'off',
      });
    const module = 'k8s.io/kubernetes';
    const { GoMod } = JSON.parse(await go('mod', 'download', '-json', `${module}@v${VERSION}`));
    fs.writeFileSync(path.join(source, 'go.mod'), goMod(module, fs.readFileSync(GoMod, 'utf8')));
    const [major, minor] = VERSION.split('.');
    const stamp = { gitVersion: `v${VERSION}`, gitMajor: major, gitMinor: minor };
    const flags = Object.entries(stamp).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`);
    const partial = `${binary}.partial`;
    await go(
      'build',
      '-trimpath',
      '-ldflags',
      `-s -w ${flags.join(' ')}`,
      '-o',
      partial,
      `${module}/cmd/kube-apiserver`,
    );
    fs.renameSync(partial, binary);
    fs.rmSync(source, { recursive: true });
  });
  return binary;
}

/** Its parts are modules of their own, which its own `go.mod` takes from beside it. */
function goMod(module: string, original: string): string {
  const parts = [...original.matchAll(/^\s*(k8s\.io\/\S+) => \.\/staging/gm)].map(([, name]) => name);
  const [, go] = /^go (\S+)$/m.exec(original)!;
  const replaced = parts.map((name) => `\t${name} => ${name} v0.${VERSION.slice(2)}\n`).join('');
  return `module cdk-mlflow.test/kubernetes\n\ngo ${go}\n\nrequire ${module} v${VERSION}\n\nreplace (\n${replaced})\n`;
}

async function requirePrograms(): Promise<void> {
  for (const [program, ...help] of [
    ['go', 'version'],
    ['kubectl', 'version', '--client'],
    ['etcd', '--version'],
  ]) {
    const { code } = await execute([program, ...help]);
    if (code !== 0) {
      throw new LocalRunFailure(`this test needs the program ${program}: install it, on Debian etcd-server`);
    }
  }
}

/** The API server of Kubernetes, with nothing behind it: what it accepts, it keeps, and nothing is ever started. */
export class ApiServer {
  public static async start(work: WorkDirectory, processes: Processes): Promise<ApiServer> {
    await requirePrograms();
    fs.mkdirSync(CACHE, { recursive: true });
    const binary = await ensureBinary();
    const [store, peer, port] = [await freePort(), await freePort(), await freePort()];
    const directory = work.directory('kubernetes');
    const spec = { environment: cleanEnvironment(), directory };
    const at = (address: number) => `http://127.0.0.1:${address}`;
    processes.start({
      ...spec,
      name: 'etcd',
      argv: [
        'etcd',
        `--data-dir=${path.join(directory, 'etcd')}`,
        `--listen-client-urls=${at(store)}`,
        `--advertise-client-urls=${at(store)}`,
        `--listen-peer-urls=${at(peer)}`,
        '--unsafe-no-fsync',
      ],
      logFile: path.join(directory, 'etcd.log'),
    });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const file = (name: string, content: string) => {
      fs.writeFileSync(path.join(directory, name), content, { mode: 0o600 });
      return path.join(directory, name);
    };
    const key = file('accounts.pem', privateKey.export({ type: 'pkcs8', format: 'pem' }) as string);
    const token = randomBytes(16).toString('hex');
    const running = processes.start({
      ...spec,
      name: 'kube-apiserver',
      argv: [
        binary,
        `--etcd-servers=${at(store)}`,
        '--bind-address=127.0.0.1',
        `--secure-port=${port}`,
        `--cert-dir=${path.join(directory, 'certificates')}`,
        '--service-cluster-ip-range=10.96.0.0/16',
        '--service-account-issuer=https://kubernetes.default.svc',
        `--service-account-key-file=${key}`,
        `--service-account-signing-key-file=${key}`,
        '--authorization-mode=RBAC',
        // As on Amazon EKS: what is refused is refused for the namespace's sake.
        '--allow-privileged',
        `--token-auth-file=${file('tokens.csv', `${token},tester,tester,system:masters\n`)}`,
      ],
      logFile: path.join(directory, 'apiserver.log'),
    });
    const server = new ApiServer([
      `--server=https://127.0.0.1:${port}`,
      `--certificate-authority=${path.join(directory, 'certificates', 'apiserver.crt')}`,
      `--token=${token}`,
      // Whatever the user of this machine is signed in to stays out of it.
      `--kubeconfig=${file('kubeconfig', '')}`,
      `--cache-dir=${path.join(directory, 'cache')}`,
    ]);
    const isUp = async () => running.hasExited || (await server.kubectl(['get', '--raw=/readyz'])).code === 0;
    await waitUntil('kube-apiserver', isUp, 60);
    if (running.hasExited) throw new LocalRunFailure(`kube-apiserver ${await running.exited}:\n${running.lastWords()}`);
    return server;
  }

  private constructor(private readonly connection: string[]) {}

  /** Runs kubectl; objects are told as JSON. */
  public async kubectl(args: readonly string[], objects?: object[]): Promise<Ended> {
    if (!objects) return execute(['kubectl', ...args, ...this.connection]);
    const file = path.join(os.tmpdir(), `cdk-mlflow-${randomBytes(8).toString('hex')}.json`);
    fs.writeFileSync(file, JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
    try {
      return await execute(['kubectl', ...args, `--filename=${file}`, ...this.connection]);
    } finally {
      fs.rmSync(file);
    }
  }

  /** What the API server says to objects that it does not keep. */
  public dryRun(objects: object[]): Promise<Ended> {
    return this.kubectl(['apply', '--server-side', '--dry-run=server', '--validate=strict'], objects);
  }

  /** Makes objects for the others to refer to. */
  public async create(objects: object[]): Promise<void> {
    const { code, output } = await this.kubectl(['apply', '--server-side', '--validate=strict'], objects);
    if (code !== 0) throw new LocalRunFailure(output);
  }
}
