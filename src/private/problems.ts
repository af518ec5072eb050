/**
 * Collects the problems of an input, so that a user sees all of them at once.
 */
export class Problems {
  /** Returns what a check notes. */
  public static in(check: (problems: Problems) => void): string[] {
    const problems = new Problems();
    check(problems);
    return problems.messages;
  }

  private readonly messages: string[] = [];

  /** Notes the message where the condition is not met. */
  public require(condition: boolean, message: () => string): this {
    if (!condition) {
      this.messages.push(message());
    }
    return this;
  }

  /** Notes what others have found. */
  public add(messages: string[]): this {
    this.messages.push(...messages);
    return this;
  }

  /** Throws one error with every message, if there is any. */
  public throwIfAny(subject: string): void {
    if (this.messages.length === 1) {
      throw new Error(this.messages[0]);
    }
    if (this.messages.length > 1) {
      throw new Error(`${subject} has ${this.messages.length} problems:\n- ${this.messages.join('\n- ')}`);
    }
  }
}
