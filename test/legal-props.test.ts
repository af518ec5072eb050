import * as fc from 'fast-check';
import { LEGAL_CASE } from './support/legal-props';
import { containersOf, idsOf, only, resourcesOf, stringsOf, templateWith } from './support/templates';

const SECRET_NAME = /PASSWORD|PASSPHRASE|SECRET|TOKEN|KEY$/;
/** The name of a secret is none. */
const SECRET_PLACE = 'CDK_MLFLOW_DATABASE_SECRET';

/** What holds data is the same resource, whatever is chosen beside it. */
const STABLE = {
  'AWS::RDS::DBInstance': 'MlflowBackendStoreInstance0AA03B84',
  'AWS::RDS::DBParameterGroup': 'MlflowBackendStoreParameters7501090A',
  'AWS::SecretsManager::SecretTargetAttachment': 'MlflowBackendStoreCredentialsAttachment641E85BA',
};

test('every legal combination of props synthesises, with no secret and nothing to substitute', () => {
  const seen = new Set<string>();
  fc.assert(
    fc.property(LEGAL_CASE, (define) => {
      const { stack, props, kind } = define();
      const template = templateWith(props, stack);
      seen.add(kind).add(props.endpoint?.capabilities.displayName ?? 'the default endpoint');

      if (kind === 'fargate') {
        const containers = containersOf(template);
        expect(containers.map(({ Name }) => Name)).toEqual(['prepare', 'migrate', 'server']);
        expect(Buffer.byteLength(JSON.stringify(containers))).toBeLessThan(60 * 1024);
        for (const { Environment } of containers) {
          const names = Environment.map(({ Name }) => Name).filter((name) => name !== SECRET_PLACE);
          expect(names.filter((name) => SECRET_NAME.test(name))).toEqual([]);
        }
      } else {
        expect(idsOf(template, 'AWS::EC2::LaunchTemplate')).toHaveLength(1);
      }

      for (const [type, id] of Object.entries(STABLE)) expect(only(template, type).id).toBe(id);
      const buckets = idsOf(template, 'AWS::S3::Bucket').filter((id) => id.startsWith('MlflowArtifactStoreBucket'));
      expect(buckets.filter((id) => id !== 'MlflowArtifactStoreBucket14978695')).toEqual([]);

      for (const [id, { Type, Properties }] of Object.entries(resourcesOf(template))) {
        if (Type !== 'AWS::SecretsManager::Secret' || !id.startsWith('Mlflow')) continue;
        expect(Properties.GenerateSecretString.PasswordLength).toBeGreaterThanOrEqual(30);
        expect(Properties).not.toHaveProperty('SecretString');
      }

      const strings = stringsOf(template.toJSON());
      expect(strings.filter(({ path, text }) => text.includes('${') && !path.includes('Fn::Sub'))).toEqual([]);
      const resolved = strings.filter(({ text }) => text.includes('{{resolve:secretsmanager:'));
      const places = resolved.map(({ path }) => path[3]);
      expect(places.filter((place) => !['MasterUserPassword', 'MasterUsername'].includes(place))).toEqual([]);
      expect(places).toContain('MasterUserPassword');
    }),
    { numRuns: 40 },
  );
  // Not a matter of luck: of forty cases, one in three is on an instance, and one in five has each endpoint.
  expect([...seen]).toEqual(expect.arrayContaining(['fargate', 'ec2', 'a public load balancer']));
}, 180_000);

test('the search for `${` finds one in a value, in a list and in a key, but not where it is meant', () => {
  const strings = stringsOf({ a: 'x${y}', b: [{ '${c}': 1 }], d: { 'Fn::Sub': 'arn:${AWS::Partition}' } });
  const found = strings.filter(({ path, text }) => text.includes('${') && !path.includes('Fn::Sub'));
  expect(found.map(({ text }) => text)).toEqual(['x${y}', '${c}']);
});
