import { Template, TemplateResource } from '../../local/emulator/template';

/** Changes a synthesised template the way a defect of the library would. */
export type Mutation = (template: Template) => void;

export function resourcesOf(template: Template, type: string): TemplateResource[] {
  const found = Object.values(template.Resources).filter((resource) => resource.Type === type);
  if (!found.length) throw new Error(`the template has no ${type}`);
  return found;
}

function task(template: Template): TemplateResource {
  return resourcesOf(template, 'AWS::ECS::TaskDefinition')[0];
}

function containers(template: Template): any[] {
  return task(template).Properties!.ContainerDefinitions;
}

function container(template: Template, name: string): any {
  const found = containers(template).find(({ Name }) => Name === name);
  if (!found) throw new Error(`the task has no container ${name}`);
  return found;
}

export const setVariable =
  (name: string, value: string): Mutation =>
  (template) => {
    const holders = containers(template).flatMap(({ Environment }) => Environment.filter((e: any) => e.Name === name));
    if (!holders.length) throw new Error(`no container has ${name}`);
    for (const holder of holders) holder.Value = value;
  };

export const removeVariable =
  (name: string): Mutation =>
  (template) => {
    for (const each of containers(template)) each.Environment = each.Environment.filter((e: any) => e.Name !== name);
  };

export const addVariable =
  (name: string, value: string): Mutation =>
  (template) =>
    container(template, 'server').Environment.push({ Name: name, Value: value });

export const setCommand =
  (containerName: string, command: string[]): Mutation =>
  (template) => {
    container(template, containerName).Command = command;
  };

/** Another field of the secret that the variable reads. */
export const setSecretField =
  (variable: string, field: string): Mutation =>
  (template) => {
    for (const { Secrets = [] } of containers(template)) {
      for (const secret of Secrets.filter(({ Name }: any) => Name === variable)) {
        const parts: any[] = secret.ValueFrom['Fn::Join'][1];
        parts[parts.length - 1] = `:${field}::`;
      }
    }
  };

type Role = 'TaskRoleArn' | 'ExecutionRoleArn';

function roleId(template: Template, role: Role): string {
  return task(template).Properties![role]['Fn::GetAtt'][0];
}

function policyIds(template: Template, role: Role): string[] {
  const id = roleId(template, role);
  const found = Object.entries(template.Resources)
    .filter(([, { Type, Properties }]) => Type === 'AWS::IAM::Policy' && JSON.stringify(Properties!.Roles).includes(id))
    .map(([policyId]) => policyId);
  if (!found.length) throw new Error(`the role ${id} has no policy`);
  return found;
}

export const changeStatements =
  (role: Role, change: (statements: any[]) => any[]): Mutation =>
  (template) => {
    for (const id of policyIds(template, role)) {
      const document = template.Resources[id].Properties!.PolicyDocument;
      document.Statement = change(document.Statement);
    }
  };

export const removePolicies =
  (role: Role): Mutation =>
  (template) => {
    for (const id of policyIds(template, role)) {
      delete template.Resources[id];
      for (const resource of Object.values(template.Resources)) {
        if (resource.DependsOn) resource.DependsOn = [resource.DependsOn].flat().filter((each) => each !== id);
      }
    }
  };

export const withoutAction =
  (action: string) =>
  (statements: any[]): any[] =>
    statements.map((statement) => ({ ...statement, Action: [statement.Action].flat().filter((a) => a !== action) }));

/** The same in the first policy that has the action, whatever its role. */
export const withoutActionAnywhere =
  (action: string): Mutation =>
  (template) => {
    const { PolicyDocument } = Object.values(template.Resources).find(
      ({ Type, Properties }) => Type === 'AWS::IAM::Policy' && JSON.stringify(Properties).includes(action),
    )!.Properties!;
    PolicyDocument.Statement = withoutAction(action)(PolicyDocument.Statement).filter(
      ({ Action }) => Action.length > 0,
    );
  };

export const trustOnly =
  (role: Role, service: string): Mutation =>
  (template) => {
    const document = template.Resources[roleId(template, role)].Properties!.AssumeRolePolicyDocument;
    document.Statement = document.Statement.map((s: any) => ({ ...s, Principal: { Service: service } }));
  };

export const both =
  (...mutations: Mutation[]): Mutation =>
  (template) =>
    mutations.forEach((mutate) => mutate(template));
