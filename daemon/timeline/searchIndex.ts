/** Full-text search over what was said, shown and captioned, with a rank whose parts can be shown. */
import type { MediaMs, NewRow, TimelineRow } from '../../protocol/index.ts';
import { containment, resemblanceFilter } from './alignment.ts';
import type { Database, SqlRecord } from './database.ts';
import { fromRecord, isSearched, searchedKinds, seenUntil, type SearchedRow } from './rows.ts';
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

export interface SearchHit {
  readonly row: SearchedRow;
  /** Sum of the parts. Among equals the first seen comes first. */
  readonly score: number;
  readonly parts: ScoreParts;
}

export interface SearchRequest {
  /** `rows.video` of the video to search. */
  readonly video: number;
  /** Anything: operators and quotes are plain text. */
  readonly query: string;
  /** Finds only what was known at this moment. */
  readonly untilMs?: MediaMs;
  readonly limit: number;
}

/** One misread character in five is still the same line. Chosen so that 10 % reading errors in a short line pass. */
const nearlyLiteral = 0.8;
/** Shorter queries resemble too much by chance. */
const minLiteralChars = 5;
/** Rows per kind that BM25 proposes. */
const candidatesPerKind = 100;
/** Words of a query beyond these are ignored. */
const maxQueryTerms = 64;

const columns =
  'rows.id, rows.kind, rows.start_ms AS startMs, rows.end_ms AS endMs, rows.fields AS fields';

/** One index per kind, so that the wordy screen text does not make guidance's words look common. */
export const searchMigration = searchedKinds
  .map(
    (kind) =>
      `CREATE VIRTUAL TABLE search_${kind} USING fts5(words, content='', contentless_delete=1,
         tokenize="unicode61 remove_diacritics 0 tokenchars '-_./@#$+:=~\\'");`,
  )
  .join('\n');

export class SearchIndex {
  readonly #database: Database;

  constructor(database: Database) {
    this.#database = database;
  }

  /** Adds a stored row; kinds that are not searched are passed over. Runs inside the caller's transaction. */
  add(id: number, row: NewRow): void {
    if (!isSearched(row)) return;
    const words = termsOf(row.text).join(' ');
    this.#database.run(`INSERT INTO search_${row.kind}(rowid, words) VALUES (?, ?)`, id, words);
  }

  /** Forgets the rows of a video that were stored after `rowId`. Runs inside the caller's transaction, before they go themselves. */
  dropAfter(video: number, rowId: number): void {
    for (const kind of searchedKinds) {
      this.#database.run(
        `DELETE FROM search_${kind}
          WHERE rowid IN (SELECT id FROM rows WHERE video = ? AND kind = ? AND id > ?)`,
        ...[video, kind, rowId],
      );
    }
  }

  /** Best first, at most `limit`. @throws AppError store.unavailable */
  search({ video, query, untilMs, limit }: SearchRequest): SearchHit[] {
    const asked = wordsOf(query);
    const terms = [...new Set(asked.flatMap((word) => word.terms))].slice(0, maxQueryTerms);
    const wholes = new Set(asked.map((word) => word.terms[0]));
    const found = new Map<number, SearchHit>();
    const isLiteral = query.replace(/\s/g, '').length >= minLiteralChars || wholes.size === 1;

    const judge = (row: TimelineRow, words: number): void => {
      const seen = untilMs === undefined ? row : seenUntil(row, untilMs);
      if (!seen || !isSearched(seen)) return;
      const has = new Set(termsOf(seen.text));
      const covered = [...wholes].filter((term) => term !== undefined && has.has(term)).length;
      const likeness = isLiteral ? containment(query, seen.text) : 0;
      const parts: ScoreParts = {
        words,
        coverage: wholes.size === 0 ? 0 : covered / wholes.size,
        literal: likeness >= nearlyLiteral ? likeness : 0,
      };
      const score = parts.words + parts.coverage + parts.literal;
      if (score > 0) found.set(seen.id, { row: seen, score, parts });
    };

    if (terms.length > 0) {
      for (const kind of searchedKinds) {
        const candidates = this.#candidates(kind, video, terms, untilMs);
        const best = Number(candidates[0]?.['rank'] ?? 0);
        for (const record of candidates) {
          judge(fromRecord(record), best === 0 ? 0 : Number(record['rank']) / best);
        }
      }
    }
    // Nothing has the query literally: perhaps it was misread, so that its words are not in the index.
    const hasLiteral = [...found.values()].some((hit) => hit.parts.literal === 1);
    if (!hasLiteral && query.replace(/\s/g, '').length >= minLiteralChars) {
      const mayResemble = resemblanceFilter(query, nearlyLiteral);
      for (const { id, text } of this.#texts(video)) {
        if (!found.has(Number(id)) && mayResemble(String(text))) judge(this.#row(Number(id)), 0);
      }
    }
    return [...found.values()]
      .sort((a, b) => b.score - a.score || a.row.startMs - b.row.startMs || a.row.id - b.row.id)
      .slice(0, limit);
  }

  /** Rows with any of the terms, best BM25 first; `rank` is negative, smaller is better. */
  #candidates(
    kind: SearchedRow['kind'],
    video: number,
    terms: readonly string[],
    untilMs: MediaMs | undefined,
  ): SqlRecord[] {
    // Each term is quoted, so nothing in it is an operator. CROSS JOIN keeps the index outermost: the other order searches
    // it once for every row of the video.
    const match = terms.map((term) => `"${term.replaceAll('"', '""')}"`).join(' OR ');
    return this.#database.all(
      `SELECT ${columns}, bm25(search_${kind}) AS rank FROM search_${kind}
         CROSS JOIN rows ON rows.id = search_${kind}.rowid
        WHERE search_${kind} MATCH ? AND rows.video = ? AND rows.start_ms <= ?
        ORDER BY rank, rows.start_ms LIMIT ${candidatesPerKind}`,
      match,
      video,
      untilMs ?? Number.MAX_SAFE_INTEGER,
    );
  }

  /** Id and text of every row that is searched; whole rows would take several times as long to read. */
  #texts(video: number): SqlRecord[] {
    return this.#database.all(
      `SELECT id, fields ->> 'text' AS text FROM rows
        WHERE video = ? AND kind IN ('guidance', 'screenText', 'cue')`,
      video,
    );
  }

  #row(id: number): TimelineRow {
    return fromRecord(this.#database.get(`SELECT ${columns} FROM rows WHERE id = ?`, id)!);
  }
}
