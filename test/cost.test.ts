import { readFileSync } from 'fs';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Compute, Endpoint, IsolatedVpc, MlflowTrackingServerProps, Profile, ServerImage } from '../src';
import { monthlyCost, paidByUse } from './support/monthly-cost';
import { newStack } from './support/new-app';
import { checked, prices, region } from './support/prices.json';
import { resourcesOf, templateWith } from './support/templates';

const README = readFileSync('README.md', 'utf8');

const resourcesWith = (props: MlflowTrackingServerProps, stack = newStack()) => resourcesOf(templateWith(props, stack));
const costOf = (props: MlflowTrackingServerProps) =>
  Object.fromEntries(monthlyCost(resourcesWith(props)).map(({ name, usd }) => [name, Number(usd.toFixed(2))]));
const sum = (costs: Record<string, number>) => Object.values(costs).reduce((total, usd) => total + usd, 0);

const DEVELOPMENT = costOf({ profile: Profile.DEVELOPMENT });
const PRODUCTION = costOf({ profile: Profile.PRODUCTION });

test('the README’s table is what the templates cost', () => {
  const rows = Object.keys(PRODUCTION)
    .sort((one, other) => PRODUCTION[other] - PRODUCTION[one])
    .map((name) => `| ${name} | ${DEVELOPMENT[name].toFixed(2)} | ${PRODUCTION[name].toFixed(2)} |`);
  const total = `| **a month, in US dollars** | **${sum(DEVELOPMENT).toFixed(2)}** | **${sum(PRODUCTION).toFixed(2)}** |`;
  expect(README).toContain(
    ['| | `DEVELOPMENT` | `PRODUCTION` |', '| --- | ---: | ---: |', ...rows, total, ''].join('\n'),
  );
});

test('and says where and when its prices are from', () => {
  expect(README).toContain(`${region}, 730 hours, checked on ${checked}`);
  const ofTheProfiles = Object.entries(prices).filter(([name]) => !name.includes('X86_64'));
  for (const [, { source, date }] of ofTheProfiles) {
    expect(README).toContain(`](${/^https:[^,]+/.exec(source)![0]})`);
    expect(date).toMatch(/^(20\d\d(-\d\d(-\d\d)?)?|undated)$/);
  }
});

test('both profiles have the same lines', () => {
  expect(Object.keys(DEVELOPMENT).sort()).toEqual(Object.keys(PRODUCTION).sort());
});

test('what is paid by its use is named', () => {
  const used = [
    'Container Insights, by the metric, where they are on',
    'VPC flow logs, by the gigabyte',
    'artifacts, by the gigabyte stored and the request',
    'logs, by the gigabyte',
  ];
  expect(paidByUse(resourcesWith({ profile: Profile.PRODUCTION }))).toEqual(used);
  expect(paidByUse(resourcesWith({}))).toEqual(used.filter((name) => !name.includes('flow logs')));
});

describe('a choice changes its own lines', () => {
  const IPV4 = 3.65;

  test.each<[string, MlflowTrackingServerProps, Record<string, number>]>([
    ['two servers', { compute: Compute.fargate({ replicas: 2 }) }, { servers: DEVELOPMENT.servers * 2 }],
    [
      'a public load balancer, with an address in each zone',
      { endpoint: Endpoint.publicLoadBalancer({ plainHttp: true, openToTheWorld: true }) },
      { 'public IPv4 addresses': 3 * IPV4 },
    ],
  ])('%s', (_name, props, change) => {
    expect(costOf(props)).toEqual({ ...DEVELOPMENT, ...change });
  });

  test('servers with public addresses need no NAT gateway', () => {
    const { 'NAT gateways': none, ...others } = DEVELOPMENT;
    expect(costOf({ compute: Compute.fargate({ assignPublicIp: true }) })).toEqual(others);
    // The gateway's own address goes with it, and the server has one instead.
    expect(README).toContain(`${none.toFixed(2)} less in development`);
  });
});

describe('what has no price is not left out', () => {
  test('a resource of another type', () => {
    const alarm = { Type: 'AWS::CloudWatch::Alarm', Properties: {} };
    expect(() => monthlyCost({ Alarm: alarm })).toThrow(
      "'Alarm' of type AWS::CloudWatch::Alarm has no price; add one, or say that it is free",
    );
  });

  test.each<[MlflowTrackingServerProps, string]>([
    [{ compute: Compute.fargate({ spot: true }) }, 'the price of Fargate Spot changes by the hour'],
    [{ compute: Compute.fargate({ scaling: { maxReplicas: 2 } }) }, 'the number of tasks changes with their load'],
    [{ compute: Compute.ec2() }, /has no price/.source],
  ])('%#', (props, message) => {
    expect(() => costOf(props)).toThrow(new RegExp(message));
  });

  test('interface endpoints', () => {
    const stack = newStack();
    const vpc = new IsolatedVpc(stack, 'Vpc');
    const image = ServerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Images', 'mlflow'), 'one');
    const resources = resourcesWith({ vpc, image }, stack);
    expect(() => monthlyCost(resources)).toThrow('interface endpoints have no price here');
  });
});
