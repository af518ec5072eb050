/** A CloudFormation template as JSON. */
export interface Template {
  Resources: Record<string, TemplateResource>;
  Parameters?: Record<string, { Type: string; Default?: string }>;
  Rules?: Record<string, unknown>;
  Outputs?: Record<string, { Value: unknown }>;
  [section: string]: unknown;
}

export interface TemplateResource {
  Type: string;
  Properties?: Record<string, any>;
  DependsOn?: string | string[];
  [attribute: string]: unknown;
}

/** What asks for a bootstrapped account goes: the emulated one is not, and needs nothing of it. */
export function withoutBootstrapCheck(template: Template): Template {
  const { Parameters, Rules, ...rest } = structuredClone(template);
  const without = <T>(section: Record<string, T> | undefined, name: string) =>
    Object.fromEntries(Object.entries(section ?? {}).filter(([key]) => key !== name));
  const parameters = without(Parameters, 'BootstrapVersion');
  const rules = without(Rules, 'CheckBootstrapVersion');
  return {
    ...(rest as Template),
    ...(Object.keys(parameters).length ? { Parameters: parameters } : {}),
    ...(Object.keys(rules).length ? { Rules: rules } : {}),
  };
}
