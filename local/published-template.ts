import * as fs from 'fs';
import * as path from 'path';
import { Template } from './emulator/template';
import { LocalRunFailure } from './failure';
import { SynthesisedStack } from './synthesise';
import { TEMPLATES } from './tools/paths';

/** What somebody would enter for a parameter without a default. */
const ENTERED: Readonly<Record<string, string>> = {
  // An address of nobody: the load balancer and the security groups are not run.
  AllowedCidr: '203.0.113.7/32',
};

/** A template of `templates/`, and what is done with it here that its deployer would do. */
export interface PublishedTemplate extends SynthesisedStack {
  readonly parameters: Readonly<Record<string, string>>;
  readonly deviations: readonly string[];
}

export function publishedNames(): string[] {
  const names = fs.existsSync(TEMPLATES) ? fs.readdirSync(TEMPLATES) : [];
  return names.filter((name) => fs.existsSync(fileOf(name)));
}

/** Reads the file that people deploy: it needs no synthesis. */
export function readPublished(name: string): PublishedTemplate {
  const names = publishedNames();
  if (!names.includes(name)) {
    throw new LocalRunFailure(`there is no template '${name}'; there are: ${names.join(', ') || 'none'}`);
  }
  const template: Template = JSON.parse(fs.readFileSync(fileOf(name), 'utf8'));
  const required = Object.entries(template.Parameters ?? {}).filter(([, { Default }]) => Default === undefined);
  const parameters = Object.fromEntries(required.map(([parameter]) => [parameter, enteredFor(name, parameter)]));
  const entered = Object.entries(parameters).map(
    ([parameter, value]) => `${parameter} is ${value}, which has no default`,
  );
  const client = addClientRole(template);
  return { name: `mlflow-${name}`, template, parameters, deviations: [...entered, ...client] };
}

function enteredFor(name: string, parameter: string): string {
  const value = ENTERED[parameter];
  if (value === undefined) {
    throw new LocalRunFailure(`the template ${name} has no default for ${parameter}, and the local run knows no value`);
  }
  return value;
}

/** Where IAM decides who may use the server: a notebook's role, with the template's policy attached to it. */
function addClientRole(template: Template): string[] {
  if (!Object.values(template.Resources).some(({ Type }) => Type.startsWith('AWS::SageMaker::'))) return [];
  const policy = template.Outputs?.ClientPolicy?.Value;
  if (!policy) throw new LocalRunFailure('the template has no output ClientPolicy');
  template.Resources.LocalNotebook = {
    Type: 'AWS::IAM::Role',
    Properties: {
      AssumeRolePolicyDocument: {
        Version: '2012-10-17',
        Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Principal: { Service: 'sagemaker.amazonaws.com' } }],
      },
      ManagedPolicyArns: [policy],
    },
  };
  return [`the role of a notebook is added, with the policy ClientPolicy of the outputs and no other`];
}

function fileOf(name: string): string {
  return path.join(TEMPLATES, name, 'template.json');
}
