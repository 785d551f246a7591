import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Database } from '../../../daemon/timeline/database.ts';
import { GivenFrames, type GivenFrame } from '../../../daemon/timeline/givenFrames.ts';
import { migrations } from '../../../daemon/timeline/migrations.ts';
import { mediaMs } from '../../../protocol/index.ts';

/** @param max frames with rows of one number */
function check(max: number, test: (frames: GivenFrames, again: () => GivenFrames) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'codealong-frames-'));
  const onDamage = (sentence: string): void => {
    throw new Error(sentence);
  };
  const open = (): Database =>
    Database.open({ file: join(folder, 'timeline.db'), onDamage, migrations });
  let database = open();
  try {
    database.run(
      "INSERT INTO videos (id, video_id, model, frame_rate_fps, silence_threshold) VALUES (1, 'a', 'm', 2, 0.5)",
    );
    test(new GivenFrames(database, 1, 2 * max), () => {
      database[Symbol.dispose]();
      database = open();
      return new GivenFrames(database, 1, 2 * max);
    });
  } finally {
    database[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  }
}

/** A frame of one number. */
const frame = (second: number, value = second, ...texts: string[]): GivenFrame => ({
  ptsMs: mediaMs(second * 1000),
  lines: texts.map((text) => ({ text, region: 'editor' })),
  rows: new Float32Array([value]),
});

describe('the frames that a decoder was given', () => {
  it('come back with their text, rows to 16 bits, also when the store was opened again', () => {
    check(9, (frames, again) => {
      const second = { ...frame(2), rows: new Float32Array([0.1, -3]) };
      for (const one of [frame(1, 5, 'a = 1', 'b'), second, frame(3)]) frames.keep(one);
      const [first, then, ...rest] = again().between(mediaMs(1000), mediaMs(2999));
      expect(rest).toEqual([]);
      expect(first).toEqual(frame(1, 5, 'a = 1', 'b'));
      expect(then).toMatchObject({ ptsMs: 2000, lines: [] });
      expect(then!.rows![0]).toBeCloseTo(0.1, 3);
      expect(then!.rows![1]).toBe(-3);
    });
  });

  it('are replaced by those of another look, and gone where a watching did not count', () => {
    check(9, (frames) => {
      for (const one of [frame(0, 1), frame(0, 2), frame(1)]) frames.keep(one);
      expect(frames.between(mediaMs(0), mediaMs(9000))).toEqual([frame(0, 2), frame(1)]);
      frames.dropAfter(mediaMs(0));
      expect(frames.between(mediaMs(0), mediaMs(9000))).toEqual([frame(0, 2)]);
    });
  });

  it('give up rows where there is no room: the older the more seldom they keep them; text stays', () => {
    check(16, (frames) => {
      for (let i = 0; i < 200; i++)
        frames.keep(frame(i, i, ...(i % 50 === 1 ? [`line ${i}`] : [])));
      const kept = frames.between(mediaMs(0), mediaMs(200_000));
      const texts = kept.flatMap(({ lines }) => lines.map(({ text }) => text));
      expect(texts).toEqual(['line 1', 'line 51', 'line 101', 'line 151']);
      const withRows = kept.flatMap(({ ptsMs, rows }) => (rows ? ptsMs / 1000 : []));
      expect(withRows.length).toBeLessThanOrEqual(16);
      expect(withRows).toEqual(expect.arrayContaining([0, 196, 197, 198, 199]));
      const old = withRows.filter((second) => second < 100).length;
      expect(old).toBeGreaterThan(0);
      expect(withRows.length - old).toBeGreaterThan(2 * old);
    });
  });

  it('have rows for two frames at least, however large', () => {
    check(1, (frames) => {
      for (let i = 0; i < 5; i++) frames.keep({ ...frame(i), rows: new Float32Array([i, i, i]) });
      expect(frames.between(mediaMs(4000), mediaMs(4000))[0]!.rows).toEqual(
        new Float32Array([4, 4, 4]),
      );
    });
  });
});
