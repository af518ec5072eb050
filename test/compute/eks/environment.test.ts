import { Aws, Fn } from 'aws-cdk-lib';
import { evaluate } from './manifests';
import { SERVER } from './server';
import { escapeReferences, kubernetesEnvironment } from '../../../src/compute/eks/environment';
import { newStack } from '../../support/new-app';

const valuesOf = (environment: Record<string, string>) =>
  Object.fromEntries(
    kubernetesEnvironment({ ...SERVER, environment, secrets: {} }).map(({ name, value }) => [name, value]),
  );

test('settings stand there as they are, secrets as the places that hold them', () => {
  expect(kubernetesEnvironment(SERVER)).toEqual([
    {
      name: 'CDK_MLFLOW_SECRETS',
      value: '{"PGPASSWORD":["arn:database","password"],"WEBHOOK_KEY":["arn:webhook",null]}',
    },
    { name: 'MLFLOW_PORT', value: '5000' },
    { name: 'PRICE', value: '$$5 for $$(HOME)' },
  ]);
});

test('a value that is known only at deployment is encoded: it may have anything in it', () => {
  const stack = newStack();
  const certificate = Fn.findInMap('Map', 'key', 'pem');
  const values = valuesOf({ CERTIFICATE: certificate, HOST: Aws.STACK_NAME });
  expect(Object.keys(values)).toEqual(
    expect.arrayContaining(['CDK_MLFLOW_BASE64_CERTIFICATE', 'CDK_MLFLOW_BASE64_HOST']),
  );
  const encoded = stack.resolve(stack.toJsonString([values.CDK_MLFLOW_BASE64_CERTIFICATE]));
  const [value] = JSON.parse(evaluate(encoded));
  expect(Buffer.from(value, 'base64').toString()).toBe(evaluate(stack.resolve(certificate)));
  expect(evaluate(stack.resolve(certificate))).toMatch(/\n.*"/);
});

test('a name within a text stays readable, and its dollar signs are no references', () => {
  const value = valuesOf({ DESTINATION: `s3://${Aws.STACK_NAME}/$x` }).DESTINATION;
  expect(newStack().resolve(value)).toEqual({ 'Fn::Join': ['', ['s3://', { Ref: 'AWS::StackName' }, '/$$x']] });
});

test.each([
  ['', ''],
  ['plain', 'plain'],
  ['$', '$$'],
  ['$$(A)', '$$$$(A)'],
])('%s is written as %s', (text, written) => {
  expect(escapeReferences(text)).toBe(written);
});
