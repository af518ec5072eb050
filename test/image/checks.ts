import * as fs from 'fs';
import * as path from 'path';
import { AS_SERVER, RESTRICTIONS, runAsTask, SCRATCH } from './containers';
import { podman, tryPodman } from './podman';
import { LocalRunFailure } from '../../local/failure';
import { ServerDefinition } from '../../src/server';

/** Shell commands in the image, as the server's user and as restricted, and what each must print. */
const QUESTIONS: [string, string, RegExp][] = [
  ['the user', 'id -u; id -g', /^1000\n1000$/],
  ['the capabilities', 'grep -E "CapEff|NoNewPrivs" /proc/self/status', /CapEff:\s0+\nNoNewPrivs:\s1$/],
  ['the root', 'touch /opt/mlflow/x 2>&1; touch /x 2>&1; true', /^(touch: .* Read-only file system\n?){2}$/],
  ['the scratch directory', 'touch /tmp/x && ls /tmp', /^x$/],
  ['what the user owns', 'find / -xdev -user 1000 -not -path "/proc/*" | head -3', /^$/],
  ['compilers', 'for x in gcc g++ cc c++ clang ld make; do command -v $x; done; true', /^$/],
  [
    'the path of Python',
    'command -v python; command -v mlflow',
    /^\/opt\/mlflow\/bin\/python\n\/opt\/mlflow\/bin\/mlflow$/,
  ],
  ['the release', 'python -c "import importlib.metadata as m; print(m.version(\'mlflow\'))"', /^3\.17\.2$/],
  [
    'modules that are not compiled',
    'cd /opt/mlflow/lib/python3*/site-packages; find . -name "*.py" | sed -E "s#/([^/]+)\\.py\\$#/__pycache__/\\1#" | while read -r stem; do ls "$stem".cpython-*.pyc >/dev/null 2>&1 || echo "$stem"; done',
    /^$/,
  ],
  [
    'compiled modules that depend on times',
    "python -c \"import pathlib; print([p for p in pathlib.Path('/opt/mlflow/lib').rglob('*.pyc') if p.read_bytes()[4] != 1])\"",
    /^\[\]$/,
  ],
  [
    'the certificates',
    "python -c \"import ssl; c = ssl.create_default_context(cafile='/opt/mlflow/rds-ca.pem'); print(sum('RDS' in str(x['subject']) for x in c.get_ca_certs()) >= 84)\"",
    /^True$/,
  ],
];

export async function checkRestrictions(image: string): Promise<void> {
  for (const [what, command, expected] of QUESTIONS) {
    const options = [...RESTRICTIONS, ...SCRATCH, AS_SERVER, '--network=none', '--entrypoint=["sh","-c"]'];
    const answer = await podman(['run', '--rm', ...options, image, command]);
    if (!expected.test(answer)) throw new LocalRunFailure(`${what}: got ${answer}, expected ${expected}`);
  }
  const configuration = JSON.parse(await podman(['inspect', '--format', '{{json .Config}}', image]));
  const { User, Healthcheck, Labels, Volumes } = configuration;
  if (User !== '1000:1000' || Healthcheck || !('/tmp' in Volumes)) {
    throw new LocalRunFailure(`the image's configuration is ${JSON.stringify(configuration)}`);
  }
  if (Labels['org.opencontainers.image.version'] !== '3.17.2') {
    throw new LocalRunFailure(`the image's labels are ${JSON.stringify(Labels)}`);
  }
}

/**
 * ECS mounts an empty volume in two ways: like the image's own directory where the image declares it as a volume, else
 * as a directory of root. The first container must succeed on both, and the server's user must be able to write then.
 */
export async function checkScratchVolumes(image: string, server: ServerDefinition, directory: string): Promise<void> {
  const mounted = path.join(directory, 'scratch');
  fs.mkdirSync(mounted, { mode: 0o755 });
  // The directories above are private to root.
  const volumes: [string, string, boolean][] = [
    ['like the image', 'scratch-like-the-image', true],
    ['of root', mounted, false],
  ];
  for (const [name, source, writableBefore] of volumes) {
    const volume = [`--volume=${source}:/tmp`];
    const isWritable = async () => {
      const options = [...RESTRICTIONS, ...volume, AS_SERVER, '--network=none', '--entrypoint=["touch"]'];
      return (await tryPodman(['run', '--rm', ...options, image, '/tmp/x'])).code === 0;
    };
    if ((await isWritable()) !== writableBefore) {
      throw new LocalRunFailure(`a volume ${name} is ${writableBefore ? 'not ' : ''}writable before it is prepared`);
    }
    const prepared = await runAsTask(image, server, 'prepare', volume);
    if (prepared.code !== 0) throw new LocalRunFailure(`preparing a volume ${name}: ${prepared.output}`);
    if (!(await isWritable())) throw new LocalRunFailure(`a volume ${name} is not writable once it is prepared`);
  }
}
