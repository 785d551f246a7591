import { expect, it } from 'vitest';
import { isCrashLoop } from '../../../daemon/engine/restartPolicy.ts';

const policy = { maxCrashes: 3, windowMs: 100 };

it.each<[number[], boolean]>([
  [[], false],
  [[1, 2], false],
  [[1, 2, 3], true],
  [[0, 50, 100], true],
  [[0, 50, 101], false],
  [[0, 1, 2, 500], false],
  [[0, 450, 460, 500], true],
])('crashes at %j: %s', (crashes, expected) => {
  expect(isCrashLoop(crashes, policy)).toBe(expected);
});
