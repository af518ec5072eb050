import { Annotations, Aspects, IAspect } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** Adds a warning whose condition is evaluated at synthesis, because later calls can still change it. */
export function warnAtSynthesis(scope: IConstruct, id: string, message: string, isSo: () => boolean): void {
  Aspects.of(scope).add(new Warning(scope, id, message, isSo));
}

class Warning implements IAspect {
  public constructor(
    private readonly scope: IConstruct,
    private readonly id: string,
    private readonly message: string,
    private readonly isSo: () => boolean,
  ) {}

  public visit(node: IConstruct): void {
    if (node === this.scope && this.isSo()) Annotations.of(node).addWarningV2(this.id, this.message);
  }
}
