import { expect, it } from 'vitest';
import { isCrashLoop, needsCaution } from '../../../daemon/engine/restartPolicy.ts';

const policy = { cautiousAfter: 2, maxCrashes: 3, windowMs: 100 };

it.each<[number[], number, boolean]>([
  [[], 0, false],
  [[1, 2], 2, false],
  [[1, 2, 3], 3, true],
  [[1, 2, 3], 101, true],
  [[1, 2, 3], 102, false],
  [[0, 50, 100], 100, true],
  [[0, 50, 101], 101, false],
  [[0, 1, 2, 500], 500, false],
  [[0, 450, 460, 500], 500, true],
])('crashes at %j, seen at %i: %s', (crashes, nowMs, expected) => {
  expect(isCrashLoop(crashes, nowMs, policy)).toBe(expected);
});

it.each<[number[], number, boolean]>([
  [[1], 1, false],
  [[1, 2], 2, true],
  [[1, 2], 102, false],
  [[0, 1, 500], 500, false],
])('crashes at %j, seen at %i, call for caution: %s', (crashes, nowMs, expected) => {
  expect(needsCaution(crashes, nowMs, policy)).toBe(expected);
});
