import { Token } from 'aws-cdk-lib';
import { readAsset } from '../../private/assets';
import { Problems } from '../../private/problems';
import { MlflowVersion } from '../../server';

/** What the server cannot do without. */
const SERVER_PACKAGES = ['mlflow', 'psycopg2-binary', 'boto3'];

/** boto3 with all that it needs: an instance installs it first, and talks to AWS with it from then on. */
const BOOT_PACKAGES = ['boto3', 'botocore', 'jmespath', 'python-dateutil', 's3transfer', 'six', 'urllib3'];

const REQUIREMENT = /^([A-Za-z0-9][\w.-]*)(?:\[[\w ,-]+\])?==([^\s;]+)( *;[^#]*?)?((?: +--hash=sha256:[0-9a-f]{64})+)$/;

interface Requirement {
  readonly line: string;
  readonly name?: string;
  readonly version?: string;
}

/** The packages of an operating system's Python and a processor: what this version of the library is tested with. */
export function testedRequirements(pythonVersion: string, processor: string): string {
  return readAsset('ec2', `requirements-${pythonVersion}-${processor}.txt`);
}

/** The part of the requirements that the boot itself needs. */
export function bootRequirements(requirements: string): string {
  return parse(requirements)
    .filter(({ name }) => name !== undefined && BOOT_PACKAGES.includes(name))
    .map(({ line }) => `${line}\n`)
    .join('');
}

/** The release of MLflow among the requirements. */
export function mlflowReleaseOf(requirements: string): string | undefined {
  return parse(requirements).find(({ name }) => name === 'mlflow')?.version;
}

/** The release that the compute installs: that of the given requirements, or the tested one. */
export function installedVersion(requirements: string | undefined): MlflowVersion {
  const release = requirements === undefined ? undefined : mlflowReleaseOf(requirements);
  return release === undefined ? MlflowVersion.V3_17_2 : MlflowVersion.of(release);
}

/** The names of the packages among the requirements. */
export function packagesOf(requirements: string): string[] {
  return parse(requirements).flatMap(({ name }) => name ?? []);
}

/** Notes what is wrong with the requirements that a user gives. */
export function requireRequirements(problems: Problems, requirements: string): void {
  const known = !Token.isUnresolved(requirements);
  problems.require(known, () => "'requirements' must be known at synthesis; got a token, pass the text of the file");
  if (!known) return;
  const all = parse(requirements);
  for (const { line, name } of all) {
    problems.require(name !== undefined, () => {
      return `'requirements' must have lines such as 'name==1.2.3 --hash=sha256:<64 hexadecimal digits>'; got '${line}'`;
    });
  }
  const missing = [...new Set([...SERVER_PACKAGES, ...BOOT_PACKAGES])].filter(
    (wanted) => !all.some(({ name }) => name === wanted),
  );
  problems.require(missing.length === 0, () => {
    return `'requirements' must have every package that the server needs; add ${missing.join(', ')}`;
  });
}

/** Line by line, without comments; a backslash joins a line with the next one. */
function parse(requirements: string): Requirement[] {
  return requirements
    .replace(/\\\r?\n/g, ' ')
    .split(/\r?\n/)
    .map((line) =>
      line
        .replace(/(^|\s)#.*$/, '')
        .trim()
        .replace(/\s+/g, ' '),
    )
    .filter((line) => line !== '')
    .map((line) => {
      const [, name, version] = REQUIREMENT.exec(line) ?? [];
      return { line, name: name?.toLowerCase().replace(/[_.-]+/g, '-'), version };
    });
}
