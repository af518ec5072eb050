import * as fs from 'fs';
import {
  CloudFormationClient,
  CreateStackCommand,
  DescribeStackEventsCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { CreateBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { LocalRunFailure } from '../failure';
import { DeployedResource, DeployedStack } from './deployed-stack';
import { Emulator } from './emulator';
import { Template, withoutBootstrapCheck } from './template';
import { waitUntil } from '../tools/wait-until';

/** Deploys the template through CloudFormation's own API, and reads back what became of it. */
export async function deploy(
  template: Template,
  stackName: string,
  emulator: Emulator,
  parameters: Readonly<Record<string, string>> = {},
): Promise<DeployedStack> {
  const cloudFormation = new CloudFormationClient(emulator.client());
  const TemplateURL = await upload(JSON.stringify(withoutBootstrapCheck(template)), emulator);
  await cloudFormation.send(
    new CreateStackCommand({
      StackName: stackName,
      TemplateURL,
      Parameters: Object.entries(parameters).map(([ParameterKey, ParameterValue]) => ({
        ParameterKey,
        ParameterValue,
      })),
      Capabilities: ['CAPABILITY_NAMED_IAM'],
    }),
  );
  const status = await waitUntil(
    'the stack',
    async () => {
      const { Stacks } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
      const current = Stacks?.[0]?.StackStatus;
      return current && !current.endsWith('IN_PROGRESS') && current;
    },
    120,
  );
  if (status !== 'CREATE_COMPLETE') {
    const reasons = await failures(cloudFormation, stackName);
    throw new LocalRunFailure(`the stack ended as ${status}:\n${reasons}`);
  }
  return new DeployedStack(stackName, readRecord(emulator.recordFile));
}

/** As the CDK does: what is given in the request itself may have 51,200 bytes at most. */
async function upload(template: string, emulator: Emulator): Promise<string> {
  const s3 = new S3Client({ ...emulator.client(), forcePathStyle: true });
  const object = { Bucket: 'templates-of-the-local-run', Key: 'template.json' };
  await s3.send(new CreateBucketCommand({ Bucket: object.Bucket })).catch((error: Error) => {
    // Only in us-east-1 is a second creation of one's own bucket no error.
    if (error.name !== 'BucketAlreadyOwnedByYou') throw error;
  });
  await s3.send(new PutObjectCommand({ ...object, Body: template }));
  return `${emulator.endpoint}/${object.Bucket}/${object.Key}`;
}

async function failures(cloudFormation: CloudFormationClient, stackName: string): Promise<string> {
  const { StackEvents = [] } = await cloudFormation.send(new DescribeStackEventsCommand({ StackName: stackName }));
  return StackEvents.filter((event) => event.ResourceStatus?.endsWith('FAILED'))
    .map((event) => `${event.LogicalResourceId} (${event.ResourceType}): ${event.ResourceStatusReason}`)
    .join('\n');
}

function readRecord(file: string): DeployedResource[] {
  const lines = fs.readFileSync(file, 'utf8').trim().split('\n');
  return lines.map((line) => JSON.parse(line) as DeployedResource);
}
