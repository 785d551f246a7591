import { describe, expect, it } from 'vitest';
import type { ScreenLine } from '../../../daemon/perception/perception.ts';
import { limitLines } from '../../../daemon/llm/streamTemplate.ts';
import { spellForDecoder } from '../../../daemon/perception/decoderSpelling.ts';
import { inReadingOrder } from '../../../daemon/perception/places.ts';
import {
  ScreenTextTracker,
  type TrackerUpdate,
} from '../../../daemon/perception/screenTextTracker.ts';
import { mediaMs, type ScreenRegion } from '../../../protocol/index.ts';
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
        updates.map(({ opened }) => {
          const given = opened.filter(({ isStable }) => isStable);
          return limitLines(given, config).map(({ text }) => text);
        }),
      ).toEqual(emitted);
    });
  }

  it('dates a line from its first sighting to its last', () => {
    const a = [line('npm test')];
    const updates = follow([a, a, a, [], [], a]);
    expect(updates[1]!.opened).toMatchObject([{ id: 1, text: 'npm test', startMs: 0 }]);
    expect(updates[3]!.closed).toEqual([]);
    const provenance = { sightings: 3, readings: 1 };
    expect(updates[4]!.closed).toEqual([{ id: 1, endMs: 1000, provenance }]);
  });

  it('tells that a line comes back, always by its first id, and gives it to the decoder again', () => {
    const a = [line('npm test')];
    const updates = follow([a, a, [], [], a, a, [], [], a, a]);
    expect(updates[5]!.opened).toMatchObject([
      { id: 2, returns: 1, startMs: 2000, isStable: true },
    ]);
    expect(updates[9]!.opened).toMatchObject([{ id: 3, returns: 1, startMs: 4000 }]);
  });

  it('takes the same words in another region or column for another line', () => {
    const a = line('npm test');
    for (const other of [{ region: 'terminal' }, { indentColumns: 4 }] as const) {
      const b = [{ ...a, ...other }];
      const updates = follow([[a], [a], [], [], b, b]);
      expect(updates[5]!.opened[0]).not.toHaveProperty('returns');
    }
  });

  it('keeps a line open that is missed once', () => {
    const a = [line('npm test')];
    const updates = follow([a, a, [], a, a]);
    expect(updates.flatMap(({ opened }) => opened)).toHaveLength(1);
    expect(updates.flatMap(({ closed }) => closed)).toEqual([]);
  });

  it('tells afterwards what was seen in one frame alone, if it was read surely, and not to the decoder', () => {
    const shortly = line('saved to disk', 100, 300);
    const updates = follow([[line('a1'), shortly], [line('a1')], [line('a1')]]);
    expect(updates[2]!.opened).toMatchObject([
      { text: 'saved to disk', startMs: 0, isStable: false },
    ]);
    expect(updates[2]!.closed).toMatchObject([{ id: updates[2]!.opened[0]!.id, endMs: 0 }]);
    const unsure = follow([[{ ...shortly, confidence: 0.75 }], [], []]);
    expect(unsure.flatMap(({ opened }) => opened)).toEqual([]);
  });

  it('leaves no trail of what is being typed', () => {
    const typed = ['def', 'def to', 'def total', 'def total(ro', 'def total(rows):'];
    const frames = [...typed, typed[4]!, typed[4]!].map((text) => [line(text)]);
    const opened = follow(frames).flatMap((update) => update.opened);
    expect(opened.filter(({ isStable }) => isStable)).toMatchObject([{ text: 'def total(rows):' }]);
    expect(opened.length).toBeLessThanOrEqual(2);
  });

  it('shows what is typed without a rest once in a while', () => {
    const text = 'const answer = compute(everything, again)';
    const frames = Array.from({ length: 20 }, (_, n) => [line(text.slice(0, 2 * (n + 1)))]);
    const opened = follow(frames).flatMap((update) => update.opened);
    expect(opened.every(({ isStable }) => !isStable)).toBe(true);
    expect(opened.length).toBeGreaterThanOrEqual(3);
    expect(opened.length).toBeLessThanOrEqual(5);
  });

  it('keeps neighbours that are joined for a frame, and a line that falls apart', () => {
    const apart = [line('main.py', 100), line('test.py', 190)];
    const joined = [line('main.py test.py', 100)];
    for (const [usual, once] of [
      [apart, joined],
      [joined, apart],
    ] as const) {
      const updates = follow([usual, usual, once, once, once, usual, usual]);
      expect(updates.flatMap(({ opened }) => opened)).toHaveLength(usual.length);
      expect(updates.flatMap(({ closed }) => closed)).toEqual([]);
    }
  });

  it('makes one row of a clock, but not of a program that is edited', () => {
    const seconds = Array.from({ length: 24 }, (_, n) => `build: 00:${10 + (n >> 1)}`);
    const rows = (region: ScreenRegion): number =>
      follow(seconds.map((text) => [{ ...line(text), region }])).flatMap(({ opened }) => opened)
        .length;
    expect(rows('terminal')).toBeLessThanOrEqual(4);
    expect(rows('editor')).toBe(12);
  });

  it('tells what a counter has come to when it rests', () => {
    const counted = [...Array.from({ length: 8 }, (_, n) => `loaded ${n}1 %`)];
    const texts = [...counted, ...Array.from({ length: 9 }, () => 'loaded 100 %')];
    const updates = follow(texts.map((text) => [{ ...line(text), region: 'terminal' as const }]));
    const opened = updates.flatMap((update) => update.opened);
    expect(opened.at(-1)).toMatchObject({ text: 'loaded 100 %', isStable: true });
  });

  it('gives a line that was only indented another row, and the decoder nothing new', () => {
    const before = line('return total', 100);
    const after = { ...line('return total', 140), indentColumns: 4 };
    const updates = follow([[before], [before], [after], [after], [after]]);
    const opened = updates.flatMap((update) => update.opened);
    expect(opened).toMatchObject([
      { indentColumns: 0, isStable: true },
      { indentColumns: 4, isStable: false },
    ]);
    const [ended] = updates[3]!.closed;
    expect(ended).toMatchObject({ id: 1 });
    expect(ended!.endMs).toBeLessThan(opened[1]!.startMs);
  });

  it('tells where a line has come to rest, and when it came there', () => {
    const at = (y: number): ScreenLine[] => [line('return total', 100, y), line('}', 100, y + 30)];
    const updates = follow([at(400), at(400), at(340), at(280), at(280), at(280)]);
    expect(updates[1]!.opened).toHaveLength(2);
    expect(updates.map(({ moved }) => moved.length)).toEqual([0, 0, 0, 0, 2, 0]);
    expect(updates[4]!.moved[0]).toMatchObject({ id: 1, startMs: 1500, box: [100, 280, 120, 20] });
  });

  it('keeps line numbers for the code, and from the decoder', () => {
    const [, update] = follow([[line('12')], [line('12')]]);
    expect(update!.opened).toMatchObject([{ text: '12', isStable: false }]);
    const total = { ...line('12'), region: 'terminal' as const };
    expect(follow([[total], [total]])[1]!.opened).toMatchObject([{ isStable: true }]);
  });

  it('believes a bracket alone in the editor that is read with less confidence', () => {
    const unsure = (text: string) => ({ ...line(text), confidence: 0.55 });
    const opened = (of: ScreenLine): number => {
      const tracker = new ScreenTextTracker({ ...config, minConfidence: 0.7 });
      tracker.update([of], mediaMs(0));
      return tracker.update([of], mediaMs(500)).opened.length;
    };
    expect(opened(unsure('});'))).toBe(1);
    expect(opened({ ...unsure('});'), region: 'terminal' })).toBe(0);
    expect(opened(unsure('x);'))).toBe(0);
  });

  it('keeps lines of brackets for the code, and from the decoder; elsewhere they are icons', () => {
    const bracket = line('});');
    const [, update] = follow([[bracket], [bracket]]);
    expect(update!.opened).toMatchObject([{ text: '});', isStable: false }]);
    const icon = { ...bracket, region: 'tree' as const };
    expect(follow([[icon], [icon]])[1]!.opened).toEqual([]);
  });

  it('takes each of several equal lines to where the screen was scrolled', () => {
    const page = (top: number): ScreenLine[] =>
      ['alpha', '}', 'beta', '}', 'gamma', '}', 'delta'].map((text, row) =>
        line(text, 100, top + 30 * row),
      );
    const seen = (top: number): ScreenLine[] => page(top).filter(({ box }) => box.y >= 100);
    const updates = follow([seen(100), seen(100), seen(70), seen(70)]);
    const ids = new Map(updates[1]!.opened.map(({ id, box }) => [id, box[1]]));
    expect(updates[3]!.moved).toHaveLength(6);
    for (const { id, box } of updates[3]!.moved) expect(box[1]).toBe(ids.get(id)! - 30);
  });

  it('closes what is open when the stream is over, and tells what only its end has shown', () => {
    const tracker = new ScreenTextTracker(config);
    tracker.update([line('a1')], mediaMs(0));
    tracker.update([line('a1'), line('at the end', 100, 200)], mediaMs(500));
    const { opened, closed } = tracker.closeAll();
    expect(opened).toMatchObject([{ id: 2, text: 'at the end', startMs: 500, isStable: false }]);
    expect(closed).toMatchObject([
      { id: 1, endMs: 500 },
      { id: 2, endMs: 500 },
    ]);
    expect(tracker.closeAll().closed).toEqual([]);
  });
});

describe('votes', () => {
  /** Certainties of all characters but those given. */
  const read = (text: string, doubts: Readonly<Record<number, number>> = {}): ScreenLine => {
    const certainties = Array.from(text, (_, index) => doubts[index] ?? 0.99);
    const confidence = certainties.reduce((sum, c) => sum + c, 0) / certainties.length;
    return { ...line(text), certainties, confidence };
  };

  it('takes readings that differ where the reader was in doubt for one line', () => {
    const frames = [
      [read('total = 10')],
      [read('tota1 = 10', { 4: 0.5 })],
      [read('total = 10', { 4: 0.9 })],
    ];
    const updates = follow(frames);
    expect(updates.flatMap(({ opened }) => opened)).toMatchObject([
      { text: 'total = 10', provenance: { sightings: 2, readings: 2 } },
    ]);
  });

  it('takes what was read surely and otherwise for an edit', () => {
    const a = [read('count = 17')];
    const b = [read('count = 18')];
    expect(follow([a, a, b, b]).flatMap(({ opened }) => opened)).toHaveLength(2);
  });

  it('takes what moved the rest of a line for an edit, however unsure it was read and however often it was read before', () => {
    const sure = (text: string): number[] => Array.from(text, () => 0.99);
    const before = 'jar.daysLeft < days';
    const after = 'jar.daysLeft <= days';
    const old = [0.9, 0.91, 0.92, 0.93].map((confidence) => ({
      ...line(before),
      ...{ confidence, certainties: sure(before) },
    }));
    const doubtful = Array.from(after, (sign) => (sign === '=' ? 0.5 : 0.99));
    const edited = { ...line(after), certainties: doubtful };
    const frames = [...old, edited, edited, edited].map((read) => [read]);
    const told = follow(frames).flatMap(({ opened }) => opened.map(({ text }) => text));
    expect(told).toEqual([before, after]);
    // Read otherwise on the very same pixels it is the line that it was.
    const misread = { ...edited, box: old[0]!.box };
    const same = follow([...old, misread, misread].map((read) => [read]));
    expect(same.flatMap(({ opened }) => opened.map(({ text }) => text))).toEqual([before]);
  });

  it('revises a line when its readings agree on something else, and says what they overruled', () => {
    const wrong = read('tota1 = sum(rows)', { 4: 0.6 });
    const elsewhere = read('total = sum(r0ws)', { 13: 0.6 });
    const scrolled = (reading: ScreenLine, y: number): ScreenLine[] => [
      // The same pixels, however many signs they were taken for.
      { ...reading, box: { ...wrong.box, y } },
    ];
    const frames = [
      [wrong],
      [wrong],
      [elsewhere],
      scrolled(read('tota1 = sum(rows)', { 4: 0.5 }), 103),
      scrolled(read('total = sum(rovvs)', { 14: 0.5, 15: 0.5 }), 101),
      scrolled(read('total = sum(row5)', { 15: 0.5 }), 102),
    ];
    const updates = follow(frames);
    expect(updates[1]!.opened).toMatchObject([{ id: 1, text: 'tota1 = sum(rows)' }]);
    const revised = updates.flatMap((update) => update.revised);
    expect(revised.at(-1)).toMatchObject({
      id: 1,
      text: 'total = sum(rows)',
      provenance: { corrected: { by: 'votes' } },
    });
  });

  it('settles a doubtful name on the one that is known, and says so', () => {
    const known = ['loadTotal(a)', 'loadTotal(b)'].map((text, row) => ({
      ...read(text),
      box: { x: 100, y: 200 + 40 * row, width: 120, height: 20 },
    }));
    const doubtful = read('x = loadTota1(c)', { 12: 0.5 });
    const sure = { ...read('y = loadTota1(d)'), box: { x: 100, y: 400, width: 160, height: 20 } };
    const updates = follow([
      known,
      known,
      ...Array.from({ length: 2 }, () => [...known, doubtful, sure]),
    ]);
    expect(updates[3]!.opened.map(({ text, provenance }) => [text, provenance.corrected])).toEqual([
      ['x = loadTotal(c)', { from: 'x = loadTota1(c)', by: 'identifier' }],
      ['y = loadTota1(d)', undefined],
    ]);
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
