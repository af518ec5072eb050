import { assertEqualTemplates, CloudFormationTemplate, differences } from './templates';

const BUCKET = { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'b', Tags: [{ Key: 'k', Value: 'v' }] } };
const template = (resources: Record<string, unknown>): CloudFormationTemplate => ({ Resources: resources });

test('the order of keys does not matter', () => {
  const other = { Properties: { Tags: [{ Value: 'v', Key: 'k' }], BucketName: 'b' }, Type: 'AWS::S3::Bucket' };
  expect(differences(template({ One: BUCKET, Two: {} }), template({ Two: {}, One: other }))).toEqual([]);
});

test.each([
  ['a resource that is missing', { One: BUCKET, Two: {} }, { One: BUCKET }, 'Resources/Two is missing'],
  ['a resource more', { One: BUCKET }, { One: BUCKET, Two: {} }, 'Resources/Two is not expected'],
  [
    'a property',
    { One: { p: [1, 2] } },
    { One: { p: [2, 1] } },
    'Resources/One: expected {"p":[1,2]}, got {"p":[2,1]}',
  ],
  ['a type', { One: { p: '1' } }, { One: { p: 1 } }, 'Resources/One: expected {"p":"1"}, got {"p":1}'],
])('%s is a difference', (_name, left, right, line) => {
  expect(differences(template(left), template(right))).toEqual([line]);
  expect(() => assertEqualTemplates(template(left), template(right))).toThrow(`the templates differ:\n${line}`);
});

test('an output counts as well', () => {
  expect(differences({ Outputs: { Uri: { Value: 'a' } } }, {})).toEqual(['Outputs/Uri is missing']);
});

test('equal templates are counted, empty ones are no proof', () => {
  expect(assertEqualTemplates(template({ One: BUCKET }), template({ One: BUCKET }))).toBe('1 resources equal');
  expect(() => assertEqualTemplates({}, {})).toThrow('the expected template has no resources: nothing was compared');
});
