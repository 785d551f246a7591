/** codealong bench: how good the model is on videos whose truth is known. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { stop } from '../../protocol/index.ts';
import type { DaemonConnection } from '../client/connection.ts';
import { UsageError } from './arguments.ts';
import { printJson, sessionOptionsOf, type VerbContext } from './context.ts';

/** @throws UsageError; AppError when the truth or a video cannot be read; the signal's reason after Ctrl+C */
export async function bench(context: VerbContext): Promise<number> {
  const { words, values, output, progress, signal } = context;
  const [what, folder = ''] = words;
  if (what !== 'quality') throw new UsageError(`What can be measured is quality, not "${what}".`);
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
