/** What every verb gets: its checked arguments, where to write, and a way to the daemon. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import {
  liveIdPattern,
  requestSentence,
  servedModel,
  watchProgress,
  type ListScreensParams,
  type MediaMs,
  type SessionOptions,
  type StoredSource,
} from '../../protocol/index.ts';
import type { DaemonConnection } from '../client/connection.ts';
import { UsageError, type OptionValues } from './arguments.ts';
import type { Progress } from './progress.ts';

/** Where the command line writes; `line` texts carry no line end. */
export interface Output {
  /** Results. */
  line(text: string): void;
  /** Diagnostics, for people. */
  note(text: string): void;
}

export interface VerbContext {
  /** The words after the verb, as many as it wants. */
  readonly words: readonly string[];
  readonly values: OptionValues;
  readonly output: Output;
  readonly progress: Progress;
  /** Starts the daemon when needed: that of the options, or of another home. */
  readonly connect: (other?: Pick<OptionValues, 'home'>) => Promise<DaemonConnection>;
  /** Gives the daemon that runs, if one does. */
  readonly find: () => Promise<DaemonConnection | undefined>;
  /** The display that this was typed on; the daemon may have been started elsewhere. */
  readonly display: ListScreensParams;
  /** What opens the server of a model: command lines can be read by others, and are no place for keys. */
  readonly modelKey: string | undefined;
  /** The npm registry that whoever typed this uses; the daemon may have been started elsewhere. */
  readonly npmRegistry: string | undefined;
  /** Aborted by Ctrl+C. */
  readonly signal: AbortSignal;
}

/** The video that the first word names: a file, or a live session by its id. */
export function sourceOf({ words: [word = ''] }: VerbContext): StoredSource {
  if (liveIdPattern.test(word)) return { kind: 'kept', videoId: word };
  if (isAddress(word)) {
    throw new UsageError(
      'What is live is watched first: "codealong watch URL" tells the id to ask about it by.',
    );
  }
  return { kind: 'file', path: path.resolve(word) };
}

/** Whether a word is meant as an address. */
export const isAddress = (word: string): boolean => /^[a-z][a-z\d+.-]*:\/\//i.test(word);

/** Starts the daemon when needed; shows how far the watching that a request waits for has come. */
export async function connectWithProgress({
  connect,
  progress,
}: VerbContext): Promise<DaemonConnection> {
  const connection = await connect();
  connection.onNotification(watchProgress, ({ positionMs, durationMs }) => {
    progress.at(positionMs, durationMs);
  });
  return connection;
}

/** A stretch of the video. @throws UsageError when it ends before it starts */
export function stretchOf({ values: { from, to } }: VerbContext): {
  readonly fromMs?: MediaMs;
  readonly toMs?: MediaMs;
} {
  if (from !== undefined && to !== undefined && from > to) {
    throw new UsageError('The end of the stretch lies before its start.');
  }
  return {
    ...(from === undefined ? {} : { fromMs: from }),
    ...(to === undefined ? {} : { toMs: to }),
  };
}

/** The model that was chosen, and what opens the server that it runs on; says where things are sent then. */
export function modelOf({
  values: { model, json },
  modelKey,
  output,
}: VerbContext): Pick<SessionOptions, 'model' | 'modelKey'> {
  if (model === undefined) return {};
  const served = servedModel(model);
  // The daemon works elsewhere; a name that is no folder here is one of its packs.
  if (!served) return { model: existsSync(model) ? path.resolve(model) : model };
  const place = served.isLocal ? `${served.host}, which is this machine` : served.host;
  if (!json) output.note(`Pictures and text of what is watched are sent to ${place}.`);
  return { model, ...(modelKey === undefined ? {} : { modelKey }) };
}

/** What travels with a session or a question. */
export function sessionOptionsOf(
  context: VerbContext,
  { sound }: Pick<SessionOptions, 'sound'> = {},
): SessionOptions {
  const { fps, speed, threshold, tellMe, ungrounded, exclude, transcriber } = context.values;
  return {
    ...(fps === undefined ? {} : { frameRateFps: fps }),
    ...(speed === undefined ? {} : { speed }),
    ...(threshold === undefined ? {} : { silenceThreshold: threshold }),
    ...modelOf(context),
    ...(tellMe === undefined ? {} : { instruction: requestSentence(tellMe) }),
    ...(ungrounded === undefined ? {} : { isUngrounded: ungrounded }),
    ...(transcriber === undefined ? {} : { transcriber }),
    ...(sound === undefined ? {} : { sound }),
    ...(exclude === undefined ? {} : { excluded: { names: exclude } }),
  };
}

/** Runs a download, whose bar goes when it fails; who stopped it hears that it can go on. @throws what `work` throws */
export async function downloading<Result>(
  { values, output, progress, signal }: VerbContext,
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    progress.clear();
    if (signal.aborted && !values.json) {
      output.note('Stopped. The same command goes on behind what is there.');
    }
    throw error;
  }
}

/** Prints one object on one line. */
export function printJson(output: Output, value: unknown): void {
  output.line(JSON.stringify(value));
}
