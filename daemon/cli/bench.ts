/** codealong bench: how good the model is on videos whose truth is known, and what it is given of videos. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stop } from '../../protocol/index.ts';
import type { DaemonConnection } from '../client/connection.ts';
import { UsageError } from './arguments.ts';
import { printJson, sessionOptionsOf, type VerbContext } from './context.ts';

/** @throws UsageError; AppError when the truth or a video cannot be read; the signal's reason after Ctrl+C */
export async function bench(context: VerbContext): Promise<number> {
  const [what, ...paths] = context.words;
  if (what === 'quality') return quality(context, paths);
  if (what === 'frames') return frames(context, paths);
  throw new UsageError(`What can be measured is quality or frames, not "${what}".`);
}

async function quality(
  context: VerbContext,
  [folder = '', surplus]: readonly string[],
): Promise<number> {
  if (surplus !== undefined) {
    throw new UsageError(`"codealong bench quality" does not know what to do with "${surplus}".`);
  }
  const { values, output, progress, signal } = context;
  // Loaded here alone: the other verbs start without it.
  const { formatQuality, measureQuality, readTruth } = await import('../bench/quality.ts');
  const truth = await readTruth(path.resolve(folder));
  const { clips, summary } = await inFreshHome(context, (connection) =>
    measureQuality(
      connection,
      {
        ...{ truth, folder: path.resolve(folder), session: sessionOptionsOf(context) },
        onProgress: (doneMs, totalMs) => {
          progress.at(doneMs, totalMs);
        },
      },
      { signal },
    ),
  );
  progress[Symbol.dispose]();
  if (values.transcript !== undefined) {
    await writeFile(values.transcript, `${JSON.stringify(clips, undefined, 1)}\n`);
  }
  if (values.json) printJson(output, summary);
  else output.line(formatQuality(summary));
  return 0;
}

async function frames(context: VerbContext, paths: readonly string[]): Promise<number> {
  const { values, output, progress, signal } = context;
  if (values.home !== undefined) {
    throw new UsageError('Frames come from a first watching: leave --home out.');
  }
  const { printFrames } = await import('../bench/frames.ts');
  const options = {
    videos: paths.map((each) => path.resolve(each)),
    session: sessionOptionsOf(context),
    onLine: (line: string) => {
      output.line(line);
    },
    onProgress: (positionMs: number) => {
      progress.at(positionMs);
    },
  };
  await inFreshHome(context, (connection) => printFrames(connection, options, { signal }));
  progress[Symbol.dispose]();
  return 0;
}

const { signal: never } = new AbortController();

/** What is kept of earlier runs must not answer for this one. A home that was asked for is used as it is. */
async function inFreshHome<Result>(
  { values, connect }: VerbContext,
  work: (connection: DaemonConnection) => Promise<Result>,
): Promise<Result> {
  if (values.home !== undefined) {
    using connection = await connect();
    return await work(connection);
  }
  const home = await mkdtemp(path.join(tmpdir(), 'codealong-bench-'));
  try {
    using connection = await connect({ home });
    try {
      return await work(connection);
    } finally {
      // Nobody else has its daemon. It closes the connection when everything is let go.
      await connection.request(stop, {}, { signal: never }).catch(() => undefined);
      await connection.closed;
    }
  } finally {
    await rm(home, { recursive: true, force: true, maxRetries: 5 });
  }
}
