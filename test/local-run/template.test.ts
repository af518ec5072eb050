import { withoutBootstrapCheck } from '../../local/emulator/template';

const resources = { Resources: { A: { Type: 'AWS::S3::Bucket' } } };
const bootstrap = { Type: 'AWS::SSM::Parameter::Value<String>' };

test('takes the check of the bootstrap out, and nothing else', () => {
  const template = {
    ...resources,
    Parameters: { BootstrapVersion: bootstrap, Mine: { Type: 'String' } },
    Rules: { CheckBootstrapVersion: {} },
  };
  expect(withoutBootstrapCheck(template)).toEqual({ ...resources, Parameters: { Mine: { Type: 'String' } } });
  expect(template.Parameters.BootstrapVersion).toBe(bootstrap);
});

test('leaves another template as it is', () => {
  expect(withoutBootstrapCheck(resources)).toEqual(resources);
});
