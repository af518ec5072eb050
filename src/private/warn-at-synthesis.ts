import { Annotations, Aspects, IAspect } from 'aws-cdk-lib';
import { IConstruct } from 'constructs';

/** A warning about what may still change until the app is complete, such as by calls after the construct is made. */
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
