import { spawnSync } from 'child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Processes } from '../../local/tools/processes';
import { ensurePythonEnvironment } from '../../local/tools/python-environments';

jest.setTimeout(300_000);

interface Finding {
  readonly Rule: { readonly Id: string };
  readonly Message: string;
  readonly Location: { readonly Path: (string | number)[] };
}

/** What cfn-lint warns of, and why it is right as it is. */
const WARNINGS = [
  {
    rule: 'W3691',
    message: /^Engine version '17' for engine 'postgres' is deprecated/,
    reason: 'it knows minor versions; the major version alone lets RDS choose a minor one that it still offers',
  },
  {
    rule: 'W1030',
    message: /^\{'Ref': 'P(rivate|ublic)Subnet[AB]'\} is not a 'AWS::EC2::Subnet\.Id'/,
    reason: 'the empty default goes with a new VPC, where the reference is not resolved',
  },
  {
    rule: 'W3005',
    message: /^'MlflowCompute(ServiceRole|Cluster)\w+' dependency already enforced/,
    reason: 'AWS CDK names the role beside its policies, and the cluster beside what joins it to its capacity',
  },
];

const files = readdirSync('templates').map((name) => `templates/${name}/template.json`);

async function lint(...paths: string[]): Promise<Finding[]> {
  const { bin } = await ensurePythonEnvironment('templates', new Processes());
  const args = ['--format', 'json', '--regions', 'us-east-1', 'eu-central-1', '--template', ...paths];
  const { stdout, stderr } = spawnSync(join(bin, 'cfn-lint'), args, { encoding: 'utf8', maxBuffer: 2 ** 26 });
  expect(stderr).toBe('');
  return JSON.parse(stdout);
}

describe('cfn-lint', () => {
  let findings: Finding[];
  beforeAll(async () => {
    findings = await lint(...files);
  });

  test('finds nothing without a reason', () => {
    expect(files).toHaveLength(5);
    const unexplained = findings.filter(
      ({ Rule, Message }) => !WARNINGS.some(({ rule, message }) => rule === Rule.Id && message.test(Message)),
    );
    expect(unexplained.map(({ Rule, Message }) => `${Rule.Id} ${Message}`)).toEqual([]);
  });

  test.each(WARNINGS)('the reason for $rule is not stale', ({ rule, message }) => {
    expect(findings.filter(({ Rule, Message }) => rule === Rule.Id && message.test(Message))).not.toEqual([]);
  });

  test('finds a property that there is not', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'cdk-mlflow-cfn-lint-'));
    const template = JSON.parse(readFileSync('templates/sagemaker-mlflow-app/template.json', 'utf8'));
    const [bucket] = Object.values<any>(template.Resources).filter(({ Type }) => Type === 'AWS::S3::Bucket');
    bucket.Properties.NoSuchProperty = 'x';
    const file = join(directory, 'template.json');
    writeFileSync(file, JSON.stringify(template));
    const found = await lint(file);
    rmSync(directory, { recursive: true });
    expect(found.map(({ Rule }) => Rule.Id)).toContain('E3002');
  });
});
