import { join } from 'path';
import { IgnoreMode } from 'aws-cdk-lib';
import { MlflowVersion } from '../mlflow-version';
import { architectureOf, publishedImage } from './asset';
import { IServerImage } from './contract';
import { requirePinnedImage } from './registry';
import { HardenedImageOptions } from './server-image-options';
import { ASSETS } from '../../private/assets';

/** The release that `assets/image/requirements.txt` pins. */
const PINNED_VERSION = MlflowVersion.V3_17_2;

/** Only what the Dockerfile copies, so that no other file of the library changes the image. */
const EXCLUDE = [
  '**',
  '!image/Dockerfile',
  '!image/requirements.txt',
  '!server/bootstrap.py',
  '!server/guard/*.py',
  '!rds-ca/*.json',
];

export function hardenedImage({ baseImage, ...options }: HardenedImageOptions): IServerImage {
  if (baseImage !== undefined) requirePinnedImage('baseImage', baseImage, 'python:3.11-slim-bookworm');
  return {
    capabilities: {
      displayName: 'ServerImage.hardened()',
      version: PINNED_VERSION,
      cpuArchitecture: architectureOf(options.platform),
    },
    bind: (scope, bindOptions) =>
      publishedImage(
        scope,
        {
          ...options,
          directory: ASSETS,
          file: join('image', 'Dockerfile'),
          exclude: EXCLUDE,
          ignoreMode: IgnoreMode.DOCKER,
          buildArgs: {
            MLFLOW_VERSION: bindOptions.version.version,
            ...(baseImage === undefined ? {} : { BASE_IMAGE: baseImage }),
          },
        },
        bindOptions,
      ),
  };
}
