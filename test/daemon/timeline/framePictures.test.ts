import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Database } from '../../../daemon/timeline/database.ts';
import { FramePictures } from '../../../daemon/timeline/framePictures.ts';
import { migrations } from '../../../daemon/timeline/migrations.ts';
import { mediaMs } from '../../../protocol/index.ts';

/** @param max pictures of one number */
function check(max: number, test: (pictures: FramePictures, again: () => FramePictures) => void) {
  const folder = mkdtempSync(join(tmpdir(), 'codealong-pictures-'));
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
    test(new FramePictures(database, 1, 2 * max), () => {
      database[Symbol.dispose]();
      database = open();
      return new FramePictures(database, 1, 2 * max);
    });
  } finally {
    database[Symbol.dispose]();
    rmSync(folder, { recursive: true });
  }
}

describe('pictures of frames', () => {
  it('are those of the last kept frame, to 16 bits, also when the store was opened again', () => {
    check(9, (pictures, again) => {
      pictures.keep(mediaMs(1000), new Float32Array([0.1, -3]));
      pictures.keep(mediaMs(2000), new Float32Array([5, 6]));
      const reopened = again();
      expect(reopened.at(mediaMs(999))).toBeUndefined();
      const [first, second] = reopened.at(mediaMs(1999))!;
      expect(first).toBeCloseTo(0.1, 3);
      expect(second).toBe(-3);
      expect(reopened.at(mediaMs(9000))).toEqual(new Float32Array([5, 6]));
    });
  });

  it('are replaced by those of another look at the frame', () => {
    check(9, (pictures) => {
      for (const value of [1, 2]) pictures.keep(mediaMs(0), new Float32Array([value]));
      expect(pictures.at(mediaMs(0))).toEqual(new Float32Array([2]));
    });
  });

  it('take no more room than they may: what is older is kept the more seldom', () => {
    check(16, (pictures) => {
      for (let i = 0; i < 200; i++) pictures.keep(mediaMs(i * 1000), new Float32Array([i]));
      const seconds = Array.from({ length: 200 }, (_, second) => second);
      const kept = new Set(seconds.map((second) => pictures.at(mediaMs(second * 1000))?.[0]));
      expect(kept.size).toBeLessThanOrEqual(16);
      expect([0, 196, 197, 198, 199].map((second) => kept.has(second))).toEqual(
        Array(5).fill(true),
      );
      const halves = [0, 100].map(
        (from) =>
          seconds.filter((second) => second >= from && second < from + 100 && kept.has(second))
            .length,
      );
      expect(halves[0]).toBeGreaterThan(0);
      expect(halves[1]).toBeGreaterThan(2 * halves[0]!);
    });
  });

  it('are two at least, however large', () => {
    check(1, (pictures) => {
      for (let i = 0; i < 5; i++) pictures.keep(mediaMs(i * 1000), new Float32Array([i, i, i]));
      expect(pictures.at(mediaMs(4000))).toEqual(new Float32Array([4, 4, 4]));
    });
  });
});
