import { CfnParameter, CfnParameterProps, Stack } from 'aws-cdk-lib';

/** A parameter with what the console shows: a label in a group, and a description. */
export interface Field extends CfnParameterProps {
  readonly group: string;
  readonly label: string;
  readonly description: string;
}

/** The parameters of a template, in the order in which the console asks for them. */
export class ParameterForm {
  private readonly groups = new Map<string, string[]>();
  private readonly labels: Record<string, { readonly default: string }> = {};

  public constructor(private readonly stack: Stack) {}

  public add(name: string, { group, label, ...props }: Field): CfnParameter {
    this.groups.set(group, [...(this.groups.get(group) ?? []), name]);
    this.labels[name] = { default: label };
    return new CfnParameter(this.stack, name, { type: 'String', ...props });
  }

  /** A choice between `true` and `false`. */
  public addSwitch(name: string, on: boolean, field: Field): CfnParameter {
    return this.add(name, { default: `${on}`, allowedValues: ['true', 'false'], ...field });
  }

  /** @see https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-interface.html */
  public toMetadata(): Record<string, unknown> {
    const ParameterGroups = [...this.groups].map(([group, Parameters]) => ({ Label: { default: group }, Parameters }));
    return { 'AWS::CloudFormation::Interface': { ParameterGroups, ParameterLabels: this.labels } };
  }
}
