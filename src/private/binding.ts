/**
 * The constructs that a part defines: set by its `bind`, read by its getters.
 */
export class Binding<T extends object> {
  private claimed = false;
  private value?: T;

  /** @param strategy The name of the part in error messages, such as `ArtifactStore.s3()`. */
  public constructor(private readonly strategy: string) {}

  /** Throws at the second `bind`: two servers would share the resources of one. */
  public claim(): void {
    if (this.claimed) {
      throw new Error(
        `this ${this.strategy} already belongs to an MlflowTrackingServer; create another one for the second server`,
      );
    }
    this.claimed = true;
  }

  public set(value: T): void {
    this.value = value;
  }

  public read<K extends keyof T & string>(property: K): T[K] {
    if (this.value === undefined) {
      throw new Error(
        `'${property}' of ${this.strategy} does not exist yet; pass the ${this.strategy} to an MlflowTrackingServer first`,
      );
    }
    return this.value[property];
  }
}
