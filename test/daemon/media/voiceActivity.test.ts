import { describe, expect, it } from 'vitest';
import { VoiceActivity } from '../../../daemon/media/voiceActivity.ts';

const rate = 16_000;
let seed = 1;
const noise = (): number => {
  seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
  return seed / 2 ** 30 - 1;
};

/** Sound of so many seconds, each part at its share of full scale: a tone, or noise. */
function sound(...parts: readonly [seconds: number, share: number, kind?: 'noise'][]): Int16Array {
  const all = parts.flatMap(([seconds, share, kind]) =>
    Array.from({ length: Math.round(seconds * rate) }, (_, index) => {
      const value = kind ? noise() : Math.sin((2 * Math.PI * 300 * index) / rate);
      return Math.round(value * share * 32_767);
    }),
  );
  return Int16Array.from(all);
}

/** When it begins and ends, seconds. @param piece samples that come at once */
function check(
  samples: Int16Array,
  expected: readonly (readonly [number, number])[],
  piece = 999,
): void {
  const activity = new VoiceActivity();
  const heard = [];
  for (let at = 0; at < samples.length; at += piece) {
    heard.push(...activity.push(samples.subarray(at, at + piece)));
  }
  const last = activity.finish();
  if (last) heard.push(last);
  const times = heard.map(({ startMs, samples: { length } }) => [
    startMs / 1000,
    startMs / 1000 + length / rate,
  ]);
  expect(times).toHaveLength(expected.length);
  for (const [index, [start, end]] of expected.entries()) {
    expect(Math.abs(times[index]![0]! - start)).toBeLessThan(0.35);
    expect(Math.abs(times[index]![1]! - end)).toBeLessThan(0.35);
  }
}

describe('VoiceActivity', () => {
  it('hears nothing in silence, in a hiss, in a click', () => {
    check(sound([5, 0]), []);
    check(sound([5, 0.002, 'noise']), []);
    check(sound([2, 0], [0.03, 0.8], [2, 0]), []);
  });

  it('hears what stands out, with a little before and behind it', () => {
    check(sound([2, 0], [1, 0.2], [2, 0]), [[2, 3]]);
    check(sound([3, 0.004, 'noise'], [1, 0.1], [2, 0.004, 'noise']), [[3, 4]]);
  });

  it('takes a short pause for none, and a long one for an end', () => {
    check(sound([1, 0], [1, 0.2], [0.3, 0], [1, 0.2], [1, 0]), [[1, 3.3]]);
    check(sound([1, 0], [1, 0.2], [1, 0], [1, 0.2], [1, 0]), [
      [1, 2],
      [3, 4],
    ]);
  });

  it('gives what goes on in pieces that can be transcribed, and what is cut off at the end', () => {
    check(
      sound([1, 0], [25, 0.2]),
      [
        [1, 21],
        [21, 26],
      ],
      480,
    );
  });

  it('gets used to a noise that stays', () => {
    const samples = sound([30, 0.02, 'noise']);
    const activity = new VoiceActivity();
    const seconds = activity.push(samples).map(({ startMs }) => startMs / 1000);
    expect(seconds.every((second) => second < 20)).toBe(true);
    expect(activity.finish()).toBeUndefined();
  });

  it('does not care in which pieces the samples come', () => {
    const samples = sound([1, 0], [1, 0.2], [1, 0]);
    for (const piece of [1, 480, 16_000]) check(samples, [[1, 2]], piece);
  });
});
