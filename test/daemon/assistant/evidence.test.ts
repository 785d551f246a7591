import { describe, expect, it } from 'vitest';
import {
  placeOf,
  toPlacedText,
  toRecallEvidence,
  type EvidenceRow,
} from '../../../daemon/assistant/evidence.ts';
import { cue, guidance, screenText } from '../timeline/rowSamples.ts';

const rows = [
  { ...screenText('$ ls', 0), region: 'terminal' },
  cue('now we list', 0, 500),
  guidance('Ran `ls`.', 0),
].map((row, index) => ({ ...row, id: index + 1 }) as EvidenceRow);

describe('the place of a row', () => {
  it('is its region, that of unknown text for a caption, and none for guidance', () => {
    expect(rows.map(placeOf)).toEqual(['terminal', 'other', 'guidance']);
  });

  it('is the same for the retriever and for the decoder', () => {
    expect(rows.map(toPlacedText)).toEqual([
      { text: '$ ls', place: 'terminal' },
      { text: 'now we list', place: 'other' },
      { text: 'Ran `ls`.', place: 'guidance' },
    ]);
    expect(toRecallEvidence(rows)).toEqual([
      { kind: 'screen', text: '$ ls', region: 'terminal' },
      { kind: 'screen', text: 'now we list', region: 'other' },
      { kind: 'guidance', text: 'Ran `ls`.' },
    ]);
  });
});
