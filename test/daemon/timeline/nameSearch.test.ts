import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { NewRow } from '../../../protocol/index.ts';
import { hasName } from '../../../daemon/timeline/nameSearch.ts';
import { TimelineStore, type VideoTimeline } from '../../../daemon/timeline/timelineStore.ts';
import { cue, guidance, screenText } from './rowSamples.ts';

let folder: string;
let store: TimelineStore;
const open = (videoId: string, model = 'sample'): VideoTimeline =>
  store.openVideo({ videoId, model, frameRateFps: 2, silenceThreshold: 0.5 });

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'codealong-names-'));
  store = new TimelineStore({ file: join(folder, 'timeline.db'), onDamage: () => undefined });
});
afterEach(() => {
  store[Symbol.dispose]();
  rmSync(folder, { recursive: true });
});

/** When a name begins to stand in rows. */
function check(rows: readonly NewRow[], name: string, expected: readonly number[]): void {
  open('abc').appendAll(rows);
  expect(store.findName('abc', name).map(({ startMs }) => startMs)).toEqual(expected);
}

describe('a name', () => {
  it.each([
    ['userName', 'const userName = 1'],
    ['userName', 'this.userName='],
    ['userName', '!a+userName||b'],
    ['foo_bar', 'x+=b+foo_bar-1'],
    ['_private', 'self._private'],
    ['HOME', 'echo $HOME/bin'],
    ['utf8', '"utf8"'],
    ['MAX_SIZE', 'if(n>MAX_SIZE){'],
    ['größe', 'let größe = 3'],
    ['變數', '變數 = 3'],
    ['user$', 'user$.subscribe()'],
    ['readFileSync', "import { readFileSync } from 'node:fs'"],
    ['testUtils', 'src/testUtils.ts'],
  ])('%s stands in %s', (name, text) => {
    expect(hasName(text, name)).toBe(true);
    check([screenText('something else', 0), screenText(text, 3000)], name, [3000]);
  });

  it.each([
    ['userName', 'const username = 1'],
    ['userName', 'userNames'],
    ['userName', 'myuserName'],
    ['user', 'user_name'],
    ['user', 'user$'],
    ['name', 'naming'],
    ['größ', 'größe'],
    ['a', '𝒳a'],
  ])('%s does not stand in %s', (name, text) => {
    expect(hasName(text, name)).toBe(false);
    check([screenText(text, 0)], name, []);
  });

  it('is found behind another that only contains it', () => {
    expect(hasName('userNames = userName', 'userName')).toBe(true);
  });

  it.each(['"', "'; DROP TABLE rows; --", 'a OR b', '🙂', '\0', '___', '$', ''])(
    'that is none, %j, is found nowhere',
    (name) => {
      check([screenText('x', 0), guidance('x', 0)], name, []);
    },
  );
});

describe('the moments of a name', () => {
  it('come in their order, from all timelines of the content and from no other', () => {
    open('abc').appendAll([screenText('run(userName)', 5000), screenText('userName', 2000)]);
    open('abc', 'other').appendAll([screenText('let userName', 3000)]);
    open('other').appendAll([screenText('userName', 1000)]);
    const starts = store.findName('abc', 'userName').map(({ startMs }) => startMs);
    expect(starts).toEqual([2000, 3000, 5000]);
    expect(store.findName('none', 'userName')).toEqual([]);
  });

  it('are those of guidance too when no sentence has such a word', () => {
    check([guidance('userName is set.', 4000), cue('userName', 5000, 6000)], 'userName', [4000]);
    open('prose').append(guidance('The value is set.', 4000));
    expect(store.findName('prose', 'value')).toEqual([]);
  });

  it('are found at once among many rows', () => {
    const many = Array.from({ length: 20_000 }, (_none, index) =>
      screenText(`const value${index % 977} = compute(item${index})`, index * 100),
    );
    check(many, 'item19999', [1_999_900]);
    expect(store.findName('abc', 'compute')).toHaveLength(5000);
  });
});
