import { parseArgs } from 'util';
import { LocalRunFailure, messageOf } from './failure';

export const USAGE = `usage: npm start -- [--check] [--example NAME | --app FILE | --template NAME] [--screenshot FILE]

Runs an MLflow tracking server on this machine exactly as a template of this library says, and proves it.

  --check            end when all is proven: exit code 0, or 1 with the reason
  --example NAME     a directory of examples/ (default: quickstart)
  --app FILE         an app of your own, with one stack
  --template NAME    a directory of templates/: its template, with the defaults of its parameters
  --screenshot FILE  save a picture of the experiment's page as PNG
  --help             show this text`;

export interface Arguments {
  readonly check: boolean;
  readonly example: string;
  readonly app?: string;
  readonly template?: string;
  readonly screenshot?: string;
  readonly help: boolean;
}

export function parseArguments(argv: readonly string[]): Arguments {
  try {
    const { values } = parseArgs({
      args: [...argv],
      options: {
        check: { type: 'boolean', default: false },
        example: { type: 'string' },
        app: { type: 'string' },
        template: { type: 'string' },
        screenshot: { type: 'string' },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const [first, second] = (['example', 'app', 'template'] as const).filter((name) => values[name] !== undefined);
    if (second) throw new Error(`'--${first}' and '--${second}' name two things to run, expected one`);
    return { ...values, example: values.example ?? 'quickstart' };
  } catch (error) {
    throw new LocalRunFailure(`${messageOf(error).split('. ')[0]}\n\n${USAGE}`);
  }
}
