import { execFileSync } from 'child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { Template } from 'aws-cdk-lib/assertions';
import { parseEnvironmentFile } from '../../local/workload/ec2-user-data';
import { Compute, Endpoint } from '../../src';
import { ec2Files } from '../compute/ec2/launch-template';
import { newStack } from '../support/new-app';
import { only, resourcesOf, serverContainer, templateWith } from '../support/templates';

const template = templateWith(
  { compute: Compute.ec2(), endpoint: Endpoint.portForwarding() },
  newStack({ env: { region: 'eu-central-1', account: '111111111111' } }),
);

function commandOf(of: Template): string {
  const [output] = Object.values<any>(of.toJSON().Outputs).filter(
    ({ Description }) => Description === 'Opens a tunnel to the server',
  );
  const parts: any[] = output.Value['Fn::Join']?.[1] ?? [output.Value];
  return parts
    .map((part) => (typeof part === 'string' ? part : `<${part.Ref ?? part['Fn::GetAtt'].join('.')}>`))
    .join('');
}

test('nothing listens for clients, and nobody is let in', () => {
  for (const type of ['AWS::ElasticLoadBalancingV2::LoadBalancer', 'AWS::ElasticLoadBalancingV2::TargetGroup']) {
    template.resourceCountIs(type, 0);
  }
  expect(only(template, 'AWS::EC2::SecurityGroup', 'MlflowCompute').Properties).not.toHaveProperty(
    'SecurityGroupIngress',
  );
  const rules = Object.values(resourcesOf(template)).filter(({ Type }) => Type === 'AWS::EC2::SecurityGroupIngress');
  expect(rules).toHaveLength(1);
});

test('the server answers to the name on the other side', () => {
  expect(parseEnvironmentFile(ec2Files(template)['/etc/mlflow/server.env'])).toMatchObject({
    MLFLOW_SERVER_CORS_ALLOWED_ORIGINS: 'http://localhost:5000',
    MLFLOW_SERVER_ALLOWED_HOSTS: 'localhost,localhost:*,localhost,localhost:*,127.0.0.1,127.0.0.1:*,0.0.0.0,0.0.0.0:*',
  });
  const [uri] = Object.values<any>(template.toJSON().Outputs).filter(({ Description }) => /address/.test(Description));
  expect(uri.Value).toBe('http://localhost:5000');
});

/** What the command asks of `aws`, in a real shell. */
function callsOf(command: string): string[] {
  const directory = mkdtempSync(join(tmpdir(), 'connect-'));
  const answers =
    'case "$*" in *list-tasks*) echo arn:task/c/t1;; *describe-tasks*) echo t1-99;; *describe-auto*) echo i-1;; esac';
  writeFileSync(
    join(directory, 'aws'),
    `#!/bin/sh\nprintf '[%s]' "$@" >> ${directory}/calls\necho >> ${directory}/calls\n${answers}\n`,
    { mode: 0o755 },
  );
  execFileSync('sh', ['-c', command.replace(/[<>]/g, '')], { env: { PATH: `${directory}:${process.env.PATH}` } });
  const calls = readFileSync(join(directory, 'calls'), 'utf8').trim().split('\n');
  rmSync(directory, { recursive: true });
  return calls;
}

const SESSION =
  '[ssm][start-session][--region][eu-central-1][--document-name][AWS-StartPortForwardingSession]' +
  '[--parameters][portNumber=5000,localPortNumber=5000][--target]';

test('the output is a command that a shell understands', () => {
  const calls = callsOf(commandOf(template));
  expect(calls[0]).toContain('[--query][AutoScalingGroups[0].Instances[?LifecycleState==`InService`]|[0].InstanceId]');
  expect(calls[1]).toBe(`${SESSION}[i-1]`);
});

describe('on Fargate', () => {
  const fargate = templateWith(
    { endpoint: Endpoint.portForwarding() },
    newStack({ env: { region: 'eu-central-1', account: '111111111111' } }),
  );

  test('the session goes to the server’s container of a task', () => {
    const cluster = only(fargate, 'AWS::ECS::Cluster').id;
    const calls = callsOf(commandOf(fargate));
    expect(calls[0]).toContain('[ecs][list-tasks]');
    expect(calls[1]).toContain(`[--tasks][arn:task/c/t1][--query][tasks[0].containers[?name=='server']|[0].runtimeId]`);
    expect(calls[2]).toBe(`${SESSION}[ecs:${cluster}_t1_t1-99]`);
  });

  test('the service lets sessions in, and its agent has where to write', () => {
    expect(only(fargate, 'AWS::ECS::Service').Properties).toMatchObject({ EnableExecuteCommand: true });
    expect(only(fargate, 'AWS::ECS::Service').Properties).not.toHaveProperty('LoadBalancers');
    const server = serverContainer(fargate);
    expect((server.MountPoints as any[]).map(({ ContainerPath }) => ContainerPath)).toEqual([
      '/tmp',
      '/managed-agents',
      '/var/lib/amazon/ssm',
      '/var/log/amazon/ssm',
    ]);
    expect(server.ReadonlyRootFilesystem).toBe(true);
    expect(only(fargate, 'AWS::ECS::TaskDefinition').Properties.Volumes).toHaveLength(4);
  });

  test('under other endpoints there are no sessions', () => {
    const other = templateWith();
    expect(only(other, 'AWS::ECS::Service').Properties).not.toHaveProperty('EnableExecuteCommand');
    expect(only(other, 'AWS::ECS::TaskDefinition').Properties.Volumes).toHaveLength(1);
  });
});

test('the output is the command that opens the way', () => {
  const group = only(template, 'AWS::AutoScaling::AutoScalingGroup').id;
  expect(commandOf(template)).toBe(
    'aws ssm start-session --region eu-central-1 --document-name AWS-StartPortForwardingSession ' +
      '--parameters portNumber=5000,localPortNumber=5000 ' +
      '--target "$(aws autoscaling describe-auto-scaling-groups --region eu-central-1 ' +
      `--auto-scaling-group-names <${group}> --output text ` +
      "--query 'AutoScalingGroups[0].Instances[?LifecycleState==`InService`]|[0].InstanceId')\"",
  );
});

test('there is no such output under another endpoint', () => {
  const outputs = Object.keys(templateWith({ compute: Compute.ec2() }).toJSON().Outputs);
  expect(outputs.filter((id) => /ConnectCommand/.test(id))).toEqual([]);
});
