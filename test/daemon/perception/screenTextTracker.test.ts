import { describe, expect, it } from 'vitest';
import type { ScreenLine } from '../../../daemon/perception/perception.ts';
import { limitLines } from '../../../daemon/llm/streamTemplate.ts';
import { spellForDecoder } from '../../../daemon/perception/decoderSpelling.ts';
import {
  inReadingOrder,
  ScreenTextTracker,
  type TrackerUpdate,
} from '../../../daemon/perception/screenTextTracker.ts';
import { mediaMs } from '../../../protocol/index.ts';
import golden from '../../golden/screenText.json' with { type: 'json' };

const { config } = golden;

interface GoldenLine {
  readonly text: string;
  readonly box: readonly number[];
  readonly confidence: number;
}

function screenLine({ text, box, confidence }: GoldenLine): ScreenLine {
  const [x, y, width, height] = box as [number, number, number, number];
  return { text, box: { x, y, width, height }, confidence, indentColumns: 0, region: 'editor' };
}

const line = (text: string, x = 100, y = 100): ScreenLine =>
  screenLine({ text, box: [x, y, text.length * 10, 20], confidence: 0.9 });

/** Feeds frames half a second apart. */
function follow(frames: readonly (readonly ScreenLine[])[]): TrackerUpdate[] {
  const tracker = new ScreenTextTracker(config);
  return frames.map((lines, i) => tracker.update(lines, mediaMs(i * 500)));
}

describe('ScreenTextTracker', () => {
  for (const { name, frames, emitted } of golden.cases) {
    it(`gives the decoder what training gave it: ${name}`, () => {
      const updates = follow((frames as GoldenLine[][]).map((lines) => lines.map(screenLine)));
      expect(
        updates.map(({ opened }) => limitLines(opened, config).map(({ text }) => text)),
      ).toEqual(emitted);
    });
  }

  it('dates a line from its first sighting to its last', () => {
    const a = [line('npm test')];
    const updates = follow([a, a, a, [], [], a]);
    expect(updates[1]!.opened).toMatchObject([{ id: 1, text: 'npm test', startMs: 0 }]);
    expect(updates[3]!.closed).toEqual([]);
    expect(updates[4]!.closed).toEqual([{ id: 1, endMs: 1000 }]);
  });

  it('opens a line that comes back under a new id', () => {
    const a = [line('npm test')];
    const updates = follow([a, a, [], [], a, a]);
    expect(updates.at(-1)!.opened).toMatchObject([{ id: 2, startMs: 2000 }]);
  });

  it('keeps a line open that is missed once', () => {
    const a = [line('npm test')];
    const updates = follow([a, a, [], a, a]);
    expect(updates.flatMap(({ opened }) => opened)).toHaveLength(1);
    expect(updates.flatMap(({ closed }) => closed)).toEqual([]);
  });

  it('closes what is open when the screen is forgotten', () => {
    const tracker = new ScreenTextTracker(config);
    tracker.update([line('a1')], mediaMs(0));
    tracker.update([line('a1'), line('b2', 100, 200)], mediaMs(500));
    expect(tracker.closeAll()).toEqual([{ id: 1, endMs: 500 }]);
    expect(tracker.closeAll()).toEqual([]);
  });
});

describe('inReadingOrder', () => {
  it('goes by rows, then from the left', () => {
    const lines = [line('right', 300, 96), line('below', 0, 130), line('left', 0, 101)];
    const order = inReadingOrder(lines, ({ box }) => box, 0.5).map(({ text }) => text);
    expect(order).toEqual(['left', 'right', 'below']);
  });
});

describe('spellForDecoder', () => {
  it('spells signs in ASCII, as the decoder learnt them', () => {
    expect(['❯ “é”…', '⌘', 'plain'].map(spellForDecoder)).toEqual(['> "e"...', '', 'plain']);
  });
});
