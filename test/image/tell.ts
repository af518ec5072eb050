import { LocalRunFailure } from '../../local/failure';

export const print = (line: string) => console.log(line);

export async function step<T>(title: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now();
  const result = await work();
  print(`${((Date.now() - start) / 1000).toFixed(1).padStart(7)} s  ${title}`);
  return result;
}

export function require(condition: boolean, message: string): void {
  if (!condition) throw new LocalRunFailure(message);
}
