import { mkdir, writeFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { parseCaptions, readSidecarCaptions } from '../../../daemon/media/captionSource.ts';
import { createTemporaryFolder } from '../../helpers/fixtures.ts';

/** Cues as `start-end text`, then the problems. */
function check(text: string, cues: readonly string[], problems: readonly string[] = []): void {
  const read = parseCaptions(text);
  expect(read.cues.map((cue) => `${cue.startMs}-${cue.endMs} ${cue.text}`)).toEqual(cues);
  expect(read.problems).toEqual(problems);
}

describe('parseCaptions', () => {
  it('reads SubRip', () => {
    check(
      '1\r\n00:00:01,500 --> 00:00:03,000\r\nHello\r\nworld\r\n\r\n2\r\n01:02:03,004 --> 01:02:04,000\r\nBye\r\n',
      ['1500-3000 Hello\nworld', '3723004-3724000 Bye'],
    );
  });

  it('reads WebVTT with header, notes, styles, settings and short times', () => {
    check(
      'WEBVTT Kind: captions\n\nNOTE a\nremark\n\nSTYLE\n::cue { color: red }\n\nintro\n00:01.000 --> 00:02.500 align:start position:0%\nHi\n',
      ['1000-2500 Hi'],
    );
  });

  it('strips tags and entities, keeps code', () => {
    check(
      '00:01.000 --> 00:02.000\n<v Anna><i>Use</i> <c.yellow>List<int></c> &amp; a &lt;b&gt; {\\an8}now</v>\n',
      ['1000-2000 Use List<int> & a <b> now'],
    );
  });

  it('takes rolling repetitions away', () => {
    check(
      [
        'WEBVTT',
        '00:00:00.000 --> 00:00:02.000\n \nfirst<00:00:00.500><c> line</c>',
        '00:00:02.000 --> 00:00:02.010\nfirst line\n ',
        '00:00:02.010 --> 00:00:04.000\nfirst line\nsecond<00:00:03.000><c> line</c>',
        '00:00:04.000 --> 00:00:04.010\nsecond line\n ',
        '00:00:04.010 --> 00:00:06.000\nsecond line\nthird line',
      ].join('\n\n'),
      ['0-2010 first line', '2010-4010 second line', '4010-6000 third line'],
    );
  });

  it('joins what is written word by word, line by line', () => {
    const words = ['so', 'so today', 'so today\nwe write', 'so today\nwe write a test', 'we'];
    check(words.map((text, n) => `00:0${n}.000 --> 00:0${n + 1}.000\n${text}`).join('\n\n'), [
      '0-2000 so today',
      '2000-4000 we write a test',
      '4000-5000 we',
    ]);
  });

  it('takes words that begin a later line for new ones', () => {
    check(
      '00:01.000 --> 00:02.000\nNo\n\n00:05.000 --> 00:06.000\nNo way\n\n00:06.000 --> 00:07.000\nNotes',
      ['1000-2000 No', '5000-6000 No way', '6000-7000 Notes'],
    );
  });

  it('keeps a sentence that is said again later', () => {
    check('00:01.000 --> 00:02.000\nAgain\n\n00:05.000 --> 00:06.000\nAgain\n', [
      '1000-2000 Again',
      '5000-6000 Again',
    ]);
  });

  it('reads SubRip whose empty lines hold blanks', () => {
    check('1\n00:00:01,000 --> 00:00:02,000\na\n \n2\n00:00:05,000 --> 00:00:06,000\n42\n', [
      '1000-2000 a',
      '5000-6000 42',
    ]);
  });

  it('sorts by start', () => {
    check('00:05.000 --> 00:06.000\nb\n\n00:01.000 --> 00:02.000\na\n', [
      '1000-2000 a',
      '5000-6000 b',
    ]);
  });

  it('goes on after what it cannot read', () => {
    check(
      '00:01 --> soon\nlost\n\n00:09.000 --> 00:08.000\nback\n\n00:61.000 --> 00:62.000\nx\n\n00:01.000 --> 00:02.000\nfine\n',
      ['1000-2000 fine'],
      [
        'Not a line of times: 00:01 --> soon',
        'Ends before it starts: 00:09.000 --> 00:08.000',
        'Not a line of times: 00:61.000 --> 00:62.000',
      ],
    );
  });

  it.each([
    '',
    'WEBVTT',
    '\u0000\uffff-->',
    '-->\n-->\n-->',
    'just text',
    '00:01.000 --> 00:02.000',
  ])('finds nothing in %j', (text) => {
    expect(parseCaptions(text).cues).toEqual([]);
  });

  it('keeps the list of problems short', () => {
    expect(parseCaptions('a --> b\n\n'.repeat(500)).problems).toHaveLength(20);
  });
});

describe('readSidecarCaptions', () => {
  const signal = new AbortController().signal;
  const cue = (text: string): string => `1\n00:00:01,000 --> 00:00:02,000\n${text}\n`;

  async function read(files: Readonly<Record<string, string | Uint8Array>>): Promise<unknown> {
    await using folder = await createTemporaryFolder();
    for (const [name, content] of Object.entries(files))
      await writeFile(folder.path(name), content);
    const { cues, problems } = await readSidecarCaptions(folder.path('talk.mp4'), { signal });
    return [cues.map(({ text }) => text).join(), ...problems];
  }

  it('finds none beside a lonely video', async () => {
    expect(await read({ 'talk2.srt': cue('other'), 'talk.txt': cue('other') })).toEqual(['']);
  });

  it('prefers the plain name, then English', async () => {
    expect(await read({ 'talk.srt': cue('plain'), 'talk.en.vtt': cue('en') })).toEqual(['plain']);
    expect(await read({ 'talk.de.srt': cue('de'), 'talk.en-US.vtt': cue('en') })).toEqual(['en']);
  });

  it.each([
    ['UTF-8 with a mark', Buffer.from(`\ufeff${cue('né')}`, 'utf8')],
    ['UTF-16', Buffer.from(`\ufeff${cue('né')}`, 'utf16le')],
    ['Windows-1252', Buffer.from(cue('né'), 'latin1')],
  ])('reads %s', async (_, bytes) => {
    expect(await read({ 'talk.srt': bytes })).toEqual(['né']);
  });

  it('says when it cannot be read, and is no error', async () => {
    await using folder = await createTemporaryFolder();
    await mkdir(folder.path('talk.srt'));
    const captions = await readSidecarCaptions(folder.path('talk.mp4'), { signal });
    expect(captions).toEqual({ cues: [], problems: ['talk.srt is not a file.'] });
    const nowhere = await readSidecarCaptions(folder.path('none/talk.mp4'), { signal });
    expect(nowhere).toEqual({ cues: [], problems: [] });
  });
});
