import { LocalRunFailure } from '../failure';

/** What a command line that runs a container says, for a process of this machine that does the same. */
export interface ContainerCommand {
  readonly image: string;
  /** What the container starts, with the paths of the machine. */
  readonly argv: readonly string[];
  /** The file with the names of the variables that it is given, by its path on the machine. */
  readonly variablesFile: string;
  /** The directories of its own to write in. */
  readonly scratchPaths: readonly string[];
  /** What a process of this machine is without. */
  readonly restrictions: readonly string[];
}

export function isContainerCommand([program = '']: readonly string[]): boolean {
  return program.endsWith('/docker');
}

/** Reads `docker ... run OPTION ... IMAGE ARGUMENT ...`; undefined for another command of Docker. */
export function containerCommand(words: readonly string[]): ContainerCommand | undefined {
  const verb = words.findIndex((word, index) => index > 0 && !word.startsWith('-'));
  if (words[verb] !== 'run') return undefined;
  const end = words.findIndex((word, index) => index > verb && !word.startsWith('--'));
  const options = words.slice(verb + 1, end);
  const values = (name: string) =>
    options.filter((option) => option.startsWith(`--${name}=`)).map((option) => option.slice(name.length + 3));
  const [[entryPoint], [variablesFile], [told]] = ['entrypoint', 'env-file', 'env'].map(values);
  if (end < 0 || !entryPoint) throw new LocalRunFailure(`a container without image or entry point: ${words.join(' ')}`);
  if (told) throw new LocalRunFailure(`${told.split('=')[0]} is on a command line, for everybody to read`);
  if (!variablesFile) throw new LocalRunFailure(`a container without variables: ${words.join(' ')}`);
  const mounts = values('mount').map((mount) => Object.fromEntries(mount.split(',').map((part) => part.split('='))));
  const onMachine = (word: string) =>
    mounts.find(({ type, target }) => type === 'bind' && target === word)?.source ?? word;
  return {
    image: words[end],
    argv: [entryPoint, ...words.slice(end + 1).map(onMachine)],
    variablesFile,
    scratchPaths: mounts.filter(({ type }) => type === 'volume').map(({ target }) => target),
    restrictions: options.filter((option) =>
      /^--(read-only|cap-drop|security-opt|user|memory|pids-limit)\b/.test(option),
    ),
  };
}
