import { spawnSync } from 'child_process';
import { Fn, Stack } from 'aws-cdk-lib';
import { Bucket, CfnBucket } from 'aws-cdk-lib/aws-s3';
import { ArtifactAccess, ArtifactStore, ServerOptions } from '../../src';
import { modelVersionSourceRegex } from '../../src/core/model-version-sources';
import { environmentOf, templateWith } from '../support/templates';

const STORE = { artifactsUri: 's3://my.bucket/prefix' };
const NAME = 'MLFLOW_CREATE_MODEL_VERSION_SOURCE_VALIDATION_REGEX';

function accepts(source: string, options: ServerOptions = {}, access = ArtifactAccess.PROXIED): boolean {
  return new RegExp(modelVersionSourceRegex(options, { ...STORE, access })).test(source);
}

test.each([
  'mlflow-artifacts:/2/0a/artifacts/model',
  'runs:/0a/model',
  'models:/m-0a',
  'models:/team/3',
  'dummy-source',
  'prompt-template',
])('a model may come from %s', (source) => {
  expect(accepts(source)).toBe(true);
});

const ELSEWHERE = [
  's3://my.bucket/prefix/2/0a/artifacts',
  'S3://my.bucket/prefix/2',
  's3://team.models/released/m',
  'file:///etc',
  '/etc',
  'https://mlflow.example.com/api/2.0/mlflow-artifacts/artifacts/2',
  'xruns:/0a',
  'dummy-source/../etc',
  'x\nruns:/0a',
];

test.each(ELSEWHERE)('a model may not come from %s', (source) => {
  expect(accepts(source)).toBe(false);
});

test('where the user allows it, models come from there, and from nowhere else', () => {
  const options = { allowedModelVersionSources: ['s3://team.models/released+1/', 'https://hub.example.com/'] };
  expect(accepts('s3://team.models/released+1/m', options)).toBe(true);
  expect(accepts('https://hub.example.com/m', options)).toBe(true);
  for (const source of [
    's3://teamxmodels/released+1/m',
    's3://team.models/releasedd1/m',
    's3://team.models/released+1',
    's3://team.models/',
    'https://hub.example.com.evil.example/m',
    ...ELSEWHERE,
  ]) {
    expect([source, accepts(source, options)]).toEqual([source, false]);
  }
});

test('clients that reach the bucket themselves name artifacts by their address in it', () => {
  expect(accepts('s3://my.bucket/prefix/2/0a/artifacts/m', {}, ArtifactAccess.DIRECT)).toBe(true);
  for (const source of ['s3://myxbucket/prefix/2', 's3://my.bucket/prefix2/2', 's3://my.bucket/other', 'file:///etc']) {
    expect([source, accepts(source, {}, ArtifactAccess.DIRECT)]).toEqual([source, false]);
  }
});

test('a prefix of any characters stands for itself, as Python reads it', () => {
  const characters = [...'.+*?(){}|$[]^\\!-_~@:;,=&#%<>"\'` ä'];
  const prefixes = [
    ...characters.map((each) => `a${each}b`),
    characters.join(''),
    ...characters.map((each) => `a${each}`),
  ];
  const cases = prefixes.map((prefix) => {
    const store = { artifactsUri: `s3://my.bucket/${prefix}`, access: ArtifactAccess.DIRECT };
    return { regex: modelVersionSourceRegex({}, store), prefix };
  });
  const program = [
    'import json, re, sys, warnings',
    'warnings.simplefilter("ignore")',
    'characters, cases = json.load(sys.stdin)',
    'found = lambda case, prefix: re.search(case["regex"], "s3://my.bucket/" + prefix + "/2/m") is not None',
    'print(json.dumps([[case["prefix"], found(case, case["prefix"]), [other for other in ["ab", "aab", "a"] + ["a" + c + "b" for c in characters] if other != case["prefix"] and found(case, other)]] for case in cases]))',
  ].join('\n');
  const { stdout, stderr } = spawnSync('python3', ['-c', program], {
    encoding: 'utf8',
    input: JSON.stringify([characters, cases]),
  });
  expect(stderr).toBe('');
  expect(JSON.parse(stdout)).toEqual(prefixes.map((prefix) => [prefix, true, []]));
});

test('the dots of a name that is known only at deployment are dots', () => {
  const stack = new Stack();
  const bucket = new Bucket(stack, 'Models');
  const options = {
    allowedModelVersionSources: [`s3://${bucket.bucketName}/a.b/`, `s3://${Fn.importValue('Other')}/`],
  };
  const quoted = (name: object) => ({ 'Fn::Join': ['[.]', { 'Fn::Split': ['.', name] }] });
  expect(stack.resolve(modelVersionSourceRegex(options, STORE))).toEqual({
    'Fn::Join': [
      '',
      [
        '^(mlflow-artifacts:/|runs:/|models:/|s3://',
        quoted({ Ref: stack.getLogicalId(bucket.node.defaultChild as CfnBucket) }),
        '/a[.]b/|s3://',
        quoted({ 'Fn::ImportValue': 'Other' }),
        '/|(dummy-source|prompt-template)$)',
      ],
    ],
  });
});

test('the server is told', () => {
  const variables = (server: ServerOptions, access?: ArtifactAccess) =>
    environmentOf(templateWith({ server, artifactStore: ArtifactStore.s3({ access }) }));
  expect(variables({})[NAME]).toBe('^(mlflow-artifacts:/|runs:/|models:/|(dummy-source|prompt-template)$)');
  expect(variables({ allowedModelVersionSources: ['s3://team-models/'] })[NAME]).toBe(
    '^(mlflow-artifacts:/|runs:/|models:/|s3://team-models/|(dummy-source|prompt-template)$)',
  );
  expect(JSON.stringify(variables({}, ArtifactAccess.DIRECT)[NAME])).toContain('Fn::Split');
});

test.each(Object.values(ArtifactAccess))('an experiment lives where the server puts it, with %s access', (access) => {
  const name = 'MLFLOW_ARTIFACT_LOCATION_MAX_LENGTH';
  const variables = (server: ServerOptions) =>
    environmentOf(templateWith({ server, artifactStore: ArtifactStore.s3({ access }) }));
  expect(variables({})[name]).toBe('0');
  expect(variables({ customArtifactLocations: false })[name]).toBe('0');
  // From JavaScript, where it could be a text.
  expect(variables({ customArtifactLocations: 'false' as never })[name]).toBe('0');
  expect(variables({ customArtifactLocations: true })).not.toHaveProperty(name);
});
