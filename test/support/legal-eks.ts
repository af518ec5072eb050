import { Size } from 'aws-cdk-lib';
import { InstanceArchitecture } from 'aws-cdk-lib/aws-ec2';
import { IdentityType } from 'aws-cdk-lib/aws-eks-v2';
import { ManagedPolicy, Role } from 'aws-cdk-lib/aws-iam';
import * as fc from 'fast-check';
import type { LegalCompute } from './legal-compute';
import { maybe } from './legal-server';
import { Compute, EksCluster, EksLoadBalancerController } from '../../src';

/** Any legal compute of Kubernetes. */
export const EKS: fc.Arbitrary<LegalCompute> = fc
  .record({
    vcpus: maybe(fc.constantFrom(0.1, 0.25, 1.5, 8)),
    memory: maybe(fc.constantFrom(1024, 1500, 8192).map((mebibytes) => Size.mebibytes(mebibytes))),
    replicas: maybe(fc.integer({ min: 1, max: 20 })),
    gibibytes: maybe(fc.integer({ min: 1, max: 500 })),
    kubernetesNamespace: maybe(fc.constantFrom('ml', 'team-2')),
    createNamespace: maybe(fc.boolean()),
    allowedNamespaces: maybe(fc.constantFrom<string[]>(['notebooks'], ['notebooks', 'pipelines'])),
    identityType: maybe(fc.constantFrom(...Object.values(IdentityType))),
    cpuArchitecture: maybe(fc.constantFrom(...Object.values(InstanceArchitecture))),
    nodeSelector: maybe(fc.constant({ 'karpenter.sh/capacity-type': 'on-demand' })),
    loadBalancerController: maybe(fc.constantFrom(...Object.values(EksLoadBalancerController))),
    hasBoundary: fc.boolean(),
    hasRole: fc.boolean(),
  })
  .map(({ gibibytes, createNamespace, loadBalancerController, hasBoundary, hasRole, ...drawn }) => ({
    kind: 'eks',
    roomForJobs: (drawn.memory?.toMebibytes() ?? 0) >= 4096,
    make: (stack, { kubernetesCluster, behindLoadBalancer }) =>
      Compute.eks({
        ...drawn,
        cluster: EksCluster.existing(kubernetesCluster!, {
          createNamespace,
          loadBalancerController: behindLoadBalancer ? loadBalancerController : undefined,
        }),
        role: hasRole ? Role.fromRoleName(stack, 'PodRole', 'pods') : undefined,
        ephemeralStorage: gibibytes === undefined ? undefined : Size.gibibytes(gibibytes),
        permissionsBoundary: hasBoundary ? ManagedPolicy.fromManagedPolicyName(stack, 'Boundary', 'limit') : undefined,
      }),
  }));
