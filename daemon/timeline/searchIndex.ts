/**
 * Full-text search over what was said, shown and captioned, in one video or in all, with a rank whose parts can be shown. What a
 * search costs is bounded by the limits below, not by the size of the library.
 */
import type { MediaMs, NewRow, TimelineKind, TimelineRow } from '../../protocol/index.ts';
import { containment, intactPieces, resemblanceFilter, squeeze } from './alignment.ts';
import type { Database, SqlRecord } from './database.ts';
import {
  foundKinds,
  fromRecord,
  isFound,
  rowColumns,
  seenUntil,
  wordsToFind,
  type FoundRow,
} from './rows.ts';
import { termsOf, wordsOf } from './terms.ts';

/** Why a row was found; each part 0 … 1. */
export interface ScoreParts {
  /** BM25, relative to the best row of the same kind: rare words of the query count more. */
  readonly words: number;
  /** Share of the query's words that the row has. */
  readonly coverage: number;
  /** How literally the row contains the query, misread characters forgiven; 0 below `nearlyLiteral`. */
  readonly literal: number;
}

export interface SearchHit<Row extends FoundRow = FoundRow> {
  readonly row: Row;
  /** `rows.video` of its timeline. */
  readonly video: number;
  /** Sum of the parts. Among equals the first seen comes first. */
  readonly score: number;
  readonly parts: ScoreParts;
}

export interface SearchRequest<Row extends FoundRow = FoundRow> {
  /** `rows.video` of the timeline to search; all when left out. */
  readonly video?: number;
  /** Anything: operators and quotes are plain text. */
  readonly query: string;
  readonly kinds: readonly Row['kind'][];
  /** Finds only what was known at this moment. */
  readonly untilMs?: MediaMs;
  readonly limit: number;
}

/** One misread character in five is still the same line. Chosen so that 10 % reading errors in a short line pass. */
const nearlyLiteral = 0.8;
/** Shorter queries resemble too much by chance. */
const minLiteralChars = 5;
/** Rows per kind and way of looking that are judged: judging one takes about 30 µs. */
const candidatesPerKind = 100;
/** Words of a query beyond these are ignored. */
const maxQueryTerms = 64;
/**
 * Rows of the library in which words are counted for a rank (about 2 µs each); a query with more of them is asked by its rarer words
 * alone, and by all of its words together.
 */
const maxRanked = 6000;
/** A long query that was misread is asked for by at most so many pieces: more of them would be too short to tell rows apart. */
const maxPieces = 6;
/** Texts that share a piece with a misread query and are compared with it (about 3 µs each), newest first. */
const maxCompared = 4000;
/** BM25's saturation and length normalisation, at the values that SQLite uses. @source https://sqlite.org/fts5.html#the_bm25_function */
const bm25 = { k1: 1.2, b: 0.75 };

interface Query {
  readonly text: string;
  /** Every term once. */
  readonly terms: readonly string[];
  /** The term of each whole word. */
  readonly wholes: ReadonlySet<string>;
  /** Whether a text that contains it says more than one that has its words. */
  readonly isLiteral: boolean;
}

/** A row that may be a hit. */
interface Candidate {
  readonly row: FoundRow;
  readonly video: number;
  /** Terms of its words. */
  readonly terms: readonly string[];
}

export class SearchIndex {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds a stored row; kinds that are not searched are passed over. Runs inside the caller's transaction. */
  add(id: number, row: NewRow): void {
    const words = wordsToFind(row);
    if (words === undefined) return;
    this.#insert(id, row.kind, words);
  }

  /** A row has other words now. Runs inside the caller's transaction. */
  replace(id: number, kind: FoundRow['kind'], words: string): void {
    this.#delete(kind, 'rowid = ?', [id]);
    this.#insert(id, kind, words);
  }

  /** Forgets the rows of a video that were stored after `rowId`. Runs inside the caller's transaction, before they go themselves. */
  dropAfter(video: number, rowId: number): void {
    for (const kind of foundKinds) {
      const rows = '(SELECT id FROM rows WHERE video = ? AND kind = ? AND id > ?)';
      this.#delete(kind, `rowid IN ${rows}`, [video, kind, rowId]);
    }
  }

  /** Best first, at most `limit`. @throws AppError store.unavailable */
  search<Row extends FoundRow>(request: SearchRequest<Row>): SearchHit<Row>[] {
    const query = readQuery(request.query);
    const found = new Map<number, SearchHit>();
    for (const kind of request.kinds) {
      const candidates = this.#byWords(kind, query, request);
      const weigh = this.#weigher(kind, query, candidates);
      const weights = candidates.map(weigh);
      const best = Math.max(0, ...weights);
      for (const [index, candidate] of candidates.entries()) {
        keep(found, judge(candidate, query, best === 0 ? 0 : weights[index]! / best));
      }
    }
    // Nothing has the query literally: perhaps it was misread, so that its words are not in the index.
    const hasLiteral = [...found.values()].some(({ parts }) => parts.literal === 1);
    if (!hasLiteral) {
      for (const candidate of this.#byPieces(query, request)) {
        if (!found.has(candidate.row.id)) keep(found, judge(candidate, query, 0));
      }
    }
    const hits = [...found.values()].sort(
      (a, b) => b.score - a.score || a.row.startMs - b.row.startMs || a.row.id - b.row.id,
    );
    // Only rows of the kinds that were asked for were looked at.
    return hits.slice(0, request.limit) as SearchHit<Row>[];
  }

  /** Rows with words of the query: those that rank best by its rarer words, and the newest that have them all. */
  #byWords(kind: FoundRow['kind'], query: Query, request: SearchRequest): Candidate[] {
    if (query.terms.length === 0) return [];
    const counted = query.terms
      .map((term) => ({ term, count: this.#countRows(kind, term) }))
      .filter(({ count }) => count > 0)
      .sort((a, b) => a.count - b.count);
    let sum = 0;
    const rare = counted.filter(({ count }) => (sum += count) <= maxRanked);
    const isAll = rare.length === counted.length || request.video !== undefined;
    const ranked = (isAll ? counted : rare).map(({ term }) => quote(term)).join(' OR ');
    const found = ranked === '' ? [] : this.#match(kind, ranked, 'rank', request);
    if (isAll) return found;
    const wholes = [...query.wholes].map(quote).join(' AND ');
    const known = new Set(found.map(({ row }) => row.id));
    const complete = this.#match(kind, wholes, 'found.rowid DESC', request);
    return [...found, ...complete.filter(({ row }) => !known.has(row.id))];
  }

  #match(
    kind: FoundRow['kind'],
    match: string,
    order: 'rank' | 'found.rowid DESC',
    { video, untilMs }: SearchRequest,
  ): Candidate[] {
    const range = this.#idRange(video);
    // CROSS JOIN keeps the index outermost: the other order searches it once for every row of the video.
    const records = this.#database.all(
      `SELECT ${rowColumns}, rows.video AS video FROM search_${kind} AS found
         CROSS JOIN rows ON rows.id = found.rowid
        WHERE search_${kind} MATCH ? AND found.rowid BETWEEN ? AND ?
          AND rows.video = coalesce(?, rows.video) AND rows.start_ms <= ?
        ORDER BY ${order} LIMIT ${candidatesPerKind}`,
      ...[match, range.first, range.last, video ?? null, untilMs ?? Number.MAX_SAFE_INTEGER],
    );
    return records.flatMap((record) => toCandidate(record, untilMs));
  }

  /** Rows that contain the query but for misread signs. */
  #byPieces({ text }: Query, { video, kinds, untilMs }: SearchRequest): Candidate[] {
    const squeezed = squeeze(text);
    if (squeezed.length < minLiteralChars) return [];
    const pieces = intactPieces(squeezed, nearlyLiteral, maxPieces);
    const match = pieces.map((piece) => `(${piece.map(quote).join(' AND ')})`).join(' OR ');
    if (match === '') return [];
    const range = this.#idRange(video);
    const mayResemble = resemblanceFilter(text, nearlyLiteral);
    const close = this.#database
      .all(
        `SELECT id, coalesce(fields ->> 'text', fields ->> 'title') AS words
           FROM search_trigrams AS found CROSS JOIN rows ON rows.id = found.rowid
          WHERE search_trigrams MATCH ? AND found.rowid BETWEEN ? AND ?
            AND rows.video = coalesce(?, rows.video) AND rows.start_ms <= ?
            AND rows.kind IN (SELECT value FROM json_each(?))
          ORDER BY found.rowid DESC LIMIT ${maxCompared}`,
        ...[match, range.first, range.last, video ?? null, untilMs ?? Number.MAX_SAFE_INTEGER],
        JSON.stringify(kinds),
      )
      .filter(({ words }) => mayResemble(String(words)))
      .map(({ id, words }) => ({ id: Number(id), likeness: containment(text, String(words)) }))
      .filter(({ likeness }) => likeness >= nearlyLiteral)
      .sort((a, b) => b.likeness - a.likeness || a.id - b.id);
    return close
      .slice(0, candidatesPerKind)
      .flatMap(({ id }) =>
        toCandidate(
          this.#database.get(
            `SELECT ${rowColumns}, rows.video AS video FROM rows WHERE rows.id = ?`,
            id,
          )!,
          untilMs,
        ),
      );
  }

  /** Ids of the rows of one video lie close together: the index is not searched for those of all others. */
  #idRange(video: number | undefined): { readonly first: number; readonly last: number } {
    if (video === undefined) return { first: 0, last: Number.MAX_SAFE_INTEGER };
    const record = this.#database.get(
      'SELECT min(id) AS first, max(id) AS last FROM rows WHERE video = ?',
      video,
    );
    return { first: Number(record?.['first'] ?? 0), last: Number(record?.['last'] ?? 0) };
  }

  /** BM25 of a row among all of its kind. */
  #weigher(
    kind: FoundRow['kind'],
    { terms }: Query,
    candidates: readonly Candidate[],
  ): (candidate: Candidate) => number {
    const all = Number(this.#database.get('SELECT max(id) AS all_rows FROM rows')?.['all_rows']);
    const rarity = new Map(
      terms.map((term) => {
        const count = this.#countRows(kind, term);
        return [term, Math.max(1e-6, Math.log((all - count + 0.5) / (count + 0.5)))];
      }),
    );
    const lengths = candidates.map((candidate) => candidate.terms.length);
    const meanLength = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    return (candidate) => {
      const { k1, b } = bm25;
      const size = k1 * (1 - b + (b * candidate.terms.length) / meanLength);
      let weight = 0;
      for (const [term, idf] of rarity) {
        const times = candidate.terms.filter((one) => one === term).length;
        weight += (idf * times * (k1 + 1)) / (times + size);
      }
      return weight;
    };
  }

  #countRows(kind: FoundRow['kind'], term: string): number {
    const record = this.#database.get(`SELECT doc FROM words_${kind} WHERE term = ?`, term);
    return Number(record?.['doc'] ?? 0);
  }

  #insert(id: number, kind: TimelineKind, words: string): void {
    this.#database.run(
      `INSERT INTO search_${kind}(rowid, words) VALUES (?, ?)`,
      ...[id, termsOf(words).join(' ')],
    );
    this.#database.run(
      'INSERT INTO search_trigrams(rowid, squeezed) VALUES (?, ?)',
      ...[id, squeeze(words)],
    );
  }

  #delete(kind: FoundRow['kind'], where: string, values: readonly (number | string)[]): void {
    for (const table of [`search_${kind}`, 'search_trigrams']) {
      this.#database.run(`DELETE FROM ${table} WHERE ${where}`, ...values);
    }
  }
}

function readQuery(text: string): Query {
  const asked = wordsOf(text);
  const terms = [...new Set(asked.flatMap((word) => word.terms))].slice(0, maxQueryTerms);
  const wholes = new Set(asked.flatMap((word) => word.terms.slice(0, 1)));
  const isLiteral = squeeze(text).length >= minLiteralChars || wholes.size === 1;
  return { text, terms, wholes, isLiteral };
}

function judge({ row, video, terms }: Candidate, query: Query, words: number): SearchHit {
  const has = new Set(terms);
  const covered = [...query.wholes].filter((term) => has.has(term)).length;
  const likeness = query.isLiteral ? containment(query.text, wordsToFind(row) ?? '') : 0;
  const parts: ScoreParts = {
    words,
    coverage: query.wholes.size === 0 ? 0 : covered / query.wholes.size,
    literal: likeness >= nearlyLiteral ? likeness : 0,
  };
  return { row, video, score: parts.words + parts.coverage + parts.literal, parts };
}

function keep(found: Map<number, SearchHit>, hit: SearchHit): void {
  if (hit.score > 0) found.set(hit.row.id, hit);
}

/** @param record with `rowColumns` and the video @returns at most one */
function toCandidate(record: SqlRecord, untilMs: MediaMs | undefined): Candidate[] {
  const row: TimelineRow = fromRecord(record, untilMs);
  const seen = untilMs === undefined ? row : seenUntil(row, untilMs);
  if (!seen || !isFound(seen)) return [];
  const terms = termsOf(wordsToFind(seen) ?? '');
  return [{ row: seen, video: Number(record['video']), terms }];
}

/** A term as text, so that nothing in it is an operator. */
const quote = (term: string): string => `"${term.replaceAll('"', '""')}"`;
