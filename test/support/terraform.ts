import { spawnSync } from 'child_process';
import { cpSync, mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { cleanEnvironment } from '../../local/tools/clean-environment';

/** What can be asked of Terraform on this machine: nothing, its own checks, or those of the AWS provider too. */
export interface TerraformHere {
  readonly program: boolean;
  readonly provider: boolean;
}

export const NO_PROVIDER = 'the AWS provider of Terraform is not to be had here';

export interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  /** With what it says of errors and warnings. */
  readonly output: string;
}

/** Runs Terraform, whose own variables go through: `TF_CLI_ARGS_init` may say where a provider is. */
export function terraform(directory: string, ...args: string[]): Outcome {
  const { status, stdout, stderr } = spawnSync('terraform', args, {
    cwd: directory,
    encoding: 'utf8',
    env: { ...cleanEnvironment(), CHECKPOINT_DISABLE: '1', TF_IN_AUTOMATION: '1' },
    timeout: 180_000,
  });
  return { status, stdout, output: `${stdout}${stderr}` };
}

/** The directory, as a copy that Terraform may write into. */
export function inCopy<T>(directory: string, work: (copy: string) => T): T {
  const copy = mkdtempSync(join(tmpdir(), 'cdk-mlflow-terraform-'));
  try {
    cpSync(directory, copy, { recursive: true });
    return work(copy);
  } finally {
    rmSync(copy, { recursive: true });
  }
}

export function terraformHere(module: string): TerraformHere {
  const program = terraform('.', 'version').status === 0;
  const provider = program && inCopy(module, (copy) => terraform(copy, 'init', '-input=false').status === 0);
  return { program, provider };
}

/** A test of something that not every machine has: where it is missing, the test's name and a line say so. */
export function testWhere(isThere: boolean, lack: string, name: string, work: () => void): void {
  if (isThere) {
    test(name, work);
    return;
  }
  const notRun = `not run, ${lack}: ${name}`;
  test(notRun, () => console.log(notRun));
}
