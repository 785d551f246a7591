/** The tables that a search looks into: words and pieces of words. The rows themselves stand in `rows`. */
import type { TimelineKind } from '../../protocol/index.ts';

/** One index of words per kind, so that the wordy screen text does not make guidance's words look common. */
export const searchMigration = (kinds: readonly TimelineKind[]): string =>
  kinds
    .map(
      (kind) =>
        `CREATE VIRTUAL TABLE search_${kind} USING fts5(words, content='', contentless_delete=1,
         tokenize="unicode61 remove_diacritics 0 tokenchars '-_./@#$+:=~\\'");`,
    )
    .join('\n');

/** How many rows have a word, for each index. */
export const wordCountMigration = (kinds: readonly TimelineKind[]): string =>
  kinds
    .map((kind) => `CREATE VIRTUAL TABLE words_${kind} USING fts5vocab('search_${kind}', 'row');`)
    .join('\n');

/**
 * Every three signs in a row of a text without its spaces, so that a text that was misread, or in which spaces were lost, is found by
 * a piece of it that was read well. Only which rows have them is kept: a tenth of the room that their places would take.
 */
export const trigramMigration = `CREATE VIRTUAL TABLE search_trigrams USING fts5(squeezed, content='',
     contentless_delete=1, detail=none, tokenize='trigram');`;

/** SQL for a text without its spaces. */
export const squeezedSql = (text: string): string =>
  [`' '`, 'char(9)', 'char(10)', 'char(13)', 'char(160)'].reduce(
    (inner, blank) => `replace(${inner}, ${blank}, '')`,
    text,
  );
