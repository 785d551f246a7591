/** Stored rows as the models get them: what is said of a row's place is said here. Pure. */
import type { ScreenRegion } from '../../protocol/index.ts';
import type { RecallEvidence } from '../llm/streamTemplate.ts';
import type { PlacedText } from '../perception/perception.ts';
import type { SearchedRow } from '../timeline/rows.ts';

/** Rows that an answer can rest on. */
export type EvidenceRow = SearchedRow;

/** Where a row's words stood; what the assistant said stood nowhere. */
export type EvidencePlace = ScreenRegion | 'guidance';

/** Captions count as text on screen, in no part of it that is known: packs are trained on nothing else, and that is where captions stand. */
export function placeOf(row: EvidenceRow): EvidencePlace {
  switch (row.kind) {
    case 'screenText':
      return row.region;
    case 'cue':
      return 'other';
    case 'guidance':
      return 'guidance';
  }
}

/** A row in the form that retrievers are trained on. */
export const toPlacedText = (row: EvidenceRow): PlacedText => ({
  text: row.text,
  place: placeOf(row),
});

/** Rows in the form that packs are trained on; what guidance quotes is given with its quotes. */
export const toRecallEvidence = (rows: readonly EvidenceRow[]): RecallEvidence[] =>
  rows.map((row): RecallEvidence => {
    const [place, { text }] = [placeOf(row), row];
    return place === 'guidance'
      ? { kind: 'guidance', text }
      : { kind: 'screen', text, region: place };
  });
