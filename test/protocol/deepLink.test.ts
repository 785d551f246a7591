/** Links to moments: what is written is read back, and nothing else is read. */
import { describe, expect, it } from 'vitest';
import {
  formatDeepLink,
  formatSeekLink,
  mediaMs,
  parseDeepLink,
  parseMoment,
  type DeepLink,
} from '../../protocol/index.ts';

const at = (path: string, milliseconds?: number): DeepLink =>
  milliseconds === undefined ? { path } : { path, atMs: mediaMs(milliseconds) };

const paths = [
  '/videos/talk.mp4',
  '/videos/a talk (part 1) [final].mp4',
  '/vidéos/変数 🎬.mkv',
  "/it's/100%/50%41.mp4",
  '/a&t=9/b#c?d+e.mp4',
  '/tab\tand\nline.mp4',
  String.raw`C:\Users\Me & You\talk.mp4`,
  'c:/Users/me/talk.mp4',
  String.raw`\\server\share\talk.mp4`,
  '/"quotes" <and> `ticks`|pipes*.mp4',
];

describe('a deep link', () => {
  it.each(paths)('leads back to %j, with a moment or without', (path) => {
    for (const link of [at(path), at(path, 0), at(path, 750_000), at(path, 1234)]) {
      expect(parseDeepLink(formatDeepLink('vscode', link))).toEqual(link);
    }
  });

  it.each(paths)('to %j may stand in a Markdown link', (path) => {
    expect(formatDeepLink('vscode', at(path, 750_500))).toMatch(
      /^vscode:\/\/codealong\.codealong\/open\?video=[\w.!~*'%-]+&t=750\.5$/,
    );
  });

  it.each([
    ['vscode-insiders', 'vscode-insiders://codealong.codealong/open?video=%2Fa.mp4'],
    ['a fork', 'code-oss://codealong.codealong/open?video=%2Fa.mp4'],
    ['another spelling', 'VSCode://Codealong.CodeAlong/open?video=%2Fa.mp4'],
    ['an order of its own', 'vscode://codealong.codealong/open?x=1&video=/a.mp4&windowId=_blank'],
    ['a moment that encodes nothing', 'vscode://codealong.codealong/open?video=/a.mp4&t=%ZZ'],
    ['a fragment', 'vscode://codealong.codealong/open?video=/a.mp4#t=9'],
  ])('is read from %s', (_what, link) => {
    expect(parseDeepLink(link)).toEqual({ path: '/a.mp4' });
  });

  it.each([
    ['nothing', ''],
    ['another host', 'vscode://other.other/open?video=/a.mp4'],
    ['a host that begins alike', 'vscode://codealong.codealong.evil.com/open?video=/a.mp4'],
    ['a user name', 'vscode://codealong.codealong@evil/open?video=/a.mp4'],
    ['another command', 'vscode://codealong.codealong/delete?video=/a.mp4'],
    ['a longer path', 'vscode://codealong.codealong/open/x?video=/a.mp4'],
    ['no video', 'vscode://codealong.codealong/open?t=1'],
    ['no query', 'vscode://codealong.codealong/open'],
    ['a relative path', 'vscode://codealong.codealong/open?video=../../etc/passwd'],
    ['a drive without a root', 'vscode://codealong.codealong/open?video=C:talk.mp4'],
    ['an address', 'vscode://codealong.codealong/open?video=https://evil/a.mp4'],
    ['a zero byte', 'vscode://codealong.codealong/open?video=/a%00.mp4'],
    ['what encodes nothing', 'vscode://codealong.codealong/open?video=%E0%A4%A'],
    ['a moment in words', 'vscode://codealong.codealong/open?video=/a.mp4&t=later'],
    ['a moment before the start', 'vscode://codealong.codealong/open?video=/a.mp4&t=-5'],
    ['an endless moment', 'vscode://codealong.codealong/open?video=/a.mp4&t=1e999'],
    ['something before it', 'see vscode://codealong.codealong/open?video=/a.mp4'],
  ])('is none with %s', (_what, link) => {
    expect(parseDeepLink(link)).toBeUndefined();
  });

  it.each(['__proto__', 'constructor', 'toString'])('is not misled by a field %s', (name) => {
    const link = `vscode://codealong.codealong/open?${name}=1&video=/a.mp4`;
    expect(parseDeepLink(link)).toEqual({ path: '/a.mp4' });
    expect(parseDeepLink(`vscode://codealong.codealong/open?${name}=%2Fa.mp4`)).toBeUndefined();
  });

  it('that is very long is judged at once', () => {
    expect(parseDeepLink('a'.repeat(1_000_000))).toBeUndefined();
    const link = `vscode://codealong.codealong/open?${'x&'.repeat(500_000)}video=/a.mp4`;
    expect(parseDeepLink(link)).toEqual({ path: '/a.mp4' });
  });
});

describe('a moment', () => {
  it.each([
    ['750', 750_000],
    ['750.5', 750_500],
    ['0', 0],
    ['12:30', 750_000],
    ['1:02:03', 3_723_000],
    ['1:02:03.25', 3_723_250],
    ['90s', 90_000],
    [' 5 ', 5000],
  ])('%j is %d ms', (text, expected) => {
    expect(parseMoment(text)).toBe(expected);
  });

  it.each(['', ':', '1:', ':30', '1:2:3:4', '-1', '1e3', '0x10', 'NaN', '1.', '12 30', '٣'])(
    '%j is none',
    (text) => {
      expect(parseMoment(text)).toBeUndefined();
    },
  );
});

describe('a link to the seek command', () => {
  /** As an editor reads it. @source vscode, CommandOpener: the query of the parsed URI, decoded once more when it can be */
  function received(link: string): unknown {
    const query = decodeURIComponent(link.slice(link.indexOf('?') + 1));
    const decode = (text: string): unknown => {
      try {
        return JSON.parse(decodeURIComponent(text));
      } catch {
        return JSON.parse(text);
      }
    };
    return decode(query);
  }

  it.each(paths)('carries %j through every decoding, inside Markdown', (path) => {
    const link = formatSeekLink({ path, atMs: mediaMs(750_000) });
    expect(link).toMatch(/^command:codealong\.seekTo\?[\w.~%-]+$/);
    expect(received(link)).toEqual([{ path, atMs: 750_000 }]);
  });
});
