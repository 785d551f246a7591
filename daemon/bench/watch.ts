/** Watches one video to its end, as every client does. */
import {
  sessionStats,
  startSession,
  timelineRow,
  type SessionOptions,
  type SessionStats,
  type FileSource,
  type TimelineRow,
} from '../../protocol/index.ts';
import { systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { DisposalStack } from '../base/lifetime.ts';
import type { DaemonConnection } from '../client/connection.ts';
import { sessionEnding } from '../client/sessionEnding.ts';

/** What is watched. */
export interface Video {
  readonly source: FileSource;
  readonly options: SessionOptions;
}

/** What one watching brought. */
export interface Watched {
  readonly rows: readonly TimelineRow[];
  readonly stats: SessionStats | undefined;
  readonly tookMs: number;
}

/** @throws AppError of the daemon; AbortError */
export async function watch(
  connection: DaemonConnection,
  video: Video,
  { onPosition, signal }: { onPosition: (positionMs: number) => void; signal: AbortSignal },
): Promise<Watched> {
  // A row that is told again has changed.
  const rows = new Map<number, TimelineRow>();
  let stats: SessionStats | undefined;
  await using listeners = new DisposalStack();
  listeners.use(connection.onNotification(timelineRow, ({ row }) => void rows.set(row.id, row)));
  listeners.use(
    connection.onNotification(sessionStats, ({ stats: newest }) => {
      stats = newest;
      onPosition(newest.positionMs);
    }),
  );
  const aborted = new Promise<never>((_, reject) => {
    const leave = (): void => {
      reject(signal.reason as Error);
    };
    signal.addEventListener('abort', leave, { once: true });
    listeners.defer(() => {
      signal.removeEventListener('abort', leave);
    });
  });
  // It may fail before anybody waits for it.
  aborted.catch(() => undefined);
  const ending = sessionEnding(connection);
  await connection.request(startSession, video, { signal });
  const startMs = systemClock.monotonicMs();
  const end = await Promise.race([ending, aborted]);
  if (!end) throw new AppError('connection.lost');
  if (end.error) throw new AppError(end.error.code, end.error.message);
  return { rows: [...rows.values()], stats, tookMs: systemClock.monotonicMs() - startMs };
}
