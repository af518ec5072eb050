/**
 * What a strategy has defined: set by its one `bind`, read by its getters.
 */
export class Binding<T extends object> {
  private claimed = false;
  private value?: T;

  /** @param strategy What the owner is called in messages, such as `ArtifactStore.s3()`. */
  public constructor(private readonly strategy: string) {}

  /** Refuses a second `bind`: two servers would share what belongs to one. */
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
