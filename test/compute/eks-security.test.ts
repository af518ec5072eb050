import { Stack } from 'aws-cdk-lib';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Compute, Endpoint, IEndpoint, MlflowTrackingServer, Profile } from '../../src';
import { importedCluster } from '../support/eks-clusters';
import { newApp } from '../support/new-app';

interface Allowed {
  readonly rule: RegExp;
  readonly resource: RegExp;
  readonly reason: string;
}

/** What the AWS Solutions rules find in the compute, and why it is right as it is. */
const ALLOWED: Allowed[] = [
  {
    rule: /^AwsSolutions-IAM5\[Resource::<MlflowArtifactStoreBucket\w+\.Arn>\/\*\]$/,
    resource: /\/Compute\/ServiceAccount\/Role\/DefaultPolicy\/Resource$/,
    reason: 'the keys of artifacts are not known beforehand; the actions are the five that MLflow needs',
  },
];

function findings(profile: Profile, endpoint?: IEndpoint) {
  const app = newApp();
  const stack = new Stack(app, 'Stack');
  const server = new MlflowTrackingServer(stack, 'Mlflow', {
    profile,
    compute: Compute.eks({ cluster: importedCluster(stack) }),
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
  ];

  test('find nothing without a reason', () => {
    expect(all.filter((finding) => !ALLOWED.some((entry) => matches(finding, entry)))).toEqual([]);
  });

  test.each(ALLOWED.map((entry) => [entry.rule.source, entry] as const))('%s is still found', (_rule, entry) => {
    expect(all.some((finding) => matches(finding, entry))).toBe(true);
  });
});
