import { CfnResource, Stack, Tags } from 'aws-cdk-lib';
import * as core from 'aws-cdk-lib';
import { Repository } from 'aws-cdk-lib/aws-ecr';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import {
  Compute,
  DayOfWeek,
  Ec2OperatingSystem,
  Endpoint,
  IsolatedVpc,
  MlflowTrackingServer,
  MlflowTrackingServerProps,
  Profile,
  SageMakerMaintenanceWindow,
  SageMakerTrackingServerSize,
  ServerImage,
  WorkingHours,
} from '../src';
import { autoMode, existing } from './compute/eks/clusters';
import { importedListener, importedVpc, importedZone, WEB_ACL_ARN } from './endpoint/errors';
import { SelfContainedCompute } from './support/fakes';
import { newApp } from './support/new-app';

interface Violation {
  readonly ruleName: string;
  readonly description: string;
  readonly severity?: string;
}

interface ValidatedStack {
  readonly stackConstructPath: string;
  readonly templatePath: string;
  readonly accountId?: string;
  readonly region?: string;
}

// The oldest aws-cdk-lib has no such plugin: its types are not there when the tests are compiled.
const { CloudFormationValidatePlugin } = core as unknown as {
  CloudFormationValidatePlugin: new () => {
    validate(context: object): { success: boolean; violations: Violation[] };
  };
};

jest.setTimeout(120_000);

const plugin = new CloudFormationValidatePlugin();

function validate(define: (stack: Stack) => void, env: core.Environment = {}) {
  const app = newApp();
  const stack = new Stack(app, 'Stack', { env, tags: { owner: 'team' } });
  define(stack);
  // What a company adds to everything that it has: each resource must take it in the spelling of its own type.
  for (const construct of [app, stack, ...stack.node.children]) Tags.of(construct).add('cost-center', 'ml');
  const templatePath = app.synth().stacks[0].templateFullPath;
  const stackTemplates: ValidatedStack[] = [
    { stackConstructPath: 'Stack', templatePath, accountId: env.account, region: env.region },
  ];
  return plugin.validate({ appConstruct: app, templatePaths: [templatePath], stackTemplates });
}

test.each<[string, MlflowTrackingServerProps, core.Environment]>([
  ['the default stack', {}, {}],
  ['the default stack in a known region', {}, { account: '111111111111', region: 'eu-central-1' }],
  ['production', { profile: Profile.PRODUCTION }, {}],
  ['a compute that brings everything', { compute: new SelfContainedCompute(), profile: Profile.PRODUCTION }, {}],
  [
    'EC2 with an instance address',
    { compute: Compute.ec2(), endpoint: Endpoint.instanceAddress({ allowedCidrs: ['203.0.113.0/24'] }) },
    {},
  ],
  [
    'EC2 behind a load balancer',
    { compute: Compute.ec2({ operatingSystem: Ec2OperatingSystem.UBUNTU_24_04 }), profile: Profile.PRODUCTION },
    {},
  ],
  ['ECS on EC2', { compute: Compute.ecsOnEc2({ spot: { onDemandPercent: 50 }, replicas: 2 }) }, {}],
  [
    'ECS on EC2 in production, with port forwarding',
    { profile: Profile.PRODUCTION, compute: Compute.ecsOnEc2(), endpoint: Endpoint.portForwarding() },
    {},
  ],
  ['EC2 with port forwarding', { compute: Compute.ec2(), endpoint: Endpoint.portForwarding() }, {}],
  ['EC2 with an image', { compute: Compute.ec2(), image: ServerImage.hardened() }, {}],
  ['Fargate with port forwarding', { endpoint: Endpoint.portForwarding() }, {}],
  [
    'a SageMaker tracking server',
    {
      compute: Compute.sageMakerTrackingServer({
        size: SageMakerTrackingServerSize.MEDIUM,
        mlflowVersion: '3.0',
        automaticModelRegistration: true,
        maintenanceWindow: SageMakerMaintenanceWindow.weekly(DayOfWeek.SUNDAY, 3, 30),
        workingHours: WorkingHours.weekdays({ startHour: 7, stopHour: 20 }),
      }),
    },
    {},
  ],
  [
    'a SageMaker MLflow App',
    {
      compute: Compute.sageMakerMlflowApp({
        automaticModelRegistration: true,
        maintenanceWindow: SageMakerMaintenanceWindow.weekly(DayOfWeek.SUNDAY, 3, 30),
      }),
    },
    {},
  ],
  ['options of the server', { server: { workers: 2, staticPrefix: '/ml', environment: { TEAM: 'ml' } } }, {}],
])('%s is valid CloudFormation', (_name, props, env) => {
  const report = validate((stack) => new MlflowTrackingServer(stack, 'Mlflow', props), env);
  expect(report.violations).toEqual([]);
  expect(report.success).toBe(true);
});

test('a public load balancer with all that it can have is valid CloudFormation', () => {
  const report = validate(
    (stack) => {
      const endpoint = Endpoint.publicLoadBalancer({
        domainName: 'mlflow.example.com',
        hostedZone: importedZone(stack),
        allowedCidrs: ['203.0.113.0/24'],
        accessLogsBucket: new Bucket(stack, 'Logs', { enforceSSL: true }),
        webAclArn: WEB_ACL_ARN,
        port: 8443,
      });
      new MlflowTrackingServer(stack, 'Mlflow', { endpoint });
    },
    { account: '111122223333', region: 'eu-central-1' },
  );
  expect(report.violations).toEqual([]);
});

test('a given listener’s rule is valid CloudFormation', () => {
  const report = validate((stack) => {
    const vpc = importedVpc(stack, 'vpc-0123456789abcdef0', {
      privateSubnetIds: ['subnet-0123456789abcdef0', 'subnet-0123456789abcdef1'],
    });
    const listener = importedListener(stack);
    const endpoint = Endpoint.internalLoadBalancer({ listener, domainName: 'mlflow.example.com', priority: 7 });
    new MlflowTrackingServer(stack, 'Mlflow', { vpc, endpoint });
  });
  expect(report.violations).toEqual([]);
});

test('a network without a way out is valid CloudFormation', () => {
  const report = validate((stack) => {
    const image = ServerImage.fromEcrRepository(Repository.fromRepositoryName(stack, 'Images', 'mlflow'), '3.17.2');
    const vpc = new IsolatedVpc(stack, 'Vpc', { sessions: true });
    new MlflowTrackingServer(stack, 'Mlflow', { image, vpc });
  });
  expect(report.violations).toEqual([]);
});

test.each<[string, (stack: Stack) => MlflowTrackingServerProps]>([
  ['behind a load balancer', (stack) => ({ compute: Compute.eks({ cluster: existing(stack) }) })],
  [
    'behind an ingress',
    (stack) => ({
      compute: Compute.eks({ cluster: existing(stack) }),
      endpoint: Endpoint.kubernetesIngress({ domainName: 'mlflow.example.com' }),
      profile: Profile.PRODUCTION,
    }),
  ],
  [
    'in a cluster of its own',
    (stack) => ({ compute: Compute.eks({ cluster: autoMode(stack) }), profile: Profile.PRODUCTION }),
  ],
])('EKS %s is valid CloudFormation', (_name, props) => {
  const report = validate((stack) => new MlflowTrackingServer(stack, 'Mlflow', props(stack)));
  expect(report.violations).toEqual([]);
});

test('a resource made by hand is judged on all its properties, the tags too', () => {
  const report = validate((stack) => {
    const server = new MlflowTrackingServer(stack, 'Mlflow', { compute: Compute.sageMakerMlflowApp() });
    const app = server.node
      .findAll()
      .find((child) => CfnResource.isCfnResource(child) && /MlflowApp$/.test(child.cfnResourceType));
    (app as CfnResource).addPropertyOverride('tags', [{ key: 'team', value: 'ml' }]);
  });
  expect(JSON.stringify(report.violations)).toContain('tags');
});

test('what is not valid is found', () => {
  const report = validate((stack) => {
    new CfnBucket(stack, 'Bucket').addPropertyOverride('NoSuchProperty', 'x');
  });
  expect(report.success).toBe(false);
  expect(JSON.stringify(report.violations)).toContain('NoSuchProperty');
});
