import { describe, expect, it } from 'vitest';
import { RecallChapterTitler } from '../../../daemon/assistant/chapterTitler.ts';
import type { EvidenceRow } from '../../../daemon/assistant/evidence.ts';
import type { NewRow } from '../../../protocol/index.ts';
import { ScriptedRecall } from '../../helpers/scriptedRecall.ts';
import { guidance, screenText } from '../timeline/rowSamples.ts';

const { signal } = new AbortController();
const stored = (rows: readonly NewRow[]): EvidenceRow[] =>
  rows.map((row, index) => ({ ...row, id: index + 1 }) as EvidenceRow);
const rows = stored([
  ...Array.from({ length: 90 }, (_, i) => screenText(`line ${i}`, 60_000 + i * 100)),
  guidance('Installs `flask`.', 61_000),
]);

describe('RecallChapterTitler', () => {
  it('asks for a title of a sample with all that was said, and cites the rows it names', async () => {
    const model = new ScriptedRecall({ says: 'Install flask.', names: ['Installs `flask`.'] });
    expect(await new RecallChapterTitler(model).title(rows, { signal })).toEqual({
      ...{ title: 'Install flask', evidence: [91], model: 'scripted 0.0.0' },
    });
    const [call] = model.calls;
    expect(call?.question).toBe('Name this part.');
    expect(call?.evidence).toHaveLength(24);
    expect(call?.evidence).toContainEqual({ kind: 'guidance', text: 'Installs `flask`.' });
  });

  it('quotes in plain text the row that the model names first when it says nothing', async () => {
    const reply = { says: ' .', names: ['Installs `flask`.'] };
    const titler = new RecallChapterTitler(new ScriptedRecall(reply));
    expect(await titler.title(rows, { signal })).toMatchObject({
      ...{ title: '“Installs flask.”', evidence: [91] },
    });
  });

  it('has none when the model names nothing', async () => {
    const model = new ScriptedRecall({ says: 'Something', names: [] });
    expect(await new RecallChapterTitler(model).title(rows, { signal })).toBeUndefined();
  });
});
