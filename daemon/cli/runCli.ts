/** One run of the command line: arguments → verb → exit code; every way to fail is told once, here. */
import type { ListScreensParams, WireError } from '../../protocol/index.ts';
import { version } from '../base/buildInfo.ts';
import { isAppError, isCancellation, toError, toWireError } from '../base/errors.ts';
import type { DaemonConnection } from '../client/connection.ts';
import {
  globalOptions,
  optionTable,
  parseCommandLine,
  UsageError,
  type OptionName,
  type OptionValues,
} from './arguments.ts';
import type { Output } from './context.ts';
import { noProgress, type Progress } from './progress.ts';
import { helpText, verbs, type Verb } from './verbs.ts';

export interface CliEnvironment {
  readonly output: Output;
  /** Called for verbs that need the daemon. */
  readonly connect: (values: OptionValues) => Promise<DaemonConnection>;
  /** As `connect`, but starts no daemon. */
  readonly find: (values: OptionValues) => Promise<DaemonConnection | undefined>;
  /** Called when progress may be shown to somebody. */
  readonly createProgress: () => Progress;
  /** The display that the command line was typed on. */
  readonly display: ListScreensParams;
  /** What opens the server of a model. */
  readonly modelKey?: string | undefined;
  /** Address of an npm registry; npm's own when left out. */
  readonly npmRegistry?: string | undefined;
  /** Aborted by the first Ctrl+C. */
  readonly signal: AbortSignal;
}

/** Shells add the signal's number to 128; Ctrl+C is signal 2. */
const interruptedExitCode = 130;

/** @param argv without program and script @returns the exit code: 0, 1 expected failure, 2 usage, 3 bug, 130 Ctrl+C */
export async function runCli(argv: readonly string[], env: CliEnvironment): Promise<number> {
  try {
    return await dispatch(argv, env);
  } catch (error) {
    return explain(error, { isJson: argv.includes('--json'), env });
  }
}

async function dispatch(argv: readonly string[], env: CliEnvironment): Promise<number> {
  const { words, values } = parseCommandLine(argv);
  if (values.version) {
    env.output.line(version);
    return 0;
  }
  const isHelp = words[0] === 'help';
  const [first, ...rest] = isHelp ? words.slice(1) : words;
  const verb = first === undefined ? undefined : verbs.find(({ name }) => name === first);
  if (first !== undefined && !verb) throw new UsageError(`There is no verb "${first}".`);
  if (values.help || isHelp) {
    env.output.line(helpText(verb));
    return 0;
  }
  if (!verb) throw new UsageError('A verb is missing.');
  checkFits(verb, rest, values);
  using progress = values.json ? noProgress : env.createProgress();
  return await verb.run({
    words: rest,
    values,
    output: env.output,
    progress,
    connect: (other) => env.connect({ ...values, ...other }),
    find: () => env.find(values),
    display: env.display,
    modelKey: env.modelKey,
    npmRegistry: env.npmRegistry,
    signal: env.signal,
  });
}

function checkFits(verb: Verb, words: readonly string[], values: OptionValues): void {
  const { option, words: others } = verb.wordsWith ?? {};
  const wanted =
    (option !== undefined && values[option] !== undefined ? others : undefined) ??
    (words.length > verb.words.length ? verb.furtherWords : undefined) ??
    verb.words;
  const missing = wanted[words.length];
  if (missing !== undefined) {
    throw new UsageError(`"codealong ${verb.name}" needs ${missing.replace('…', '')}.`);
  }
  const surplus = words[wanted.length];
  if (surplus !== undefined && wanted.at(-1)?.endsWith('…') !== true) {
    const hint = wanted.length > 1 ? ' Put a question in quotes.' : '';
    throw new UsageError(
      `"codealong ${verb.name}" does not know what to do with "${surplus}".${hint}`,
    );
  }
  for (const name of Object.keys(values) as OptionName[]) {
    if (![...verb.options, ...globalOptions].includes(name)) {
      throw new UsageError(
        `The option --${optionTable[name].word} does not belong to "codealong ${verb.name}".`,
      );
    }
  }
}

function explain(
  error: unknown,
  { isJson, env }: { isJson: boolean; env: CliEnvironment },
): number {
  if (env.signal.aborted && (isCancellation(error) || error === env.signal.reason)) {
    return interruptedExitCode;
  }
  const isUsage = error instanceof UsageError;
  const told: WireError = isUsage
    ? { code: 'request.invalid', message: error.message, remedy: 'Run "codealong --help".' }
    : toWireError(error);
  if (isJson) {
    const { code, message, remedy } = told;
    env.output.note(JSON.stringify({ error: { code, message, remedy } }));
  } else {
    env.output.note(`codealong: ${told.message} ${told.remedy}`);
  }
  if (isUsage) return 2;
  if (isAppError(error)) return error.code === 'internal' ? 3 : 1;
  if (!isJson) env.output.note(toError(error).stack ?? '');
  return 3;
}
