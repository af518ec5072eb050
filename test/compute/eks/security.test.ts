import { Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { autoMode, existing } from './clusters';
import { Compute, Endpoint, IEndpoint, MlflowTrackingServer, Profile } from '../../../src';
import { newApp } from '../../support/new-app';

interface Allowed {
  readonly rule: RegExp;
  readonly resource: RegExp;
  readonly reason: string;
  /** Where it is not found in every profile. */
  readonly profile?: Profile;
  /** cdk-nag 3.0.2 takes the cluster of AWS CDK 2.276.0 for none: the rule finds nothing there. */
  readonly isMissedByNag?: boolean;
}

/** What the AWS Solutions rules find in the compute, and why it is right as it is. */
const ALLOWED: Allowed[] = [
  {
    rule: /^AwsSolutions-IAM5\[Resource::<MlflowArtifactStoreBucket\w+\.Arn>\/\*\]$/,
    resource: /\/Compute\/ServiceAccount\/Role\/DefaultPolicy\/Resource$/,
    reason: 'the keys of artifacts are not known beforehand; the actions are the five that MLflow needs',
  },
  {
    rule: /^AwsSolutions-IAM4\[Policy::.*\/AmazonEKS(Cluster|Compute|BlockStorage|LoadBalancing|Networking)Policy\]$/,
    resource: /\/Compute\/Cluster\/Role\/Resource$/,
    reason:
      'what EKS Auto Mode does in the account changes with EKS; AWS keeps these policies in step, and the L2 chooses them',
  },
  {
    rule: /^AwsSolutions-IAM4\[Policy::.*\/(AmazonEKSWorkerNodePolicy|AmazonEC2ContainerRegistryReadOnly)\]$/,
    resource: /\/Compute\/Cluster\/ClusternodePoolRole\/Resource$/,
    reason: 'nodes of a cluster run what its users deploy; the L2 chooses the policies',
  },
  {
    rule: /^AwsSolutions-IAM4\[Policy::.*\/AWSLambda(Basic|VPCAccess)ExecutionRole\]$/,
    resource: /\/Compute\/Cluster\/KubectlProvider\/(Handler|Provider\/framework-onEvent)\/ServiceRole\/Resource$/,
    reason: 'functions of the AWS CDK write logs and are in the VPC',
  },
  {
    rule: /^AwsSolutions-IAM4\[Policy::.*\/AmazonE(C2|lastic)ContainerRegistry(Public)?ReadOnly/,
    resource: /\/Compute\/Cluster\/KubectlProvider\/Handler\/ServiceRole\/Resource$/,
    reason: 'the function of the AWS CDK also installs Helm charts; the L2 chooses the policies',
  },
  {
    rule: /^AwsSolutions-IAM5\[Resource::<MlflowComputeClusterKubectlProviderHandler\w+\.Arn>:\*\]$/,
    resource: /\/Compute\/Cluster\/KubectlProvider\/Provider\/framework-onEvent\/ServiceRole\/DefaultPolicy\/Resource$/,
    reason: 'one function of the AWS CDK calls the other, in any of its versions',
  },
  {
    rule: /^AwsSolutions-L1$/,
    resource: /\/Compute\/Cluster\/KubectlProvider\/(Handler|Provider\/framework-onEvent)\/Resource$/,
    reason: 'the AWS CDK chooses the runtimes of its own functions',
  },
  {
    rule: /^AwsSolutions-EKS2\[LogExport::\w+\]$/,
    resource: /\/Compute\/Cluster\/Resource$/,
    reason: 'logs of the control plane cost money; the production profile has all of them',
    profile: Profile.DEVELOPMENT,
    isMissedByNag: true,
  },
];

function findings(profile: Profile, endpoint?: IEndpoint, isNew = false) {
  const app = newApp();
  const stack = new Stack(app, 'Stack');
  const server = new MlflowTrackingServer(stack, 'Mlflow', {
    profile,
    compute: Compute.eks({ cluster: isNew ? autoMode(stack) : existing(stack) }),
    endpoint,
  });
  const found = new AwsSolutionsChecks(app)
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({ rule: ruleName, resource: constructPath! })),
    );
  return { server, ofCompute: found.filter(({ resource }) => /\/(Compute|Cluster)\//.test(resource)) };
}

const matches = (finding: { rule: string; resource: string }, { rule, resource }: Allowed) =>
  rule.test(finding.rule) && resource.test(finding.resource);

describe.each(Object.values(Profile))('the AWS Solutions rules on EKS, %s', (profile) => {
  const all = [
    ...findings(profile).ofCompute,
    ...findings(profile, Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com' })).ofCompute,
    ...findings(profile, undefined, true).ofCompute,
  ];

  const allowed = ALLOWED.filter((entry) => entry.profile === undefined || entry.profile === profile);

  test('find nothing without a reason', () => {
    expect(all.filter((finding) => !allowed.some((entry) => matches(finding, entry)))).toEqual([]);
  });

  test.each(allowed.filter(({ isMissedByNag }) => !isMissedByNag).map((entry) => [entry.rule.source, entry] as const))(
    '%s is still found',
    (_rule, entry) => {
      expect(all.some((finding) => matches(finding, entry))).toBe(true);
    },
  );
});
