import { cpSync } from 'fs';
import { join } from 'path';
import { pack } from './build';
import { readTemplate, Reference } from './npm';
import { isInstalled, Steps } from './steps';
import { assertEqualTemplates } from './templates';
import { DIST, FLOOR, QUICKSTART, WORK } from './workspace';

const CDK = 'github.com/aws/aws-cdk-go/awscdk/v2';
const LIBRARY = 'github.com/cdk-mlflow/cdk-mlflow-go/cdkmlflow';

/**
 * The newest release of aws-cdk-lib for Go, up to the floor, that could be had with its checksum verified, and the schema
 * that it comes with. The check itself is never switched off.
 */
const VERIFIED = 'v2.250.0';
const SCHEMA = 'github.com/cdklabs/cloud-assembly-schema-go/awscdkcloudassemblyschema/v53';
const VERIFIED_SCHEMA = 'v53.0.0';

export async function go(steps: Steps, reference: Promise<Reference>): Promise<void> {
  const directory = join(WORK, 'go');
  await steps.step('built', async () => {
    await pack(steps, 'go', '--code-only');
    return 'the code is generated; it is compiled with the app';
  });
  if (!isInstalled('go', 'version')) {
    const rest = ['installed', 'synthesised', 'template equal'];
    rest.forEach((name) => steps.notRun(name, 'there is no Go on this machine'));
    return;
  }
  await steps.step('installed', async () => {
    cpSync(join(QUICKSTART, 'go'), directory, { recursive: true });
    const replace = (module: string, by: string) =>
      steps.run('go', ['mod', 'edit', `-replace=${module}=${by}`], { cwd: directory });
    await replace(LIBRARY, join(DIST, 'go', 'cdkmlflow'));
    await replace(CDK, `${CDK}@${VERIFIED}`);
    await replace(SCHEMA, `${SCHEMA}@${VERIFIED_SCHEMA}`);
    await steps.run('go', ['build', '-o', 'app', '.'], { cwd: directory });
    return `compiled with aws-cdk-lib ${VERIFIED.slice(1)} instead of ${FLOOR['aws-cdk-lib']}, which has no checksum`;
  });
  await steps.step('synthesised', async () => {
    await steps.run('./app', [], { cwd: directory, env: { CDK_OUTDIR: join(directory, 'out') } });
  });
  await steps.step('template equal', async () =>
    assertEqualTemplates((await reference).quickstart, readTemplate(join(directory, 'out'), 'Quickstart')),
  );
}
