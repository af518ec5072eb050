import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { EksComputeProps } from './eks-compute-props';
import { PodSettings } from './names';
import { readAsset } from '../../private/assets';
import { ServerBindOptions } from '../self-hosted';

const NODE_ARCHITECTURES: Record<InstanceArchitecture, string> = {
  [InstanceArchitecture.ARM_64]: 'arm64',
  [InstanceArchitecture.X86_64]: 'amd64',
};

const DEFAULT_SCRATCH_MIB = 10 * 1024;

/** The namespace of the server. */
export function namespaceOf({ kubernetesNamespace = 'mlflow' }: EksComputeProps): string {
  return kubernetesNamespace;
}

/** The CPU architecture of the nodes. Undefined if it is not known. */
export function nodeArchitecture({ cpuArchitecture, cluster }: EksComputeProps): InstanceArchitecture | undefined {
  return cpuArchitecture ?? cluster._source.cpuArchitecture;
}

export function podSettings(props: EksComputeProps, options: ServerBindOptions): PodSettings {
  const { nodeSelector, imagePullSecrets = [], ephemeralStorage } = props;
  const { server, size } = options;
  const cpuArchitecture = nodeArchitecture(props);
  return {
    namespace: namespaceOf(props),
    server,
    replicas: size.replicas,
    vcpus: size.vcpus,
    memoryMiB: size.memory.toMebibytes(),
    scratchMiB: ephemeralStorage?.toMebibytes() ?? DEFAULT_SCRATCH_MIB,
    nodeSelector: {
      ...(cpuArchitecture ? { 'kubernetes.io/arch': NODE_ARCHITECTURES[cpuArchitecture] } : {}),
      ...nodeSelector,
    },
    imagePullSecrets,
    podProgram: readAsset('eks', 'pod.py'),
  };
}
