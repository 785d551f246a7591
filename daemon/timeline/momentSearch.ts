/** What people search for: moments of videos, each told once. */
import type { SearchHit, TimelineKind } from '../../protocol/index.ts';
import type { Database } from './database.ts';
import { readLiveFacts } from './liveSessions.ts';
import { foundKinds, type FoundRow } from './rows.ts';
import type { SearchHit as IndexHit, SearchIndex } from './searchIndex.ts';
import { bestWindow } from './windows.ts';

export interface FindRequest {
  readonly query: string;
  /** Rows of these kinds only; kinds that cannot be found are passed over. */
  readonly kinds?: readonly TimelineKind[];
  readonly limit: number;
}

/** One moment in one video. */
export type FoundMoment = SearchHit;

/** @param request.video `rows.video` of one timeline; all when left out */
export function findMoments(
  database: Database,
  index: SearchIndex,
  { query, kinds, limit, video }: FindRequest & { readonly video?: number },
): FoundMoment[] {
  const hits = index.hits<FoundRow>({
    query,
    kinds: foundKinds.filter((kind) => kinds?.includes(kind) ?? true),
    ...(video === undefined ? {} : { video }),
  });
  const videos = new Map<number, FoundMoment['video']>();
  const videoOf = (id: number): FoundMoment['video'] => {
    const known = videos.get(id) ?? readVideo(database, id);
    videos.set(id, known);
    return known;
  };
  const moments: FoundMoment[] = [];
  for (const hit of hits) {
    if (moments.length === limit) break;
    const moment = toMoment(hit, videoOf(hit.video));
    if (!moments.some((told) => isSameMoment(told, moment))) moments.push(moment);
  }
  return moments;
}

function toMoment({ row, score, parts }: IndexHit, video: FoundMoment['video']): FoundMoment {
  const [startMs, endMs] =
    row.kind === 'screenText' ? bestWindow(row.windows) : [row.startMs, row.endMs];
  return {
    ...{ rowId: row.id, kind: row.kind, text: textOf(row), startMs, endMs },
    ...(row.kind === 'screenText' ? { region: row.region } : {}),
    ...(row.kind === 'cue' && row.origin ? { origin: row.origin } : {}),
    ...{ score, parts, video },
  };
}

const textOf = (row: FoundRow): string => (row.kind === 'chapter' ? row.title : row.text);

/** The same words in the same video at the same time: a name in a tab and in the tree, or a video that two packs have watched. */
function isSameMoment(a: FoundMoment, b: FoundMoment): boolean {
  return (
    a.video.videoId === b.video.videoId &&
    a.kind === b.kind &&
    a.text === b.text &&
    a.startMs <= b.endMs &&
    b.startMs <= a.endMs
  );
}

function readVideo(database: Database, id: number): FoundMoment['video'] {
  const record = database.get('SELECT * FROM videos WHERE id = ?', id) ?? {};
  const { path, video_id: videoId } = record;
  const live = readLiveFacts(record);
  return {
    videoId: String(videoId),
    ...(typeof path === 'string' ? { path } : {}),
    ...(live ? { live } : {}),
  };
}
