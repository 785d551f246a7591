/** codealong watch: rows as they come, and the counters at the end. */
import {
  isLive,
  sessionStats,
  startSession,
  stopSession,
  timelineRow,
  serverPlace,
  type SessionStats,
  type SourceSpec,
  type TimelineKind,
} from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { sessionEnding } from '../client/sessionEnding.ts';
import type { DaemonConnection } from '../client/connection.ts';
import { isAddress, printJson, sessionOptionsOf, sourceOf, type VerbContext } from './context.ts';
import { formatRow, formatStats } from './format.ts';
import { screenOf } from './screens.ts';
import { showSounds, soundOf } from './sounds.ts';

const usualKinds: readonly TimelineKind[] = ['guidance', 'gap', 'cue'];

/** @throws AppError when the video cannot be watched; the signal's reason after Ctrl+C, once the session has stopped */
export async function watch(context: VerbContext): Promise<number> {
  const { values, output, progress, signal } = context;
  const sound = values.microphone === 'list' ? undefined : soundOf(values);
  using connection = await context.connect();
  let stats: SessionStats | undefined;
  connection.onNotification(timelineRow, ({ row }) => {
    if (values.all !== true && !usualKinds.includes(row.kind)) return;
    progress.clear();
    if (values.json) printJson(output, row);
    else output.line(formatRow(row));
  });
  connection.onNotification(sessionStats, ({ stats: newest }) => {
    stats = newest;
    progress.at(newest.positionMs, newest.durationMs);
  });
  const source = await watchedSource(context, connection);
  if (!source) return 0;
  const ending = sessionEnding(connection);
  const { sessionId, videoId, isIndexed } = await connection.request(
    startSession,
    { source, options: sessionOptionsOf(context, sound ? { sound } : {}) },
    { signal },
  );
  if (isLive(source)) {
    if (values.json) printJson(output, { kind: 'session', videoId });
    else output.note(`Watching live; Ctrl+C ends it. Ask about it as ${videoId}.`);
    const { transcriber } = values;
    if (transcriber !== undefined && (source.kind === 'stream' || sound) && !values.json) {
      const { host, isLocal } = serverPlace(transcriber);
      const place = isLocal ? `${host}, which is this machine` : host;
      const heard = sound?.kind === 'microphone' ? 'The microphone is heard. ' : '';
      output.note(`${heard}What is spoken is sent to ${place}.`);
    }
  }
  if (isIndexed && !values.json)
    output.note('This video was watched before; here is what was kept.');
  const stop = (): void => {
    // An error here means that the session has just ended by itself.
    connection.request(stopSession, { sessionId }, { signal: never }).catch(() => undefined);
  };
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  const end = await ending;
  progress[Symbol.dispose]();
  if (!end) throw new AppError('connection.lost');
  const { state, error } = end;
  if (values.json) printJson(output, { kind: 'stats', state, videoId, isIndexed, ...stats });
  else if (stats) output.note(formatStats(stats));
  // Nothing else ends a screen.
  if (isLive(source) && state === 'stopped' && signal.aborted) return 0;
  signal.throwIfAborted();
  if (error)
    throw new AppError(error.code, error.message, { data: { incidentId: error.incidentId } });
  if (state === 'stopped') throw new AppError('session.notFound', 'Somebody stopped the session.');
  return 0;
}

/** @returns undefined when the screens were only to be listed */
async function watchedSource(
  context: VerbContext,
  connection: DaemonConnection,
): Promise<SourceSpec | undefined> {
  const [word = ''] = context.words;
  if (context.values.microphone === 'list') {
    await showSounds(context, connection);
    return undefined;
  }
  if (context.values.screen !== undefined) return screenOf(context, connection);
  return isAddress(word) ? { kind: 'stream', url: word } : sourceOf(context);
}

const { signal: never } = new AbortController();
