/** What command lines mean. */
import { describe, expect, it } from 'vitest';
import { parseCommandLine, UsageError } from '../../../daemon/cli/arguments.ts';

function check(line: string, expected: ReturnType<typeof parseCommandLine>): void {
  expect(parseCommandLine(line.split(' '))).toEqual(expected);
}

describe('parseCommandLine', () => {
  it('reads words and options in any order', () => {
    check('--home /h watch a.mp4 --speed realtime --fps 2.5 --json', {
      words: ['watch', 'a.mp4'],
      values: { home: '/h', speed: 'realtime', fps: 2.5, json: true },
    });
    check('ask a.mp4 why? --threshold=0 --model tiny', {
      words: ['ask', 'a.mp4', 'why?'],
      values: { threshold: 0, model: 'tiny' },
    });
    check('doctor -h', { words: ['doctor'], values: { help: true } });
  });

  it.each([
    ['75', 75_000],
    ['75.5', 75_500],
    ['1:15', 75_000],
    ['1:02:03.5', 3_723_500],
    ['0', 0],
  ])('reads the time %s', (text, ms) => {
    check(`ask a b --at ${text}`, { words: ['ask', 'a', 'b'], values: { at: ms as never } });
  });

  it('takes what has spaces for words, whatever it begins with', () => {
    expect(parseCommandLine(['search', 'a.mp4', '--save-dev vitest', '--json'])).toEqual({
      words: ['search', 'a.mp4', '--save-dev vitest'],
      values: { json: true },
    });
    expect(parseCommandLine(['watch', '--home=/my home', 'a.mp4']).values).toEqual({
      home: '/my home',
    });
  });

  it('takes everything after -- as words', () => {
    check('watch -- --json', { words: ['watch', '--json'], values: {} });
  });

  it.each([
    ['--colour', 'There is no option --colour.'],
    ['-x', 'There is no option -x.'],
    ['--json=yes', 'The option --json takes no value.'],
    ['--speed', 'The option --speed needs a value: --speed max|realtime.'],
    ['--speed fast', 'The option --speed takes max or realtime, not "fast".'],
    ['--fps 0', 'The option --fps takes a number above 0 to 60, not "0".'],
    ['--fps many', 'The option --fps takes a number above 0 to 60, not "many".'],
    ['--threshold 1.1', 'The option --threshold takes a number from 0 to 1, not "1.1".'],
    [
      '--region hall',
      'The option --region takes one of editor, terminal, tree, tabs, breadcrumbs, statusBar, browser, slide, dialog, popup, other, not "hall".',
    ],
    ['--limit 0', 'The option --limit takes a number from 1 to 100, not "0".'],
    ['--limit 1.5', 'The option --limit takes a whole number, not "1.5".'],
    ['--at soon', 'The option --at takes a time such as 75 or 1:15, not "soon".'],
    ['--at=-1', 'The option --at takes a time such as 75 or 1:15, not "-1".'],
  ])('explains %s', (line, sentence) => {
    expect(() => parseCommandLine(line.split(' '))).toThrow(new UsageError(sentence));
  });
});
