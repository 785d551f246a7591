/** The benchmark's arithmetic of reading: distances, places, sums and tables. */
import { describe, expect, it } from 'vitest';
import { linesOf, scoreCode, sumScores } from '../../scripts/bench/code/compare.ts';
import {
  editDistance,
  editSimilarity,
  foldSigns,
  isFoundIn,
  nearestPart,
} from '../../scripts/bench/reading/edits.ts';
import { groups, ratesIn, type Observation } from '../../scripts/bench/reading/observations.ts';
import { pageOf, themes } from '../../scripts/bench/reading/pages.ts';
import { isShown } from '../../scripts/bench/reading/texts.ts';
import {
  addTallies,
  emptyTally,
  matchLines,
  ratesOf,
  tallyMatch,
  type TruthLine,
} from '../../scripts/bench/reading/truth.ts';
import { comparisonToMarkdown, formatCell } from '../../scripts/bench/table.ts';
import { Dice } from '../../scripts/lib/dice.mjs';

describe('edits', () => {
  it('are counted over whole texts', () => {
    expect(editDistance('kitten', 'sitting')).toBe(3);
    expect(editDistance('', 'abc')).toBe(3);
    expect(editDistance('abc', '')).toBe(3);
    expect(editDistance('same', 'same')).toBe(0);
  });

  it('are counted against the nearest part of a longer text', () => {
    expect(nearestPart('reverse', 'x = stringutil.Reverse(s)'.toLowerCase())).toBe(0);
    expect(nearestPart('abcd', 'xxabxdyy')).toBe(1);
    expect(nearestPart('abc', '')).toBe(3);
  });

  it('make a similarity of the longer length', () => {
    expect(editSimilarity('abcd', 'abxd')).toBe(0.75);
    expect(editSimilarity('', '')).toBe(1);
    expect(editSimilarity('abc', '')).toBe(0);
  });
});

describe('finding a text in what was read', () => {
  it('forgives spaces, case and one character in ten', () => {
    expect(isFoundIn('Rename Symbol', 'find\nREN AMESYMBOL\n')).toBe(true);
    expect(isFoundIn('golang.org/x/example', 'import "golang.0rg/x/examp1e"')).toBe(true);
    expect(isFoundIn('golang.org/x/example', 'import "g0lang.0rg/x/examp1e"')).toBe(false);
  });

  it('forgives nothing in short texts', () => {
    expect(isFoundIn('main', 'rnain()')).toBe(false);
    expect(isFoundIn('main', 'func main()')).toBe(true);
    expect(isFoundIn('something', '')).toBe(false);
  });
});

it('typographic signs count as their plain forms', () => {
  expect(foldSigns('“it’s” – ｆ（ｘ） …')).toBe('"it\'s" - f(x) ...');
});

const line = (text: string, x: number, y: number, kind: TruthLine['kind'] = 'code'): TruthLine => ({
  ...{ text, kind },
  box: { x, y, width: text.length * 8, height: 16 },
});

describe('readings meet the truth by place', () => {
  const truth = [
    line('const a = 1;', 100, 0),
    line('return a;', 100, 20),
    line('Explorer', 0, 0, 'interface'),
  ];

  it('line by line, in any order, a little higher or lower', () => {
    const read = [line('return a;', 101, 23), line('c0nst a = 1;', 99, -2), line('Explorer', 0, 1)];
    const matches = matchLines(truth, read);
    expect(matches.map(({ read: found }) => found.map(({ text }) => text))).toEqual([
      ['c0nst a = 1;'],
      ['return a;'],
      ['Explorer'],
    ]);
  });

  it('as one text where a box holds two labels, and where a line was read in two pieces', () => {
    const joined = { text: 'Explorer const a', box: { x: 0, y: 0, width: 150, height: 16 } };
    const rest = { text: '= 1;', box: { x: 160, y: 0, width: 40, height: 16 } };
    const matches = matchLines(truth, [rest, joined]);
    const whole = matches.find(({ read }) => read.length === 2)!;
    expect(whole.truth.map(({ text }) => text)).toEqual(['Explorer', 'const a = 1;']);
    expect(tallyMatch(whole)).toMatchObject({ lines: 2, exact: 2, edits: 0, missed: 0 });
    expect(matches).toHaveLength(2);
  });

  it('and not at all where nothing stood', () => {
    const matches = matchLines(truth, [line('icon', 400, 300)]);
    expect(matches.every(({ read }) => read.length === 0)).toBe(true);
    expect(matches.map(tallyMatch).map(({ missed }) => missed)).toEqual([1, 1, 1]);
  });
});

describe('a tally', () => {
  const one = tallyMatch({ truth: [line('  if (x) {', 0, 0)], read: [line('if(x) {', 16, 0)] });

  it('counts with and without spaces, and no indentation', () => {
    expect(one).toEqual({
      ...{ lines: 1, exact: 0, missed: 0, characters: 6, edits: 0 },
      ...{ spacedCharacters: 8, spacedEdits: 1 },
    });
  });

  it('sums up to shares', () => {
    const other = tallyMatch({ truth: [line('ab', 0, 0)], read: [line('ab', 0, 0)] });
    const rates = ratesOf(addTallies([one, other]));
    expect(rates).toEqual({
      characterErrors: 0,
      spacedErrors: 0.1,
      exactLines: 0.5,
      missedLines: 0,
    });
    expect(ratesOf(emptyTally).exactLines).toBeNaN();
  });
});

describe('groups of observations', () => {
  const observed = (some: Partial<Observation>): Observation => ({
    ...{ engine: 'ours', kind: 'code', theme: 'dark', sizePx: 14, height: 720 },
    ...{ compression: 'clean', wasFontSeen: true, isCompared: false },
    tally: { ...emptyTally, lines: 1, exact: 1, characters: 10, spacedCharacters: 12 },
    ...some,
  });
  const group = (key: string) => groups.find((each) => each.key === key)!;

  it('take what belongs to them, of one engine', () => {
    const wrong = { ...emptyTally, lines: 1, characters: 10, edits: 2, spacedCharacters: 12 };
    const all = [observed({}), observed({ kind: 'interface', tally: wrong, isCompared: true })];
    const choice = { engine: 'ours', onlyCompared: false } as const;
    expect(ratesIn(all, group('all'), choice)).toMatchObject({
      characterErrors: 0.1,
      exactLines: 0.5,
    });
    expect(ratesIn(all, group('code'), choice)).toMatchObject({ exactLines: 1 });
    expect(ratesIn(all, group('all'), { ...choice, onlyCompared: true })).toMatchObject({
      exactLines: 0,
    });
    expect(ratesIn(all, group('1080p'), choice)).toBeUndefined();
    expect(ratesIn(all, group('all'), { ...choice, engine: 'tesseract' })).toBeUndefined();
  });

  it('put every size into exactly one', () => {
    for (const sizePx of [12, 13, 14, 15, 16, 18]) {
      const sizes = ['small', 'medium', 'large'].filter((key) =>
        group(key).has(observed({ sizePx })),
      );
      expect(sizes).toHaveLength(1);
    }
  });
});

describe('pages', () => {
  const font = { family: 'Test', source: 'data:,' };
  const scene = {
    ...({ layout: 'editor', width: 1280, height: 720, theme: themes[0]!, mono: font } as const),
    ...{ proportional: font, sizePx: 14, turn: 0, hasPopups: false },
    code: {
      ...{ language: 'C++', fileName: 'a.cc', firstNumber: 41 },
      lines: ['if (a < b && "x") {', '    return 1; // one', '', 'é'],
    },
  };

  it('say of each text what it is, and keep it as it is', () => {
    const page = pageOf(scene);
    const texts = [...page.matchAll(/data-kind="code" data-indent="(\d)">(.*?)<\/span>/g)].map(
      ([, indent, text]) => [indent, text!.replace(/<\/?b[^>]*>/g, '')],
    );
    expect(texts).toEqual([
      ['0', 'if (a &lt; b &amp;&amp; &quot;x&quot;) {'],
      ['4', 'return 1; // one'],
    ]);
    expect(page).toContain('<b class="s0">return</b>');
    expect(page).toContain('<b class="s3">// one</b>');
  });

  it('have a menu over them when they may', () => {
    expect(pageOf({ ...scene, turn: 1 })).not.toContain('data-popup');
    expect(pageOf({ ...scene, turn: 1, hasPopups: true })).toContain('data-popup');
  });

  it('show plain lines only', () => {
    expect(isShown('  x')).toBe(true);
    expect(isShown('   ')).toBe(false);
    expect(isShown('“x”')).toBe(false);
    expect(isShown('x'.repeat(500))).toBe(false);
  });
});

describe('a comparison', () => {
  it('has several values in a cell', () => {
    expect(formatCell([0.0123, 0.5], 'share')).toBe('1.23 / 50.0 %');
    expect(formatCell(undefined, 'share')).toBe('–');
    expect(formatCell([], 'ms')).toBe('n/a');
    expect(formatCell([NaN], 'ms')).toBe('n/a');
  });

  it('is a table with its heading and its notes', () => {
    const rows = [{ key: 'all', name: 'All', unit: 'share', cells: [[0.9], undefined] }] as const;
    const comparison = { key: 'c', heading: 'Lines exact', columns: ['ours', 'theirs'], rows };
    expect(comparisonToMarkdown({ ...comparison, notes: ['Same boxes.', 'One run.'] })).toBe(
      [
        'Lines exact:',
        '',
        '|     | ours   | theirs |',
        '| --- | ------ | ------ |',
        '| All | 90.0 % | –      |',
        '',
        'Same boxes. One run.',
      ].join('\n'),
    );
  });
});

it('chance is the same in every run, and even', () => {
  const first = new Dice(7);
  const again = new Dice(7);
  const values = Array.from({ length: 1000 }, () => first.next());
  expect(values.slice(0, 5)).toEqual(Array.from({ length: 5 }, () => again.next()));
  expect(values.every((value) => value >= 0 && value < 1)).toBe(true);
  expect(values.filter((value) => value < 0.5).length).toBeGreaterThan(450);
  expect(() => first.pick([])).toThrow(RangeError);
});

describe('code that was got back', () => {
  const truth = 'def f(x):\n    if x:\n        return 1\n\n    return 2\n';

  it('is the same up to empty ends and spaces behind', () => {
    expect(scoreCode(truth, `\n${truth.replace('if x:', 'if x:  ')}\n`)).toEqual({
      ...{ similarity: 1, exactLines: 5, lines: 5 },
    });
  });

  it('loses lines that came back wrong, indented wrong or not at all', () => {
    expect(scoreCode(truth, truth.replace('return 1', 'return l')).exactLines).toBe(4);
    expect(scoreCode(truth, truth.replace('    return 2', '  return 2')).exactLines).toBe(4);
    expect(scoreCode(truth, truth.replace('    if x:\n', ''))).toMatchObject({ exactLines: 4 });
    expect(scoreCode(truth, '')).toMatchObject({ exactLines: 0, similarity: 0 });
  });

  it('keeps its order', () => {
    expect(scoreCode('a\nb\nc', 'c\nb\na').exactLines).toBe(1);
  });

  it('may stand at any depth as a whole', () => {
    expect(linesOf('    a\n\n      b\n')).toEqual(['a', '', '  b']);
    expect(scoreCode('    a\n      b', 'a\n  b').exactLines).toBe(2);
  });

  it('is summed over lines and averaged over moments', () => {
    const half = { similarity: 0.5, exactLines: 1, lines: 4 };
    expect(sumScores([half, { similarity: 1, exactLines: 6, lines: 6 }])).toEqual([0.75, 0.7]);
  });
});
