import * as fs from 'fs';
import * as path from 'path';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { Stack } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { InstanceImage, Surroundings } from './instance';
import { Registry } from './registry';
import { DeployedStack } from '../../local/emulator/deployed-stack';
import { Emulator } from '../../local/emulator/emulator';
import { WorkDirectory } from '../../local/tools/work-directory';
import { IServerImage, ServerImage } from '../../src';
import { buildHardened, ensureBase, HARDENED } from '../image/build';
import { ensurePodman, podman, tryPodman } from '../image/podman';

const SURROUNDED = 'localhost/surrounded:test';

/** The hardened image in a registry that asks for a password, which only a secret of the stack has. */
export class PublishedImage implements InstanceImage {
  public static async build(): Promise<PublishedImage> {
    await ensurePodman();
    await ensureBase();
    await buildHardened();
    return new PublishedImage(await Registry.start());
  }

  private readonly work = new WorkDirectory();

  private constructor(public readonly registry: Registry) {}

  public image(stack: Stack): IServerImage {
    const credentials = new Secret(stack, 'Registry', {
      generateSecretString: { secretStringTemplate: '{"username":"robot"}', generateStringKey: 'password' },
    });
    return ServerImage.fromRegistry(this.registry.image, { credentials });
  }

  /** What a container on AWS finds around it, it finds in the image here: the unit names no more than on AWS. */
  public async publish({ variables, files }: Surroundings, stack: DeployedStack, emulator: Emulator): Promise<void> {
    const context = this.work.directory('context');
    const lines = [`FROM ${HARDENED}`, 'USER 0'];
    for (const [index, [file, text]] of Object.entries(files).entries()) {
      fs.writeFileSync(path.join(context, `${index}`), text);
      lines.push(`COPY --chmod=644 ${index} ${file}`);
    }
    for (const [name, value] of Object.entries(variables)) lines.push(`ENV ${name}=${JSON.stringify(value)}`);
    fs.writeFileSync(path.join(context, 'Dockerfile'), `${[...lines, 'USER 1000:1000'].join('\n')}\n`);
    await podman(['build', '--pull=never', '--tag', SURROUNDED, context]);
    this.registry.directory = this.work.directory('pushed');
    await podman(['push', '--quiet', '--compress', '--format=v2s2', SURROUNDED, `dir:${this.registry.directory}`]);

    const secret = stack.all('AWS::SecretsManager::Secret').find(({ logicalId }) => logicalId.startsWith('Registry'))!;
    const manager = new SecretsManagerClient(emulator.client());
    const { SecretString } = await manager.send(new GetSecretValueCommand({ SecretId: secret.physicalId }));
    Object.assign(this.registry, JSON.parse(SecretString!));
  }

  public async close(): Promise<void> {
    this.registry.stop();
    await tryPodman(['rmi', '--force', SURROUNDED]);
    this.work.remove();
  }
}
