/**
 * Full-text search over what was said, shown and captioned, in one video or in all, with a rank whose parts can be shown. What a
 * search costs is bounded by the limits below, not by the size of the library.
 */
import type { MediaMs, NewRow, TimelineKind, TimelineRow } from '../../protocol/index.ts';
import { containment, intactPieces, lackedTrigrams, squeeze } from './alignment.ts';
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
const candidatesPerKind = 60;
/** Words of a query beyond these are ignored. */
const maxQueryTerms = 64;
/**
 * Occurrences of a query's words that are looked at (about a microsecond each), those of its rarest words first; a query with more of them
 * is also asked by all of its words together.
 */
const maxPostings = 5000;
/** A long query that was misread is asked for by at most so many pieces: more of them would be too short to tell rows apart. */
const maxPieces = 6;
/** Texts that share a piece with a misread query and are compared with it (about 8 µs each), for each piece. */
const textsPerPiece = 300;
/** BM25's saturation and length normalisation, at the values that SQLite uses. @source https://sqlite.org/fts5.html#the_bm25_function */
const bm25 = { k1: 1.2, b: 0.75 };

interface Query {
  readonly text: string;
  /** Every term once. */
  readonly terms: readonly string[];
  /** The term of each whole word. */
  readonly wholes: ReadonlySet<string>;
  /** How literally a text contains the query, 0 … 1; 0 below `nearlyLiteral`, and for queries that are too short to tell. */
  readonly likeness: (text: string) => number;
  /** How many trigrams a text lacks; undefined when it cannot contain the query. */
  readonly lacks: (text: string) => number | undefined;
}

/** Term → what it is worth; the rarer the more. */
type Rarities = ReadonlyMap<string, number>;

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
      const rarities = this.#rarities(kind, query.terms);
      const candidates = this.#byWords(kind, query, rarities, request);
      const weights = candidates.map(this.#weigher(rarities, candidates));
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

  /** Rows with words of the query: those with the most and rarest of them, and the newest that have them all. */
  #byWords(
    kind: FoundRow['kind'],
    query: Query,
    rarities: Rarities,
    request: SearchRequest,
  ): Candidate[] {
    const sums = new Map<number, number>();
    let budget = maxPostings;
    const byRarity = [...rarities].sort(([, a], [, b]) => b - a);
    for (const [term, rarity] of byRarity) {
      const ids = this.#rowsWith(`search_${kind}`, quote(term), budget, request);
      budget -= ids.length;
      for (const id of ids) sums.set(id, (sums.get(id) ?? 0) + rarity);
      if (budget <= 0) break;
    }
    const best = [...sums].sort(([idA, a], [idB, b]) => b - a || idA - idB);
    const chosen = new Set(best.slice(0, candidatesPerKind).map(([id]) => id));
    if (budget <= 0 && query.wholes.size > 0) {
      const all = [...query.wholes].map(quote).join(' AND ');
      for (const id of this.#rowsWith(`search_${kind}`, all, candidatesPerKind, request)) {
        chosen.add(id);
      }
    }
    return [...chosen].flatMap((id) => this.#candidate(id, request.untilMs));
  }

  /** Ids of rows that match in a table, newest first. */
  #rowsWith(
    table: string,
    match: string,
    limit: number,
    { video, untilMs }: SearchRequest,
  ): number[] {
    const newest = `ORDER BY found.rowid DESC LIMIT ${limit}`;
    if (video === undefined) {
      const sql = `SELECT rowid AS id FROM ${table} AS found WHERE ${table} MATCH ? ${newest}`;
      return this.#database.all(sql, match).map(({ id }) => Number(id));
    }
    const range = this.#idRange(video);
    // CROSS JOIN keeps the index outermost: the other order searches it once for every row of the video.
    const sql = `SELECT id FROM ${table} AS found CROSS JOIN rows ON rows.id = found.rowid
        WHERE ${table} MATCH ? AND found.rowid BETWEEN ? AND ?
          AND video = ? AND start_ms <= ? ${newest}`;
    const values = [range.first, range.last, video, untilMs ?? Number.MAX_SAFE_INTEGER];
    return this.#database.all(sql, match, ...values).map(({ id }) => Number(id));
  }

  /** Rows that contain the query but for misread signs. */
  #byPieces({ text, lacks }: Query, request: SearchRequest): Candidate[] {
    const squeezed = squeeze(text);
    if (squeezed.length < minLiteralChars) return [];
    const shared = new Set(
      intactPieces(squeezed, nearlyLiteral, maxPieces).flatMap((piece) =>
        this.#rowsWith('search_trigrams', piece.map(quote).join(' AND '), textsPerPiece, request),
      ),
    );
    const sql = `SELECT kind, coalesce(fields ->> 'text', fields ->> 'title') AS words
                   FROM rows WHERE id = ?`;
    const alike = [...shared].flatMap((id) => {
      const record = this.#database.get(sql, id);
      const isAsked = request.kinds.some((kind) => kind === record?.['kind']);
      const lacking = isAsked ? lacks(String(record?.['words'])) : undefined;
      return lacking === undefined ? [] : [{ id, lacking }];
    });
    return alike
      .sort((a, b) => a.lacking - b.lacking || a.id - b.id)
      .slice(0, candidatesPerKind)
      .flatMap(({ id }) => this.#candidate(id, request.untilMs));
  }

  #candidate(id: number, untilMs: MediaMs | undefined): Candidate[] {
    const sql = `SELECT ${rowColumns}, rows.video AS video FROM rows WHERE rows.id = ?`;
    return toCandidate(this.#database.get(sql, id)!, untilMs);
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

  /** BM25 of a row among all of its kind; its length is measured against those of the candidates. */
  #weigher(rarities: Rarities, candidates: readonly Candidate[]): (candidate: Candidate) => number {
    const lengths = candidates.map(({ terms }) => terms.length);
    const meanLength = lengths.reduce((sum, length) => sum + length, 0) / lengths.length;
    return (candidate) => {
      const { k1, b } = bm25;
      const size = k1 * (1 - b + (b * candidate.terms.length) / meanLength);
      let weight = 0;
      for (const [term, rarity] of rarities) {
        const times = candidate.terms.filter((one) => one === term).length;
        weight += (rarity * times * (k1 + 1)) / (times + size);
      }
      return weight;
    };
  }

  /** What each term is worth: BM25's inverse frequency in the rows of a kind. Terms that none has are left out. */
  #rarities(kind: FoundRow['kind'], terms: readonly string[]): Rarities {
    const all = Number(this.#database.get('SELECT max(id) AS last FROM rows')?.['last']);
    const sql = `SELECT doc FROM words_${kind} WHERE term = ?`;
    return new Map(
      terms.flatMap((term) => {
        const count = Number(this.#database.get(sql, term)?.['doc'] ?? 0);
        const rarity = Math.log((all - count + 0.5) / (count + 0.5));
        return count === 0 ? [] : [[term, Math.max(1e-6, rarity)] as const];
      }),
    );
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
  const lacks = lackedTrigrams(text, nearlyLiteral);
  const likeness = (shown: string): number => {
    if (!isLiteral || lacks(shown) === undefined) return 0;
    const share = containment(text, shown);
    return share >= nearlyLiteral ? share : 0;
  };
  return { text, terms, wholes, likeness, lacks };
}

function judge({ row, video, terms }: Candidate, query: Query, words: number): SearchHit {
  const has = new Set(terms);
  const covered = [...query.wholes].filter((term) => has.has(term)).length;
  const parts: ScoreParts = {
    words,
    coverage: query.wholes.size === 0 ? 0 : covered / query.wholes.size,
    literal: query.likeness(wordsToFind(row) ?? ''),
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
