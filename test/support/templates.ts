import { CfnElement, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { newStack } from './new-app';
import { MlflowTrackingServer, MlflowTrackingServerProps } from '../../src';

export interface Resource {
  readonly Type: string;
  readonly Properties: any;
  readonly DependsOn?: string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
}

/** The template of a stack with one server. */
export function templateWith(props: MlflowTrackingServerProps = {}, stack: Stack = newStack()): Template {
  new MlflowTrackingServer(stack, 'Mlflow', props);
  return Template.fromStack(stack);
}

export function resourcesOf(template: Template): Record<string, Resource> {
  return template.toJSON().Resources ?? {};
}

/** The only resource of a type, or the only one whose logical id begins with a text. */
export function only(template: Template, type: string, idPrefix = ''): Resource & { readonly id: string } {
  const found = Object.entries(resourcesOf(template)).filter(
    ([id, resource]) => resource.Type === type && id.startsWith(idPrefix),
  );
  if (found.length !== 1) {
    throw new Error(`expected one ${type} '${idPrefix}', got ${found.length}: ${found.map(([id]) => id).join(', ')}`);
  }
  return { id: found[0][0], ...found[0][1] };
}

export function idsOf(template: Template, type: string): string[] {
  return Object.keys(template.findResources(type)).sort();
}

export interface Container {
  readonly Name: string;
  readonly Environment: { Name: string; Value: unknown }[];
  readonly Secrets?: { Name: string; ValueFrom: unknown }[];
  readonly [property: string]: unknown;
}

export function containersOf(template: Template): Container[] {
  return only(template, 'AWS::ECS::TaskDefinition').Properties.ContainerDefinitions;
}

export function serverContainer(template: Template): Container {
  return containersOf(template).find(({ Name }) => Name === 'server')!;
}

/** The environment of the container that serves. */
export function environmentOf(template: Template): Record<string, unknown> {
  return Object.fromEntries(serverContainer(template).Environment.map(({ Name, Value }) => [Name, Value]));
}

export interface Permission {
  readonly role: string;
  readonly effect: string;
  readonly action: string;
  readonly resource: unknown;
}

/** Every permission of every policy of an identity, one line for each action and resource: however CDK groups them. */
export function permissionsOf(template: Template): Permission[] {
  return Object.values(template.findResources('AWS::IAM::Policy')).flatMap(({ Properties }) =>
    Properties.Roles.flatMap((role: { Ref: string } | string) =>
      Properties.PolicyDocument.Statement.flatMap(({ Effect, Action, Resource }: any) =>
        [Action].flat().flatMap((action: string) =>
          [Resource].flat().map((resource) => ({
            role: typeof role === 'string' ? role : role.Ref,
            effect: Effect,
            action,
            resource,
          })),
        ),
      ),
    ),
  );
}

/** The actions that a role may take on a resource, in order. */
export function actionsOn(template: Template, role: string, resource: unknown): string[] {
  return permissionsOf(template)
    .filter((permission) => permission.effect === 'Allow' && permission.role.startsWith(role))
    .filter((permission) => JSON.stringify(permission.resource) === JSON.stringify(resource))
    .map((permission) => permission.action)
    .sort();
}

/** Every string of a value, with the path to it. */
export function stringsOf(value: unknown, path: string[] = []): { path: string[]; text: string }[] {
  if (typeof value === 'string') return [{ path, text: value }];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, child]) => [
    { path: [...path, '(key)'], text: key },
    ...stringsOf(child, [...path, key]),
  ]);
}

/** What a scope would put into a template. */
export function elementsIn(stack: Stack): string[] {
  return stack.node
    .findAll()
    .filter((construct) => CfnElement.isCfnElement(construct))
    .map((construct) => construct.node.path);
}

/** The message of the error that a function throws. */
export function messageOf(action: () => unknown): string {
  try {
    action();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('expected an error, but nothing was thrown');
}
