import { spawnSync } from 'child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

const out = mkdtempSync(join(tmpdir(), 'cdk-mlflow-examples-'));

afterAll(() => rmSync(out, { recursive: true }));

const examples = readdirSync('examples');

test('there are examples', () => {
  expect(examples).toContain('quickstart');
});

test.each(examples)('examples/%s synthesises one stack with a server', (name) => {
  const outdir = join(out, name);
  const { status, stderr } = spawnSync(process.execPath, ['--import', 'tsx', join('examples', name, 'app.ts')], {
    encoding: 'utf8',
    env: { ...process.env, CDK_OUTDIR: outdir, CDK_VALIDATION: 'false' },
  });
  expect({ status, stderr }).toMatchObject({ status: 0 });

  const templates = readdirSync(outdir).filter((file) => file.endsWith('.template.json'));
  expect(templates).toHaveLength(1);
  const { Resources, Outputs } = JSON.parse(readFileSync(join(outdir, templates[0]), 'utf8'));
  expect(Object.keys(Resources)).toContainEqual(expect.stringMatching(/^MlflowArtifactStoreBucket/));
  expect(Object.keys(Outputs)).toContainEqual(expect.stringMatching(/^MlflowTrackingUri/));
});
