import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { DockerImageAsset, DockerImageAssetProps, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Construct } from 'constructs';
import { ServerImageBindOptions, ServerImageConfig } from './contract';
import { AssetImageOptions } from './server-image-options';
import { ImageSource } from './source';

const PLATFORMS: Record<InstanceArchitecture, Platform> = {
  [InstanceArchitecture.ARM_64]: Platform.LINUX_ARM64,
  [InstanceArchitecture.X86_64]: Platform.LINUX_AMD64,
};

export function assetImage(directory: string, { pythonPackages, ...options }: AssetImageOptions): ImageSource {
  return {
    capabilities: {
      displayName: 'ServerImage.fromAsset()',
      cpuArchitecture: architectureOf(options.platform),
      pythonPackages,
    },
    bind: (scope, bindOptions) => publishedImage(scope, { directory, ...options }, bindOptions),
  };
}

/** The architecture that a given platform stands for, if it is one that a compute can state. */
export function architectureOf(given?: Platform): InstanceArchitecture | undefined {
  // Not by identity: a platform may come from another copy of the AWS CDK, or from another language.
  const found = Object.entries(PLATFORMS).find(([, { platform }]) => platform === given?.platform);
  return found?.[0] as InstanceArchitecture | undefined;
}

export function publishedImage(
  scope: Construct,
  props: DockerImageAssetProps,
  { cpuArchitecture }: ServerImageBindOptions,
): ServerImageConfig {
  const platform = props.platform ?? (cpuArchitecture && PLATFORMS[cpuArchitecture]);
  const asset = new DockerImageAsset(scope, 'Image', { ...props, platform });
  return { imageUri: asset.imageUri, repository: asset.repository, tagOrDigest: asset.imageTag };
}
