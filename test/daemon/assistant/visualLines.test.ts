import { describe, expect, it } from 'vitest';
import { mediaMs, type PixelRectangle, type ScreenRegion } from '../../../protocol/index.ts';
import { visualLinesOf } from '../../../daemon/assistant/visualLines.ts';
import { screenText } from '../timeline/rowSamples.ts';

const { signal } = new AbortController();
let nextId = 1;

function at(
  text: string,
  box: PixelRectangle,
  [startMs, endMs]: readonly [number, number] = [0, 9000],
  region: ScreenRegion = 'dialog',
) {
  const windows = [[mediaMs(startMs), mediaMs(endMs)]] as const;
  return { ...screenText(text, startMs, endMs), id: nextId++, box, region, windows };
}

async function textsOf(...rows: ReturnType<typeof at>[]): Promise<string[]> {
  const lines = await visualLinesOf(rows, { signal });
  return lines.map(({ row }) => row.text);
}

describe('the line that a text stands on', () => {
  it('has a label with its value', async () => {
    const label = at('Protocol', [100, 50, 60, 14]);
    const value = at('GRPC', [220, 51, 40, 13]);
    const below = at('Port', [100, 80, 40, 14]);
    expect(await textsOf(label, value, below)).toEqual([
      ...['Protocol  GRPC', 'Protocol  GRPC', 'Port'],
    ]);
    const [first] = await visualLinesOf([label, value], { signal });
    expect(first).toMatchObject({ row: { id: label.id }, beside: [value.id] });
  });

  it('is that of the moment at which the text appeared', async () => {
    const label = at('timeout:', [100, 50, 60, 14], [0, 9000]);
    const before = at('30s', [170, 50, 30, 14], [0, 4000]);
    const after = at('40s', [170, 50, 30, 14], [4500, 9000]);
    expect(await textsOf(after, label, before)).toEqual([
      ...['timeout:  40s', 'timeout:  30s', 'timeout:  30s'],
    ]);
  });

  it('ends at wide gaps, and at another part of the screen', async () => {
    const label = at('Name', [100, 50, 40, 14]);
    const far = at('elsewhere', [700, 50, 60, 14]);
    const code = at('let x', [150, 50, 40, 14], [0, 9000], 'editor');
    expect(await textsOf(label, far, code)).toEqual(['Name', 'elsewhere', 'let x']);
  });

  it('leaves things apart that are listed beside each other', async () => {
    const one = at('a.ts', [10, 5, 40, 14], [0, 9000], 'tabs');
    const other = at('b.ts', [60, 5, 40, 14], [0, 9000], 'tabs');
    expect(await textsOf(one, other)).toEqual(['a.ts', 'b.ts']);
  });

  it('keeps what is no text of the screen', async () => {
    const said = { ...screenText('x', 0), kind: 'guidance' as const, id: 7 };
    const lines = await visualLinesOf([said as never], { signal });
    expect(lines).toEqual([{ row: said, beside: [] }]);
  });
});
