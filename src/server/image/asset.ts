import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { DockerImageAsset, DockerImageAssetProps, Platform } from 'aws-cdk-lib/aws-ecr-assets';
import { Construct } from 'constructs';
import { IServerImage, ServerImageBindOptions, ServerImageConfig } from './contract';
import { AssetImageOptions } from './server-image-options';

const PLATFORMS: Record<InstanceArchitecture, Platform> = {
  [InstanceArchitecture.ARM_64]: Platform.LINUX_ARM64,
  [InstanceArchitecture.X86_64]: Platform.LINUX_AMD64,
};

export function assetImage(directory: string, { pythonPackages, ...options }: AssetImageOptions): IServerImage {
  return {
    capabilities: {
      displayName: 'ServerImage.fromAsset()',
      cpuArchitecture: architectureOf(options.platform),
      pythonPackages,
    },
    bind: (scope, bindOptions) => publishedImage(scope, { directory, ...options }, bindOptions),
  };
}

/** The CPU architecture of a platform, if a compute can have it. */
export function architectureOf(platform?: Platform): InstanceArchitecture | undefined {
  // Not by identity: a platform can come from another copy of the AWS CDK, or from another language.
  const found = Object.entries(PLATFORMS).find(([, known]) => known.platform === platform?.platform);
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
