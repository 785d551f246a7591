import { describe, expect, it } from 'vitest';
import { alignCode, indentAs, withStretch } from '../../extension/codeAlignment.ts';

const mine = [
  "import { jars } from './larder.js';",
  '',
  'export function goesStale(jar) {',
  '  return jar.days > 3;',
  '}',
  '',
  'export function count() {',
  '  return jars.length;',
  '}',
  '',
];

/** My file after what was seen was taken over. */
const after = (seen: readonly string[], file: readonly string[] = mine): string[] | undefined => {
  const stretch = alignCode(file, seen, 4);
  return stretch && withStretch(file, stretch, '\n').split('\n');
};

describe('code that was seen', () => {
  it('changes nothing where it is the same', () => {
    expect(alignCode(mine, mine.slice(2, 5), 4)).toEqual({
      ...{ startLine: 2, endLine: 5 },
      lines: mine.slice(2, 5),
    });
    expect(after(mine.slice(2, 5))).toEqual(mine);
  });

  it('changes only the line that differs, and leaves what was not visible', () => {
    const seen = ['export function goesStale(jar) {', '  return jar.days > 30;', '}'];
    expect(after(seen)).toEqual(mine.with(3, '  return jar.days > 30;'));
  });

  it('may have lines that the file lacks, and lack some that it has', () => {
    const seen = [
      'export function goesStale(jar) {',
      '  if (jar.isSealed) return false;',
      '  return jar.days > 3;',
      '}',
    ];
    expect(after(seen)).toEqual(mine.toSpliced(3, 0, seen[1]!));
    const without = mine.toSpliced(3, 0, '  debugger;');
    expect(after(mine.slice(2, 5), without)).toEqual(mine);
  });

  it('replaces a line at its edge that was typed anew', () => {
    const seen = ["const shelf = require('shelf');", '', 'export function goesStale(jar) {'];
    expect(after(seen)).toEqual(mine.with(0, seen[0]!));
  });

  it('is found among repeated lines by what stands around it', () => {
    const twice = [...mine, ...mine.map((line) => line.replace('goesStale', 'goesBad'))];
    const seen = ['export function goesBad(jar) {', '  return jar.days > 9;', '}'];
    expect(after(seen, twice)).toEqual(twice.with(13, '  return jar.days > 9;'));
  });

  it('is the whole of an empty file', () => {
    expect(after(['a = 1', 'b = 2'], [''])).toEqual(['a = 1', 'b = 2']);
  });

  it.each([
    [['SELECT name FROM shelves', 'WHERE size > 3']],
    // A brace fits everywhere.
    [['  }', '}']],
    [[]],
  ])('belongs nowhere when nothing speaks for it: %j', (seen) => {
    expect(alignCode(mine, seen, 4)).toBeUndefined();
  });

  it('takes over nothing that a picture does not show', () => {
    const tabbed = ['if (open) {', '\tlet jar = jars.pop();  ', '\tclose(jar, lid);', '}'];
    const seen = ['if (open) {', '    let jar = jars.pop();', '        close(jar, lid);', '}'];
    expect(after(seen, tabbed)).toEqual([
      ...['if (open) {', '\tlet jar = jars.pop();  ', '\t\tclose(jar, lid);', '}'],
    ]);
  });

  it('is found in a long file in time', () => {
    const long = Array.from(
      { length: 5000 },
      (_, line) => `const value${line} = read(${line * 7});`,
    );
    const seen = long.slice(3000, 3040).with(20, 'const other = write();');
    expect(after(seen, long)).toEqual(long.with(3020, 'const other = write();'));
  });
});

describe('code in another place', () => {
  it('is indented as that place', () => {
    const lines = ['    if (a) {', '', '      b();', '    }'];
    expect(indentAs(lines, '\t')).toEqual(['\tif (a) {', '', '\t  b();', '\t}']);
    expect(indentAs(['', ''], '  ')).toEqual(['', '']);
  });
});
