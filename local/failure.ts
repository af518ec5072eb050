/** Something that the local run found wrong: its message is meant for the person who reads the terminal. */
export class LocalRunFailure extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LocalRunFailure';
  }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
