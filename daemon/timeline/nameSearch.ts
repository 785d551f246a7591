/** Where a name stood on screen: exactly as it is written, as a whole. */
import type { MediaMs } from '../../protocol/index.ts';
import type { Database } from './database.ts';
import { fromRecord, rowColumns } from './rows.ts';
import { termsOf, wordsOf } from './terms.ts';

/** From its first moment to its last. */
export interface Stretch {
  readonly startMs: MediaMs;
  readonly endMs: MediaMs;
}

/** Rows beyond these are not looked at: a name that stands in so many lines is everywhere. */
const maxCandidates = 5000;

/** What a name goes on with, before and behind. A `$` before it is a sigil: `$name` is the variable `name` on the screen of a shell. */
const goesOnBefore = /[\p{L}\p{N}\p{M}_]$/u;
const goesOnBehind = /^[\p{L}\p{N}\p{M}_$]/u;

/** Whether `name` stands in a text as a whole, in the same case. Pure. */
export function hasName(text: string, name: string): boolean {
  for (let at = text.indexOf(name); at >= 0; at = text.indexOf(name, at + 1)) {
    // Two code units: a letter beyond the basic plane is one sign.
    const before = text.slice(Math.max(0, at - 2), at);
    const behind = text.slice(at + name.length, at + name.length + 2);
    if (!goesOnBefore.test(before) && !goesOnBehind.test(behind)) return true;
  }
  return false;
}

/**
 * Stretches in which a name stood on screen, over all timelines of a content, in the order of their starts. Guidance counts where
 * the name could be no word of a sentence, as `userName` could not.
 * @param videoId hash of the content
 * @throws AppError store.unavailable
 */
export function findName(database: Database, videoId: string, name: string): Stretch[] {
  const [word] = wordsOf(name);
  if (!word) return [];
  // The index knows every piece of a name that other signs may be joined to: `a+foo_bar` has `foo` and `bar`.
  const pieces = new Set(name.split(/[_$]+/).flatMap((piece) => termsOf(piece).slice(0, 1)));
  const match = [...pieces].map((piece) => `"${piece.replaceAll('"', '""')}"`).join(' ');
  if (match === '') return [];
  const kinds = word.isName ? ['screenText', 'guidance'] : ['screenText'];
  const timelines = database.all(
    `SELECT video, min(rows.id) AS first, max(rows.id) AS last
       FROM videos JOIN rows ON rows.video = videos.id
      WHERE videos.video_id = ? GROUP BY video`,
    videoId,
  );
  return timelines
    .flatMap(({ video, first, last }) =>
      kinds.flatMap((kind) =>
        // The ids of one video lie close together: the index is not searched for those of all others.
        database.all(
          `SELECT ${rowColumns}
             FROM search_${kind} CROSS JOIN rows ON rows.id = search_${kind}.rowid
            WHERE search_${kind} MATCH ? AND search_${kind}.rowid BETWEEN ? AND ? AND video = ?
            ORDER BY start_ms LIMIT ${maxCandidates}`,
          ...[match, Number(first), Number(last), Number(video)],
        ),
      ),
    )
    .map((record) => fromRecord(record))
    .flatMap((row) => {
      if (!('text' in row) || !hasName(row.text, name)) return [];
      const windows = row.kind === 'screenText' ? row.windows : [[row.startMs, row.endMs] as const];
      return windows.map(([startMs, endMs]) => ({ startMs, endMs }));
    })
    .sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs);
}
