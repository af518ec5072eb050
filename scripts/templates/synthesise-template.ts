import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, BootstraplessSynthesizer, CfnOutput, Stack } from 'aws-cdk-lib';
import { ManagedPolicy } from 'aws-cdk-lib/aws-iam';
import recommendedFlags from 'aws-cdk-lib/recommended-feature-flags.json';
import { TemplateDefinition } from './definition';
import { ParameterForm } from './parameter-form';
import { MlflowTrackingServer } from '../../src';

/** As in an app that `cdk init` makes, but for the flag that needs a Lambda function with an asset. */
const FLAGS = { ...recommendedFlags, '@aws-cdk/aws-ec2:restrictDefaultSecurityGroup': false };

/** A CloudFormation template as it is written. */
export interface TemplateJson {
  readonly Description: string;
  readonly Metadata: Record<string, any>;
  readonly Parameters: Record<string, ParameterJson>;
  readonly Resources: Record<string, any>;
  readonly Outputs: Record<string, { readonly Description: string; readonly Value: unknown }>;
  readonly [section: string]: unknown;
}

export interface ParameterJson {
  readonly Type: string;
  readonly Description: string;
  readonly Default?: string | number;
  readonly AllowedValues?: readonly string[];
  readonly AllowedPattern?: string;
  readonly MinValue?: number;
  readonly MaxValue?: number;
}

/** The template of a row, which anyone can deploy: it needs no bootstrapped account and no other files. */
export function synthesiseTemplate(definition: TemplateDefinition): TemplateJson {
  const outdir = mkdtempSync(join(tmpdir(), 'cdk-mlflow-templates-'));
  try {
    const app = new App({ outdir, context: FLAGS, analyticsReporting: false });
    defineStack(app, definition);
    const template = app.synth().stacks[0].template;
    const { Description, Metadata, Parameters, Outputs, Conditions, Mappings, Resources, ...rest } = template;
    // What people look for comes first.
    return { ...rest, Description, Metadata, Parameters, Outputs, Conditions, Mappings, Resources };
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

export function defineStack(app: App, definition: TemplateDefinition): Stack {
  const stack = new Stack(app, `mlflow-${definition.name}`, {
    description: definition.title,
    // It refuses assets.
    synthesizer: new BootstraplessSynthesizer(),
  });
  const form = new ParameterForm(stack);
  const server = definition.define(stack, form);
  defineClientPolicy(stack, server);
  nameOutputs(server);
  stack.templateOptions.templateFormatVersion = '2010-09-09';
  stack.templateOptions.metadata = form.toMetadata();
  return stack;
}

/** In place of `grantAccess`: whoever has no AWS CDK attaches the policy to the roles of their clients. */
function defineClientPolicy(stack: Stack, server: MlflowTrackingServer): void {
  const policy = new ManagedPolicy(stack, 'ClientAccess', {
    description: 'The permissions of a client of the MLflow tracking server: to log runs and to register models',
  });
  server.grantAccess(policy);
  new CfnOutput(stack, 'ClientPolicy', {
    value: policy.managedPolicyArn,
    description: 'The ARN of the policy with the permissions of a client',
  });
}

/** The outputs are alone in their stack: they need no prefix and no hash. */
function nameOutputs(server: MlflowTrackingServer): void {
  for (const child of server.node.children) {
    if (child instanceof CfnOutput) child.overrideLogicalId(child.node.id);
  }
}
