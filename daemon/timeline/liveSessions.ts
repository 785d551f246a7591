/** Live sessions among the stored videos, and who watches a video now. */
import type { KeptSession, LiveFacts } from '../../protocol/index.ts';
import { mediaMs, wallMs } from '../../protocol/index.ts';
import type { Clock } from '../base/clock.ts';
import { isAlive } from '../base/processes.ts';
import type { Database, SqlRecord } from './database.ts';
import type { SearchIndex } from './searchIndex.ts';

/** An owner that was not heard of for so long is gone, even when another process has its process id by now. */
const ownerLimitMs = 600_000;

/** Whether the store that watches a video lives. @param record of `videos` */
export function isOwnerAlive(record: SqlRecord, clock: Pick<Clock, 'now'>): boolean {
  const { owner, owner_pid: pid, owner_seen_ms: seenMs } = record;
  const isRecent = clock.now() - Number(seenMs) < ownerLimitMs;
  return typeof owner === 'string' && isRecent && isAlive(Number(pid));
}

/** @param record of `videos`. @returns undefined when it is no live session that has begun */
export function readLiveFacts(record: SqlRecord): LiveFacts | undefined {
  const { live_name: name, live_started_ms: startedMs } = record;
  if (typeof startedMs !== 'number') return undefined;
  return { name: String(name), startedMs: wallMs(startedMs) };
}

/** The timeline of a live session; each has one. */
export function findLive(
  database: Database,
  videoId: string,
): { readonly id: number; readonly frameRateFps: number } | undefined {
  const record = database.get(
    `SELECT id, frame_rate_fps AS rate FROM videos
      WHERE video_id = ? AND live_started_ms IS NOT NULL ORDER BY id LIMIT 1`,
    videoId,
  );
  return record && { id: Number(record['id']), frameRateFps: Number(record['rate']) };
}

/** Live sessions of which a picture was seen, newest first. */
export function listLive(database: Database, clock: Pick<Clock, 'now'>): KeptSession[] {
  const records = database.all(
    `SELECT * FROM videos WHERE live_started_ms IS NOT NULL AND watched_ms IS NOT NULL
      ORDER BY live_started_ms DESC, id DESC`,
  );
  return records.flatMap((record) => {
    const facts = readLiveFacts(record);
    if (!facts) return [];
    const { video_id: videoId, watched_ms: watchedMs, is_complete: isComplete } = record;
    return {
      videoId: String(videoId),
      ...facts,
      watchedMs: mediaMs(Number(watchedMs)),
      isRunning: isComplete !== 1 && isOwnerAlive(record, clock),
    };
  });
}

/**
 * Removes what is stored of a live session, its words in the index too, as a whole: its bytes are overwritten, as far as SQLite's own
 * pages go. Whoever is killed meanwhile has removed nothing; behind it the log of writes is gone with the next checkpoint.
 */
export function removeLive(database: Database, index: SearchIndex, videoId: string): void {
  database.transaction(() => {
    const found = findLive(database, videoId);
    if (!found) return;
    index.dropAfter(found.id, 0);
    // Rows and all that belongs to them go with it.
    database.run('DELETE FROM videos WHERE id = ?', found.id);
    index.purge();
  });
  database.emptyLog();
}
