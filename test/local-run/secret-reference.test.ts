import { parseSecretReference } from '../../local/workload/secret-reference';

const SECRET = 'arn:aws:secretsmanager:us-east-1:000000000000:secret:Admin-a1b2c3';

test.each([
  [SECRET, { secretId: SECRET }],
  [`${SECRET}:password::`, { secretId: SECRET, field: 'password' }],
  [`${SECRET}:password:AWSPREVIOUS:`, { secretId: SECRET, field: 'password', versionStage: 'AWSPREVIOUS' }],
  [`${SECRET}:::0123`, { secretId: SECRET, versionId: '0123' }],
])('reads %s', (valueFrom, expected) => {
  expect(parseSecretReference('PGPASSWORD', valueFrom)).toEqual({ variable: 'PGPASSWORD', ...expected });
});

test.each(['Admin', 'arn:aws:ssm:us-east-1:000000000000:parameter/admin', `${SECRET}:password`])(
  'refuses %s',
  (valueFrom) => {
    expect(() => parseSecretReference('PGPASSWORD', valueFrom)).toThrow(
      `PGPASSWORD is not read from a secret of Secrets Manager: ${valueFrom}`,
    );
  },
);
