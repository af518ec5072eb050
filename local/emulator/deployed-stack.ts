import { LocalRunFailure } from '../failure';

/** A resource as the emulator's provisioner was given it: every intrinsic function resolved, no property lost. */
export interface DeployedResource {
  readonly logicalId: string;
  readonly type: string;
  readonly physicalId: string;
  readonly properties: Record<string, any>;
  readonly attributes: Record<string, any>;
}

export class DeployedStack {
  constructor(
    public readonly name: string,
    public readonly resources: readonly DeployedResource[],
  ) {}

  public all(type: string): DeployedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  /** The one resource of its type; none and several are failures. */
  public only(type: string): DeployedResource {
    const found = this.all(type);
    if (found.length !== 1) throw new LocalRunFailure(`the template has ${found.length} of ${type}, expected one`);
    return found[0];
  }

  /** What a `Ref` gave. */
  public byPhysicalId(physicalId: unknown): DeployedResource | undefined {
    return this.resources.find((resource) => resource.physicalId === physicalId);
  }
}
