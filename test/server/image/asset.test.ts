import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { App, Stack } from 'aws-cdk-lib';
import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { NetworkMode, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { CpuArchitecture } from 'aws-cdk-lib/aws-ecs';
import { Compute, IServerImage, MlflowVersion, ServerImage, ServerImageBindOptions } from '../../../src';
import { newStack } from '../../support/new-app';
import { containersOf, permissionsOf, templateWith } from '../../support/templates';

interface ImageAsset {
  readonly source: { readonly directory: string; readonly [property: string]: unknown };
  readonly displayName: string;
}

/** The image that the stack publishes, as the deployment tool is told. */
function publishedBy(stack: Stack): ImageAsset & { files: string[] } {
  const { directory } = (stack.node.root as App).synth();
  const manifest = JSON.parse(readFileSync(join(directory, `${stack.artifactId}.assets.json`), 'utf8'));
  const [asset, ...others] = Object.values<ImageAsset>(manifest.dockerImages);
  expect(others).toEqual([]);
  const files = readdirSync(join(directory, asset.source.directory), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(join(directory, asset.source.directory).length + 1))
    .sort();
  return { ...asset, files };
}

/** What CloudFormation would make of it, with its own parameters left in. */
function textOf(value: any): string {
  if (typeof value === 'string') return value;
  if ('Ref' in value) return `\${${value.Ref}}`;
  return 'Fn::Sub' in value ? value['Fn::Sub'] : value['Fn::Join'][1].map(textOf).join(value['Fn::Join'][0]);
}

const OPTIONS: ServerImageBindOptions = {
  version: MlflowVersion.V3_17_2,
  cpuArchitecture: InstanceArchitecture.ARM_64,
};

function bound(image: IServerImage, options = OPTIONS) {
  const stack = newStack();
  const config = image.bind(stack, options);
  return { stack, config, asset: publishedBy(stack) };
}

describe('an image of a directory', () => {
  const image = ServerImage.fromAsset('test/image', { file: 'stock.Dockerfile' });

  test('is built for the compute’s processor, and published', () => {
    const { asset, config, stack } = bound(image);
    expect(asset.source).toEqual({
      directory: expect.stringMatching(/^asset\./),
      dockerFile: 'stock.Dockerfile',
      platform: 'linux/arm64',
    });
    expect(asset.files).toContain('stock.Dockerfile');
    expect(config.tagOrDigest).toMatch(/^[0-9a-f]{64}$/);
    const uri = config.repository!.repositoryUriForTagOrDigest(config.tagOrDigest);
    expect(textOf(stack.resolve(config.imageUri))).toBe(textOf(stack.resolve(uri)));
    expect(textOf(stack.resolve(uri))).toContain(`.dkr.ecr.\${AWS::Region}.\${AWS::URLSuffix}/`);
  });

  test.each([
    [InstanceArchitecture.X86_64, 'linux/amd64'],
    [undefined, undefined],
  ])('for %s: %s', (cpuArchitecture, platform) => {
    expect(bound(image, { ...OPTIONS, cpuArchitecture }).asset.source.platform).toBe(platform);
  });

  test('takes every option of the AWS CDK’s own assets', () => {
    const { asset } = bound(
      ServerImage.fromAsset('test/image', {
        file: 'stock.Dockerfile',
        platform: Platform.custom('linux/arm64/v8'),
        buildArgs: { A: 'b' },
        target: 'final',
        exclude: ['*.ts'],
        networkMode: NetworkMode.HOST,
      }),
    );
    expect(asset.source).toMatchObject({
      platform: 'linux/arm64/v8',
      dockerBuildArgs: { A: 'b' },
      dockerBuildTarget: 'final',
      networkMode: 'host',
    });
    expect(asset.files).not.toContain('run.ts');
  });
});

describe('the hardened image', () => {
  test('is built from what its Dockerfile copies, and nothing else', () => {
    const { asset } = bound(ServerImage.hardened());
    expect(asset.source).toEqual({
      directory: expect.stringMatching(/^asset\./),
      dockerFile: 'image/Dockerfile',
      dockerBuildArgs: { MLFLOW_VERSION: '3.17.2' },
      platform: 'linux/arm64',
    });
    expect(asset.files).toEqual([
      'image/Dockerfile',
      'image/requirements.txt',
      'rds-ca/ecc384-g1.json',
      'rds-ca/rsa2048-g1.json',
      'rds-ca/rsa4096-g1.json',
      'server/bootstrap.py',
      'server/guard/__init__.py',
      'server/guard/app.py',
      'server/guard/bodies.py',
      'server/guard/headers.py',
      'server/guard/page.py',
      'server/guard/paths.py',
      'server/guard/release.py',
      'server/guard/sign_in.py',
      'server/guard/traces.py',
      'server/guard/users.py',
    ]);
  });

  test.each([
    [
      'baseImage',
      { baseImage: 'example.com/python:3.12-slim' },
      'dockerBuildArgs',
      { BASE_IMAGE: 'example.com/python:3.12-slim', MLFLOW_VERSION: '3.17.2' },
    ],
    ['platform', { platform: Platform.LINUX_AMD64 }, 'platform', 'linux/amd64'],
    ['buildSecrets', { buildSecrets: { pip: 'src=pip.conf' } }, 'dockerBuildSecrets', { pip: 'src=pip.conf' }],
    ['networkMode', { networkMode: NetworkMode.HOST }, 'networkMode', 'host'],
    ['cacheFrom', { cacheFrom: [{ type: 'gha' }] }, 'cacheFrom', [{ type: 'gha' }]],
    ['cacheTo', { cacheTo: { type: 'gha' } }, 'cacheTo', { type: 'gha' }],
  ])('%s', (_name, options, property, value) => {
    expect(bound(ServerImage.hardened()).asset.source[property]).not.toEqual(value);
    expect(bound(ServerImage.hardened(options)).asset.source[property]).toEqual(value);
  });

  test('has the name that it is given', () => {
    expect(bound(ServerImage.hardened({ assetName: 'mlflow' })).asset.displayName).toBe('mlflow');
  });

  test('is the same for two servers, and another for another processor', () => {
    const tag = (options?: Partial<ServerImageBindOptions>) =>
      bound(ServerImage.hardened(), { ...OPTIONS, ...options }).config.tagOrDigest;
    expect(tag()).toBe(tag());
    expect(tag({ cpuArchitecture: InstanceArchitecture.X86_64 })).not.toBe(tag());
  });

  test.each([
    [undefined, 'linux/arm64'],
    [CpuArchitecture.X86_64, 'linux/amd64'],
  ])('follows the processor of the server’s compute: %j', (cpuArchitecture, platform) => {
    const stack = newStack();
    templateWith({ image: ServerImage.hardened(), compute: Compute.fargate({ cpuArchitecture }) }, stack);
    expect(publishedBy(stack).source.platform).toBe(platform);
  });

  test('runs in every container, and the role that starts them may pull it alone', () => {
    const stack = newStack();
    const template = templateWith({ image: ServerImage.hardened() }, stack);
    const [{ Image }] = containersOf(template);
    expect(containersOf(template).map((container) => container.Image)).toEqual(Array(3).fill(Image));
    expect(JSON.stringify(Image)).toMatch(/container-assets-.*:[0-9a-f]{64}/);
    const pulls = permissionsOf(template).filter(({ action }) => action.startsWith('ecr:'));
    expect(pulls.map(({ action }) => action).sort()).toEqual([
      'ecr:BatchCheckLayerAvailability',
      'ecr:BatchGetImage',
      'ecr:GetAuthorizationToken',
      'ecr:GetDownloadUrlForLayer',
    ]);
    for (const { role, action, resource } of pulls) {
      expect(role).toMatch(/^MlflowComputeTaskExecutionRole/);
      // A token for the registry cannot be narrowed down to a repository.
      if (action === 'ecr:GetAuthorizationToken') expect(resource).toBe('*');
      else expect(JSON.stringify(resource)).toContain('container-assets-');
    }
  });
});

describe('what the hardened image is built from', () => {
  const requirements = readFileSync('assets/image/requirements.txt', 'utf8');
  const dockerfile = readFileSync('assets/image/Dockerfile', 'utf8');
  const pinned = [...requirements.matchAll(/^([a-z0-9-]+)==/gm)].map(([, name]) => name);

  test('is the release that the library deploys', () => {
    const { version } = MlflowVersion.V3_17_2;
    expect(ServerImage.hardened().capabilities.version?.version).toBe(version);
    expect(requirements).toContain(`\nmlflow==${version} `);
    expect(dockerfile).toContain(`ARG MLFLOW_VERSION=${version}\n`);
  });

  test('is pinned by version and hash, and by nothing that a machine would have to know', () => {
    expect(pinned.length).toBeGreaterThan(70);
    const blocks = requirements.split(/\n(?=[^\s#])/);
    expect(blocks.filter((block) => !/^[a-z0-9-]+==\S+ .*\\\n {4}--hash=sha256:[0-9a-f]{64}/.test(block))).toEqual([]);
    expect(requirements).not.toMatch(/:\/\/|^-/m);
  });

  test('has what a server of this library uses', () => {
    expect(pinned).toEqual(
      expect.arrayContaining(['flask-wtf', 'psycopg2-binary', 'pymysql', 'boto3', 'uvloop', 'httptools', 'redis']),
    );
  });

  test('has nothing of what is left out', () => {
    const leftOut = [...readFileSync('assets/image/left-out.txt', 'utf8').matchAll(/^([a-z-]+);/gm)].map(
      ([, name]) => name,
    );
    expect(leftOut).toHaveLength(7);
    expect(pinned.filter((name) => leftOut.includes(name))).toEqual([]);
  });

  test('ends as a user without rights, by number', () => {
    expect(dockerfile.match(/^USER .*/gm)).toEqual(['USER 1000:1000']);
  });
});
