import { cpSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { pack } from './build';
import { copyInto, readTemplate, Reference } from './npm';
import { assertCustom } from './python';
import { Steps } from './steps';
import { assertEqualTemplates } from './templates';
import { CUSTOM_COMPUTE, DIST, MAVEN, QUICKSTART, WORK } from './workspace';

export async function java(steps: Steps, reference: Promise<Reference>): Promise<void> {
  const directory = join(WORK, 'java');
  const out = (name: string) => join(directory, name);
  const maven = (...args: string[]) => ['--batch-mode', '--quiet', '--settings', 'settings.xml', ...args];
  const execute = (name: string, ...args: string[]) =>
    steps.run('mvn', maven('--offline', 'exec:java', ...args), { cwd: directory, env: { CDK_OUTDIR: out(name) } });

  await steps.step('built', () => pack(steps, 'java', '--maven-local-repository', MAVEN));
  await steps.step('installed', async () => {
    // A jar that an earlier run has left would be taken for the packed one.
    rmSync(join(MAVEN, 'io', 'github', 'cdk-mlflow'), { recursive: true, force: true });
    cpSync(join(QUICKSTART, 'java'), directory, { recursive: true });
    copyInto(join(directory, 'src/main/java/com/example'), join(CUSTOM_COMPUTE, 'CustomCompute.java'));
    writeFileSync(join(directory, 'settings.xml'), settings());
    await steps.run('mvn', maven('compile'), { cwd: directory });
  });
  await steps.step('synthesised', async () => {
    // The plug-in itself is downloaded on the way.
    await steps.run('mvn', maven('exec:java'), { cwd: directory, env: { CDK_OUTDIR: out('quickstart') } });
  });
  await steps.step('template equal', async () =>
    assertEqualTemplates((await reference).quickstart, readTemplate(out('quickstart'), 'Quickstart')),
  );
  await steps.step('custom compute', async () => {
    await execute('custom', '-Dexec.mainClass=com.example.CustomCompute');
    return assertCustom(await reference, out('custom'));
  });
}

/** A user's settings, with the packed jar's directory as one more repository. */
const settings = () => `<settings>
  <localRepository>${MAVEN}</localRepository>
  <profiles>
    <profile>
      <id>packed</id>
      <repositories>
        <repository><id>packed</id><url>file://${join(DIST, 'java')}</url></repository>
      </repositories>
    </profile>
  </profiles>
  <activeProfiles><activeProfile>packed</activeProfile></activeProfiles>
</settings>
`;
