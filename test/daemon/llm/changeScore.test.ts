import { describe, expect, it } from 'vitest';
import { scoreChange, type ChangeHistory } from '../../../daemon/llm/changeScore.ts';

/** Numbers of frames, counted from 0, of frames of a hundred rows of which so many have changed. */
interface Told {
  /** On which it is likelier to speak than not. */
  readonly events: number[];
  /** On which a model is asked. */
  readonly unusual: number[];
}

function check(changes: readonly number[], { frameRateFps = 2, rows = 100 } = {}): Told {
  let history: ChangeHistory = [];
  const told: Told = { events: [], unusual: [] };
  for (const [index, changed] of changes.entries()) {
    const scored = scoreChange({ changed, rows }, history, frameRateFps);
    history = scored.history;
    if (scored.silenceProbability < 0.5) told.events.push(index);
    if (scored.isUnusual) told.unusual.push(index);
  }
  return told;
}

const many = (count: number, of: (index: number) => number): number[] =>
  Array.from({ length: count }, (_, index) => of(index));
const still = (count: number): number[] => many(count, () => 0);

const both = (...frames: number[]): Told => ({ events: frames, unusual: frames });

describe('scoreChange', () => {
  it('finds the one change after idle minutes', () => {
    expect(check([...still(600), 8, ...still(20)])).toEqual(both(600));
  });

  it('finds a change among the first frames', () => {
    expect(check([0, 40, 0])).toEqual(both(1));
  });

  it.each([
    [1, 100],
    [2, 100],
    [1, 9],
  ])('takes a caret that blinks for nothing: %i of %i rows', (changed, rows) => {
    const blinking = many(400, (index) => changed * (index % 2));
    expect(check(blinking, { rows })).toEqual(both());
  });

  it('takes typing for nothing, and finds what it ends in', () => {
    const typing = many(120, (index) => 1 + (index % 3));
    expect(check([...typing, 25, ...typing])).toEqual(both(120));
  });

  it('hears a burst once, where it begins, and has all of it looked at', () => {
    const scrolling = many(12, (index) => 60 + (index % 3));
    const { events, unusual } = check([...still(200), ...scrolling, ...still(60)]);
    expect(events).toEqual([200]);
    expect(unusual).toEqual(many(12, (index) => 200 + index));
  });

  it('hears two changes that are apart', () => {
    expect(check([...still(100), 30, ...still(4), 30, 0]).events).toEqual([100, 105]);
    expect(check([...still(100), 30, ...still(3), 30, 0]).events).toEqual([100]);
  });

  it('takes a film for nothing once it runs', () => {
    const { unusual } = check(many(300, (index) => 70 + 10 * Math.sin(index)));
    expect(unusual.filter((index) => index > 5)).toEqual([]);
  });

  it('gets used to what slowly becomes more', () => {
    expect(check(many(300, (index) => index / 10))).toEqual(both());
  });

  it.each([0.5, 1, 2])(
    'gets used to a screen that has come to rest, within two minutes, at %d a second',
    (fps) => {
      const busy = many(400, (index) => 20 + 10 * (index % 3));
      const behind = (seconds: number): number[] =>
        check([...busy, ...still(seconds * fps), 20], { frameRateFps: fps }).unusual.slice(2);
      expect(behind(40)).toEqual([]);
      expect(behind(100)).toEqual([400 + 100 * fps]);
    },
  );
});
