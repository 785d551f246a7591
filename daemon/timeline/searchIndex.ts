/**
 * Full-text search over what was said, shown and captioned, in one video or in all, with a rank whose parts can be shown. What a
 * search costs is bounded by the limits below, not by the size of the library.
 */
import { plainText, type MediaMs, type NewRow, type TimelineKind } from '../../protocol/index.ts';
import { containment, intactPieces, lackedTrigrams, squeeze } from './alignment.ts';
import type { Database } from './database.ts';
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
  /** Sum of the parts. Among equals chapters come last, and the first seen comes first. */
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

/** Of a search, what the index is asked. */
type IndexRequest = Omit<SearchRequest, 'limit'>;

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

/** A row that may be a hit: as much of it as it is judged by. */
interface Candidate {
  readonly id: number;
  readonly video: number;
  readonly kind: TimelineKind;
  readonly startMs: number;
  /** As in `wordsToFind`. */
  readonly text: string;
}

/** What is selected from `rows` for a candidate. */
const candidateColumns = `rows.id AS id, rows.video AS video, rows.kind AS kind, rows.start_ms AS startMs,
  coalesce(rows.fields ->> 'text', rows.fields ->> 'title') AS text`;

/** A candidate with what it is worth. */
interface Judged extends Pick<SearchHit, 'score' | 'parts'> {
  readonly candidate: Candidate;
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

  /** Rows that were dropped leave their words in the index until its parts are merged; this merges all. Takes a while. */
  purge(): void {
    for (const table of [...foundKinds.map((kind) => `search_${kind}`), 'search_trigrams']) {
      this.#database.run(`INSERT INTO ${table}(${table}) VALUES ('optimize')`);
    }
  }

  /** Best first, at most `limit`. @throws AppError store.unavailable */
  search<Row extends FoundRow>(request: SearchRequest<Row>): SearchHit<Row>[] {
    const best: SearchHit<Row>[] = [];
    for (const hit of this.hits(request)) {
      if (best.length === request.limit) break;
      best.push(hit);
    }
    return best;
  }

  /** Best first; each is read when it is asked for. @throws AppError store.unavailable */
  *hits<Row extends FoundRow>(
    request: Omit<SearchRequest<Row>, 'limit'>,
  ): Generator<SearchHit<Row>> {
    for (const { candidate, score, parts } of this.#judge(request)) {
      const record = this.#database.get(
        `SELECT ${rowColumns} FROM rows WHERE rows.id = ?`,
        candidate.id,
      );
      const row = fromRecord(record!, request.untilMs);
      const seen = request.untilMs === undefined ? row : seenUntil(row, request.untilMs);
      // Only rows of the kinds that were asked for were looked at.
      if (seen && isFound(seen)) yield { row: seen as Row, video: candidate.video, score, parts };
    }
  }

  /** Rows that may be hits, best first. */
  #judge(request: IndexRequest): Judged[] {
    const query = readQuery(request.query);
    const found = new Map<number, Judged>();
    for (const kind of request.kinds) {
      const rarities = this.#rarities(kind, query.terms);
      const candidates = this.#byWords(kind, query, rarities, request);
      const terms = candidates.map(({ text }) => termsOf(text));
      const weights = weigh(rarities, terms);
      const best = Math.max(0, ...weights);
      for (const [index, candidate] of candidates.entries()) {
        const words = best === 0 ? 0 : weights[index]! / best;
        keep(found, judge(candidate, query, words, terms[index]!));
      }
    }
    // Nothing has the query literally: perhaps it was misread, so that its words are not in the index.
    const hasLiteral = [...found.values()].some(({ parts }) => parts.literal === 1);
    if (!hasLiteral) {
      for (const candidate of this.#byPieces(query, request)) {
        if (!found.has(candidate.id)) {
          keep(found, judge(candidate, query, 0, termsOf(candidate.text)));
        }
      }
    }
    return [...found.values()].sort(
      ({ score, candidate: a }, { score: other, candidate: b }) =>
        other - score || breadth(a) - breadth(b) || a.startMs - b.startMs || a.id - b.id,
    );
  }

  /** Rows with words of the query: those with the most and rarest of them, and the newest that have them all. */
  #byWords(
    kind: FoundRow['kind'],
    query: Query,
    rarities: Rarities,
    request: IndexRequest,
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
    return this.#candidates(chosen);
  }

  /** Ids of rows that match in a table, newest first. */
  #rowsWith(
    table: string,
    match: string,
    limit: number,
    { video, untilMs }: IndexRequest,
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
  #byPieces({ text, lacks }: Query, request: IndexRequest): Candidate[] {
    const squeezed = squeeze(text);
    if (squeezed.length < minLiteralChars) return [];
    const shared = new Set(
      intactPieces(squeezed, nearlyLiteral, maxPieces).flatMap((piece) =>
        this.#rowsWith('search_trigrams', piece.map(quote).join(' AND '), textsPerPiece, request),
      ),
    );
    const alike = this.#candidates(shared).flatMap((candidate) => {
      const isAsked = request.kinds.some((kind) => kind === candidate.kind);
      const lacking = isAsked ? lacks(candidate.text) : undefined;
      return lacking === undefined ? [] : [{ candidate, lacking }];
    });
    return alike
      .sort((a, b) => a.lacking - b.lacking || a.candidate.id - b.candidate.id)
      .slice(0, candidatesPerKind)
      .map(({ candidate }) => candidate);
  }

  #candidates(ids: ReadonlySet<number>): Candidate[] {
    const sql = `SELECT ${candidateColumns} FROM json_each(?) AS chosen CROSS JOIN rows ON rows.id = chosen.value`;
    return this.#database.all(sql, JSON.stringify([...ids])).map((record) => {
      const kind = String(record['kind']) as TimelineKind;
      const text = String(record['text']);
      return {
        ...{ id: Number(record['id']), video: Number(record['video']), kind },
        ...{ startMs: Number(record['startMs']), text: plainText({ kind, text }) },
      };
    });
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

/** Of equal hits a moment comes before the chapter that is named after it. */
const breadth = ({ kind }: Candidate): number => (kind === 'chapter' ? 1 : 0);

function judge(
  candidate: Candidate,
  query: Query,
  words: number,
  terms: readonly string[],
): Judged {
  const has = new Set(terms);
  const covered = [...query.wholes].filter((term) => has.has(term)).length;
  const parts: ScoreParts = {
    words,
    coverage: query.wholes.size === 0 ? 0 : covered / query.wholes.size,
    literal: query.likeness(candidate.text),
  };
  return { candidate, score: parts.words + parts.coverage + parts.literal, parts };
}

function keep(found: Map<number, Judged>, judged: Judged): void {
  if (judged.score > 0) found.set(judged.candidate.id, judged);
}

/** BM25 of rows among all of their kind; their lengths are measured against each other. @param rows terms of each */
function weigh(rarities: Rarities, rows: readonly (readonly string[])[]): number[] {
  const { k1, b } = bm25;
  const meanLength = rows.reduce((sum, { length }) => sum + length, 0) / rows.length;
  return rows.map((terms) => {
    const size = k1 * (1 - b + (b * terms.length) / meanLength);
    let weight = 0;
    for (const [term, rarity] of rarities) {
      const times = terms.filter((one) => one === term).length;
      weight += (rarity * times * (k1 + 1)) / (times + size);
    }
    return weight;
  });
}

/** A term as text, so that nothing in it is an operator. */
const quote = (term: string): string => `"${term.replaceAll('"', '""')}"`;
