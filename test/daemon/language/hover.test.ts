import { describe, expect, it } from 'vitest';
import {
  describeSightings,
  escapeMarkdown,
  mergeStretches,
  spread,
} from '../../../daemon/language/hover.ts';
import { formatSeekLink, mediaMs } from '../../../protocol/index.ts';

const stretch = (startMs: number, endMs = startMs) => ({
  startMs: mediaMs(startMs),
  endMs: mediaMs(endMs),
});
const link = (path: string, atMs: number) => formatSeekLink({ path, atMs: mediaMs(atMs) });

describe('sightings', () => {
  const path = '/videos/talk.mp4';

  it('are told as links, one for each time', () => {
    const seen = [{ path, stretches: [stretch(192_000, 195_000), stretch(750_000)] }];
    expect(describeSightings(seen)).toBe(
      `On screen in **talk.mp4** at [3:12](${link(path, 192_000)}), [12:30](${link(path, 750_000)})`,
    );
  });

  it('are a handful, spread over the video, and the number of the others', () => {
    const stretches = Array.from({ length: 10 }, (_none, index) => stretch(index * 60_000));
    const text = describeSightings([{ path, stretches }]);
    const times = [...(text?.matchAll(/\[([\d:]+)\]/g) ?? [])].map(([, time]) => time);
    expect(times).toEqual(['0:00', '2:00', '5:00', '7:00', '9:00']);
    expect(text).toMatch(/ and 5 more$/);
  });

  it('come for each video, newest first, and not for those without', () => {
    const seen = ['d', 'c', 'b', 'a', 'z'].map((name) => ({
      path: `C:\\clips\\${name}.mkv`,
      stretches: name === 'c' ? [] : [stretch(1000)],
    }));
    const names = describeSightings(seen)
      ?.split('\n\n')
      .map((line) => /\*\*(.)/.exec(line)?.[1]);
    expect(names).toEqual(['d', 'b', 'a']);
  });

  it('are nothing when there are none', () => {
    expect(describeSightings([])).toBeUndefined();
    expect(describeSightings([{ path, stretches: [] }])).toBeUndefined();
  });

  it.each([
    ['a](command:evil.run) [b.mp4'],
    ['a**b__c`d`.mp4'],
    ['<img src=x onerror=alert(1)>.mp4'],
    ['www.example.com.mp4'],
    ['two\nlines\n\n# head.mp4'],
    ['tab\tand\u202Eoverride.mp4'],
    ['back\\slash\\](command:evil).mp4'],
    ['&lt;b&gt; $(alert) | 100%.mp4'],
  ])('never let the name %j say anything to Markdown', (name) => {
    const text = describeSightings([{ path: `/videos/${name}`, stretches: [stretch(1000)] }]) ?? '';
    // Whatever stands unescaped is ours: the two stars, one link, its label.
    const unescaped = text.replace(/\\[!-/:-@[-`{-~]/g, '');
    expect(unescaped).toMatch(
      /^On screen in \*\*[^*_`<>[\]()!#|&$\\]*\*\* at \[0:01\]\(command:codealong\.seekTo\?[\w%.~-]+\)$/,
    );
  });
});

describe('the parts', () => {
  it('merge what overlaps or follows closely', () => {
    const merged = mergeStretches([
      stretch(0, 20_000),
      stretch(3000, 4000),
      stretch(24_000, 25_000),
      stretch(31_000),
    ]);
    expect(merged).toEqual([stretch(0, 25_000), stretch(31_000)]);
  });

  it.each([
    [0, []],
    [3, [0, 1, 2]],
    [5, [0, 1, 2, 3, 4]],
    [6, [0, 1, 3, 4, 5]],
    [101, [0, 25, 50, 75, 100]],
  ])('spread %d items', (length, expected) => {
    expect(spread([...Array(length).keys()], 5)).toEqual(expected);
  });

  it('keep letters of every language', () => {
    expect(escapeMarkdown('Größe 変数 🙂 a')).toBe('Größe 変数 🙂 a');
  });
});
