import { Stack } from 'aws-cdk-lib';
import { Certificate } from 'aws-cdk-lib/aws-certificatemanager';
import { Bucket } from 'aws-cdk-lib/aws-s3';
import { AwsSolutionsChecks } from 'cdk-nag';
import { Endpoint, MlflowTrackingServer, Profile, PublicLoadBalancerEndpointProps } from '../../../src';
import { newApp } from '../../support/new-app';

interface Allowed {
  readonly rule: RegExp;
  readonly resource: RegExp;
  readonly reason: string;
  /** In which of the two stacks the finding is expected. */
  readonly stacks: string[];
}

const QUIET = 'a few blocks, access logs';
const OPEN = 'the world';

/** What the AWS Solutions rules find at a public load balancer, and why it is right as it is. */
const ALLOWED: Allowed[] = [
  {
    rule: /^AwsSolutions-ELB2$/,
    resource: /\/Endpoint\/LoadBalancer\/Resource$/,
    reason: 'the prop accessLogsBucket takes a bucket; the library defines none, in a region that it may not know',
    stacks: [OPEN],
  },
  {
    rule: /^AwsSolutions-EC23$/,
    resource: /\/Endpoint\/LoadBalancer\/SecurityGroup\/Resource$/,
    reason: 'the user has written openToTheWorld: that is what it means',
    stacks: [OPEN],
  },
];

function findingsOf(props: (stack: Stack) => PublicLoadBalancerEndpointProps): { rule: string; resource: string }[] {
  const app = newApp();
  const stack = new Stack(app, 'Stack', { env: { region: 'eu-central-1' } });
  const certificate = Certificate.fromCertificateArn(stack, 'Certificate', 'arn:aws:acm:::certificate/given');
  const endpoint = Endpoint.publicLoadBalancer({ certificate, domainName: 'mlflow.example.com', ...props(stack) });
  new MlflowTrackingServer(stack, 'Mlflow', { endpoint, profile: Profile.PRODUCTION });
  return new AwsSolutionsChecks(app)
    .validateScope(app)
    .violations.flatMap(({ ruleName, violatingResources }) =>
      violatingResources.map(({ constructPath }) => ({ rule: ruleName, resource: constructPath! })),
    )
    .filter(({ resource }) => resource.includes('/Mlflow/Endpoint/'));
}

const FINDINGS: Record<string, ReturnType<typeof findingsOf>> = {
  [QUIET]: findingsOf((stack) => ({
    allowedCidrs: ['203.0.113.0/24'],
    accessLogsBucket: new Bucket(stack, 'Logs', { enforceSSL: true }),
  })),
  [OPEN]: findingsOf(() => ({ openToTheWorld: true })),
};

const matches = (finding: { rule: string; resource: string }, { rule, resource }: Allowed) =>
  rule.test(finding.rule) && resource.test(finding.resource);

test.each(Object.entries(FINDINGS))('the AWS Solutions rules find nothing without a reason: %s', (name, findings) => {
  const allowed = ALLOWED.filter(({ stacks }) => stacks.includes(name));
  expect(findings.filter((finding) => !allowed.some((entry) => matches(finding, entry)))).toEqual([]);
});

test.each(ALLOWED.map((entry) => [entry.rule.source, entry] as const))('%s is still found', (_rule, entry) => {
  for (const name of entry.stacks) {
    expect(FINDINGS[name].filter((finding) => matches(finding, entry))).toHaveLength(1);
  }
});
