import { LocalRunFailure } from '../failure';

export const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** Asks again and again until the probe gives something; an error of the probe means "not yet". */
export async function waitUntil<T>(
  what: string,
  probe: () => Promise<T | undefined | false>,
  timeoutSeconds: number,
): Promise<T> {
  const end = Date.now() + timeoutSeconds * 1000;
  let lastError = '';
  while (Date.now() < end) {
    try {
      const value = await probe();
      if (value !== undefined && value !== false) return value;
    } catch (error) {
      lastError = `: ${(error as Error).message}`;
    }
    await pause(50);
  }
  throw new LocalRunFailure(`${what}: nothing within ${timeoutSeconds} s${lastError}`);
}
