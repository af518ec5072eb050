import * as fc from 'fast-check';
import { LEGAL_CASE } from './support/legal-props';
import { containersOf, resourcesOf, stringsOf, templateWith } from './support/templates';

const SECRET_NAME = /PASSWORD|PASSPHRASE|SECRET|TOKEN|KEY$/;

test('every legal combination of props synthesises, with no secret and nothing to substitute', () => {
  fc.assert(
    fc.property(LEGAL_CASE, (define) => {
      const { stack, props } = define();
      const template = templateWith(props, stack);
      const containers = containersOf(template);

      expect(containers.map(({ Name }) => Name)).toEqual(['prepare', 'migrate', 'server']);
      expect(Buffer.byteLength(JSON.stringify(containers))).toBeLessThan(60 * 1024);

      for (const { Environment } of containers) {
        expect(Environment.map(({ Name }) => Name).filter((name) => SECRET_NAME.test(name))).toEqual([]);
      }
      for (const { Type, Properties } of Object.values(resourcesOf(template))) {
        if (Type !== 'AWS::SecretsManager::Secret') continue;
        expect(Properties.GenerateSecretString.PasswordLength).toBeGreaterThanOrEqual(30);
        expect(Properties).not.toHaveProperty('SecretString');
      }

      const strings = stringsOf(template.toJSON());
      expect(strings.filter(({ path, text }) => text.includes('${') && !path.includes('Fn::Sub'))).toEqual([]);
      const resolved = strings.filter(({ text }) => text.includes('{{resolve:secretsmanager:'));
      expect(resolved.map(({ path }) => path[3])).toEqual(['MasterUserPassword', 'MasterUsername']);
    }),
    { numRuns: 25 },
  );
}, 60_000);

test('the search for `${` finds one in a value, in a list and in a key, but not where it is meant', () => {
  const strings = stringsOf({ a: 'x${y}', b: [{ '${c}': 1 }], d: { 'Fn::Sub': 'arn:${AWS::Partition}' } });
  const found = strings.filter(({ path, text }) => text.includes('${') && !path.includes('Fn::Sub'));
  expect(found.map(({ text }) => text)).toEqual(['x${y}', '${c}']);
});
