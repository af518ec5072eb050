import { readFileSync } from 'fs';
import { join } from 'path';
import { CACHE, REPOSITORY } from '../../local/tools/paths';

/** Everything that the suite keeps or makes; git ignores it. Only downloads and compilers' caches outlive a run. */
export const ROOT = join(CACHE, 'languages');
export const DIST = join(ROOT, 'dist');
export const WORK = join(ROOT, 'work');
export const LOGS = join(ROOT, 'logs');
export const MAVEN = join(ROOT, 'maven');

export const QUICKSTART = join(REPOSITORY, 'examples', 'quickstart');
export const CUSTOM_COMPUTE = join(__dirname, 'custom-compute');

/** The oldest aws-cdk-lib that the library supports, and the newest that it is tested with. */
export const FLOOR = versions(join(REPOSITORY, 'package.json'), 'devDependencies');
export const NEWEST = versions(join(REPOSITORY, 'test', 'newest-cdk', 'package.json'), 'dependencies');

export interface CdkVersions {
  readonly 'aws-cdk-lib': string;
  readonly constructs: string;
}

function versions(file: string, field: string): CdkVersions {
  const { 'aws-cdk-lib': cdk, constructs } = JSON.parse(readFileSync(file, 'utf8'))[field];
  return { 'aws-cdk-lib': cdk, constructs };
}

/** The environment of every command: the machine's own, with caches of the suite's own. */
export function environment(): NodeJS.ProcessEnv {
  const { PYTHONDONTWRITEBYTECODE: _, ...machine } = process.env;
  return {
    ...machine,
    npm_config_cache: join(ROOT, 'npm'),
    npm_config_update_notifier: 'false',
    PIP_CACHE_DIR: join(ROOT, 'pip'),
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    UV_CACHE_DIR: join(ROOT, 'uv'),
    UV_PYTHON_DOWNLOADS: 'never',
    GOCACHE: join(ROOT, 'go-build'),
    GOMODCACHE: join(ROOT, 'go-modules'),
    GOFLAGS: '-mod=mod -modcacherw',
    GOTOOLCHAIN: 'local',
    JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION: process.versions.node.split('.')[0],
    CDK_VALIDATION: 'false',
  };
}
