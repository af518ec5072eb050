import { readFileSync } from 'fs';
import { Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { CaCertificate } from 'aws-cdk-lib/aws-rds';
import { BackendStore } from '../../src';
import { rdsCertificateAuthority } from '../../src/backend-store/rds-certificate-authority';
import { newApp, newStack } from '../support/new-app';
import { environmentOf, templateWith } from '../support/templates';

const CERTIFICATES = JSON.parse(readFileSync('assets/rds-ca/rsa2048-g1.json', 'utf8'));

const inRegion = (region: string) => newStack({ env: { account: '111111111111', region } });

test('a known region has its certificate in the server’s environment', () => {
  const template = templateWith({}, inRegion('eu-central-1'));
  expect(environmentOf(template).CDK_MLFLOW_DATABASE_CA).toBe(CERTIFICATES['eu-central-1']);
  expect(template.findMappings('*')).toEqual({});
});

test('a region that is known at deployment chooses from a mapping', () => {
  const template = templateWith();
  const mappings = template.findMappings('*');
  const [name] = Object.keys(mappings);
  expect(Object.keys(mappings)).toHaveLength(1);
  expect(environmentOf(template).CDK_MLFLOW_DATABASE_CA).toEqual({
    'Fn::FindInMap': [name, { Ref: 'AWS::Region' }, 'pem'],
  });
  expect(mappings[name]).toEqual(
    Object.fromEntries(Object.entries(CERTIFICATES).map(([region, pem]) => [region, { pem }])),
  );
});

test.each(['rsa2048-g1', 'rsa4096-g1', 'ecc384-g1'])('the family %s is known', (family) => {
  const stack = new Stack(newApp(), 'Stack', { env: { region: 'us-east-1' } });
  const other = JSON.parse(readFileSync(`assets/rds-ca/${family}.json`, 'utf8'));
  expect(rdsCertificateAuthority(stack, CaCertificate.of(`rds-ca-${family}`))).toBe(other['us-east-1']);
  expect(Template.fromStack(stack).findMappings('*')).toEqual({});
});

test('a certificate of the user’s own is taken as it is, in any region', () => {
  const backendStore = BackendStore.rdsPostgres({ certificateAuthority: 'PEM' });
  const template = templateWith({ backendStore }, inRegion('xx-nowhere-1'));
  expect(environmentOf(template).CDK_MLFLOW_DATABASE_CA).toBe('PEM');
  expect(template.findMappings('*')).toEqual({});
});
