import { Environment, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { parseEnvironmentFile } from '../../local/workload/ec2-user-data';
import { Compute, MlflowTrackingServerProps, ServerImage } from '../../src';
import { ec2Files, ec2Metadata } from './ec2/launch-template';
import { existing } from './eks/clusters';
import { kubernetesObjects, onlyKind } from './eks/manifests';
import { newStack } from '../support/new-app';
import { containersOf, templateWith } from '../support/templates';

type Variables = Record<string, unknown>;

const KNOWN: Environment = { account: '111111111111', region: 'eu-central-1' };

/** The variables of each container that MLflow runs in. */
const ofTask = (template: Template): Variables[] =>
  containersOf(template)
    .filter(({ Name }) => Name !== 'prepare')
    .map(({ Environment: all }) => Object.fromEntries(all.map(({ Name, Value }) => [Name, Value])));

const ofInstance = (template: Template): Variables[] => [
  parseEnvironmentFile(ec2Files(template)['/etc/mlflow/server.env']),
];

function ofPod(template: Template): Variables[] {
  const { initContainers, containers } = onlyKind(kubernetesObjects(template), 'Deployment').spec.template.spec;
  return [...initContainers, ...containers].map(({ env }) =>
    Object.fromEntries(
      env.map(({ name, value }: Record<string, string>) =>
        name.startsWith(ENCODED)
          ? [name.slice(ENCODED.length), Buffer.from(value, 'base64').toString()]
          : [name, value],
      ),
    ),
  );
}

const ENCODED = 'CDK_MLFLOW_BASE64_';

test.each<[string, (stack: Stack) => MlflowTrackingServerProps, (template: Template) => Variables[], unknown]>([
  ['Fargate', () => ({ compute: Compute.fargate() }), ofTask, { Ref: 'AWS::Region' }],
  ['ECS on EC2', () => ({ compute: Compute.ecsOnEc2() }), ofTask, { Ref: 'AWS::Region' }],
  ['EC2', () => ({ compute: Compute.ec2() }), ofInstance, '<AWS::Region>'],
  ['EC2 with an image', () => ({ compute: Compute.ec2(), image: ServerImage.official() }), ofInstance, '<AWS::Region>'],
  // The test evaluates manifests in this region.
  ['EKS', (stack) => ({ compute: Compute.eks({ cluster: existing(stack) }) }), ofPod, 'eu-central-1'],
])('%s tells every SDK the region, once', (_name, props, read, later) => {
  const [known, agnostic] = [KNOWN, {}].map((env) => {
    const stack = newStack({ env });
    return read(templateWith(props(stack), stack));
  });
  for (const variables of known) {
    expect(variables).toMatchObject({ AWS_REGION: 'eu-central-1', AWS_DEFAULT_REGION: 'eu-central-1' });
  }
  for (const variables of agnostic) {
    expect(variables).toMatchObject({ AWS_REGION: later, AWS_DEFAULT_REGION: later });
  }
  expect(known.length).toBeGreaterThan(0);
  expect(agnostic).toHaveLength(known.length);
});

test('a container on EC2 is handed both', () => {
  const template = templateWith({ compute: Compute.ec2(), image: ServerImage.official() });
  const names = ec2Metadata(template)['/etc/mlflow/variables'].split('\n');
  expect(names.filter((name) => /^AWS_(DEFAULT_)?REGION$/.test(name)).sort()).toEqual([
    'AWS_DEFAULT_REGION',
    'AWS_REGION',
  ]);
});
