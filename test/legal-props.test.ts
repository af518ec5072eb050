import { Template } from 'aws-cdk-lib/assertions';
import * as fc from 'fast-check';
import { kubernetesObjects, onlyKind } from './compute/eks/manifests';
import { ComputeKind, COMPUTES } from './support/legal-compute';
import { ENDPOINT_KINDS, legalCase } from './support/legal-props';
import { containersOf, idsOf, only, resourcesOf, stringsOf, templateWith } from './support/templates';

const SECRET_NAME = /PASSWORD|PASSPHRASE|SECRET|TOKEN|KEY$/;
/** The name of a secret is none. */
const SECRET_PLACES = ['CDK_MLFLOW_DATABASE_SECRET', 'CDK_MLFLOW_SECRETS'];

/** What holds data is the same resource, whatever is chosen beside it. */
const STABLE = {
  'AWS::RDS::DBInstance': 'MlflowBackendStoreInstance0AA03B84',
  'AWS::RDS::DBParameterGroup': 'MlflowBackendStoreParameters7501090A',
  'AWS::SecretsManager::SecretTargetAttachment': 'MlflowBackendStoreCredentialsAttachment641E85BA',
};

const RUNS = 3;
const PAIRS = (Object.keys(COMPUTES) as ComputeKind[]).flatMap((kind) =>
  ENDPOINT_KINDS.map((endpoint) => [kind, endpoint] as const),
);

test.each(PAIRS)(
  'every legal combination of props with %s and endpoint %s synthesises, with no secret and nothing to substitute',
  (kind, endpoint) => {
    fc.assert(
      fc.property(legalCase(kind, endpoint), (define) => {
        const { stack, props } = define();
        const template = templateWith(props, stack);
        SERVER_CHECKS[kind](template);
        checkWhole(template);
      }),
      { numRuns: RUNS },
    );
  },
  60_000,
);

function checkTasks(template: Template) {
  const containers = containersOf(template);
  expect(containers.map(({ Name }) => Name)).toEqual(['prepare', 'migrate', 'server']);
  expect(Buffer.byteLength(JSON.stringify(containers))).toBeLessThan(60 * 1024);
  for (const { Environment } of containers) expectNoSecret(Environment.map(({ Name }) => Name));
}

function checkPods(template: Template) {
  const pods = onlyKind(kubernetesObjects(template), 'Deployment').spec.template.spec;
  const containers = [...pods.initContainers, ...pods.containers];
  expect(containers.map(({ name }) => name)).toEqual(['migrate', 'server']);
  for (const { env } of containers) expectNoSecret(env.map(({ name }: { name: string }) => name));
}

/** Of the environment's variables, none is a secret's value. */
function expectNoSecret(names: string[]) {
  const plain = names.map((name) => name.replace(/^CDK_MLFLOW_BASE64_/, ''));
  expect(plain.filter((name) => !SECRET_PLACES.includes(name) && SECRET_NAME.test(name))).toEqual([]);
}

const SERVER_CHECKS: Record<ComputeKind, (template: Template) => void> = {
  fargate: checkTasks,
  'ecs-on-ec2': (template) => {
    checkTasks(template);
    expect(idsOf(template, 'AWS::ECS::CapacityProvider')).toHaveLength(1);
  },
  ec2: (template) => expect(idsOf(template, 'AWS::EC2::LaunchTemplate')).toHaveLength(1),
  eks: checkPods,
};

/** What is the same whatever the server runs on. */
function checkWhole(template: Template) {
  for (const [type, id] of Object.entries(STABLE)) expect(only(template, type).id).toBe(id);
  const buckets = idsOf(template, 'AWS::S3::Bucket').filter((id) => id.startsWith('MlflowArtifactStoreBucket'));
  expect(buckets.filter((id) => id !== 'MlflowArtifactStoreBucket14978695')).toEqual([]);

  for (const [id, { Type, Properties }] of Object.entries(resourcesOf(template))) {
    if (Type !== 'AWS::SecretsManager::Secret' || !id.startsWith('Mlflow')) continue;
    expect(Properties.GenerateSecretString.PasswordLength).toBeGreaterThanOrEqual(30);
    expect(Properties).not.toHaveProperty('SecretString');
  }

  const strings = stringsOf(template.toJSON());
  const said = strings.map(({ text }) => text).join('\n');
  expect(said).toContain('--no-proxy-headers');
  expect(said).not.toMatch(/forwarded-allow-ips| --proxy-headers/);
  expect(strings.filter(({ path, text }) => text.includes('${') && !path.includes('Fn::Sub'))).toEqual([]);
  const resolved = strings.filter(({ text }) => text.includes('{{resolve:secretsmanager:'));
  const places = resolved.map(({ path }) => path[3]);
  expect(places.filter((place) => !['MasterUserPassword', 'MasterUsername'].includes(place))).toEqual([]);
  expect(places).toContain('MasterUserPassword');
}

test('the search for `${` finds one in a value, in a list and in a key, but not where it is meant', () => {
  const strings = stringsOf({ a: 'x${y}', b: [{ '${c}': 1 }], d: { 'Fn::Sub': 'arn:${AWS::Partition}' } });
  const found = strings.filter(({ path, text }) => text.includes('${') && !path.includes('Fn::Sub'));
  expect(found.map(({ text }) => text)).toEqual(['x${y}', '${c}']);
});
