import { writeFile } from 'node:fs/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../daemon/base/clock.ts';
import type { Captions } from '../../daemon/media/captionSource.ts';
import { chooseSubtitles, readEmbeddedCaptions } from '../../daemon/media/embeddedCaptions.ts';
import { probeMedia } from '../../daemon/media/probing.ts';
import { createTemporaryFolder, runFfmpeg, type TemporaryFolder } from '../helpers/fixtures.ts';

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await createTemporaryFolder();
});
afterAll(() => folder[Symbol.asyncDispose]());

const signal = AbortSignal.timeout(60_000);
const tools = { program: 'ffmpeg', clock: systemClock, stallMs: 20_000 };
const picture = ['-f', 'lavfi', '-i', 'color=c=gray:size=64x48:rate=2:duration=7'];

/** Captions as SubRip or WebVTT → a file of them. */
async function write(name: string, text: string): Promise<string> {
  const path = folder.path(name);
  await writeFile(path, text);
  return path;
}

/** A video with tracks of subtitles, each with options of its own. */
async function mux(
  name: string,
  tracks: readonly { readonly path: string; readonly options?: readonly string[] }[],
  output: readonly string[],
): Promise<string> {
  const path = folder.path(name);
  await runFfmpeg([
    ...picture,
    ...tracks.flatMap((track) => ['-i', track.path]),
    ...['-map', '0:v', ...tracks.flatMap((_, index) => ['-map', String(index + 1)])],
    ...tracks.flatMap(({ options = [] }) => options),
    ...[...output, `file:${path}`],
  ]);
  return path;
}

async function read(path: string): Promise<Captions & { readonly language?: string | undefined }> {
  const { probe } = await probeMedia(path, tools, { signal });
  const track = chooseSubtitles(probe.subtitles ?? []);
  if (!track) return { cues: [], problems: ['no track'] };
  const captions = await readEmbeddedCaptions(path, track, tools, { signal });
  return { ...captions, language: track.language };
}

const essence = ({ cues }: Captions): string[] =>
  cues.map(({ startMs, endMs, text }) => `${startMs}-${endMs} ${text}`);

const spoken = [
  '1\n00:00:00,500 --> 00:00:02,000\nOpen <i>List</i> & go',
  '2\n00:00:03,250 --> 00:00:05,000\nSecond line\nand its other half\n',
].join('\n\n');
const heard = ['500-2000 Open List & go', '3250-5000 Second line\nand its other half'];

/** Captions as video sites make them: each line is new, then carried up. The first cue begins with a blank line. */
const rolling = [
  'WEBVTT',
  '00:00:00.000 --> 00:00:02.000\n \nfirst<00:00:00.500><c> line</c>',
  '00:00:02.000 --> 00:00:02.010\nfirst line\n ',
  '00:00:02.010 --> 00:00:04.000\nfirst line\nsecond<00:00:03.000><c> line</c>',
  '00:00:04.000 --> 00:00:04.010\nsecond line\n ',
  '00:00:04.010 --> 00:00:06.000\nsecond line\nthird line\n',
].join('\n\n');

describe('captions inside a video', () => {
  it.each([
    ['mp4', 'mov_text', ['-c:v', 'libx264']],
    ['mov', 'mov_text', ['-c:v', 'libx264']],
    ['mkv', 'subrip', ['-c:v', 'libx264']],
    ['mkv', 'ass', ['-c:v', 'libx264']],
    ['webm', 'webvtt', ['-c:v', 'libvpx']],
  ])('are read from %s with %s', async (kind, codec, video) => {
    const path = await write('spoken.srt', spoken);
    const file = await mux(`${codec}.${kind}`, [{ path }], [...video, '-c:s', codec]);
    expect(essence(await read(file))).toEqual(heard);
  });

  it('lose their repetitions when they roll', async () => {
    const path = await write('rolling.vtt', rolling);
    const file = await mux('rolling.mkv', [{ path }], ['-c:v', 'libx264', '-c:s', 'copy']);
    expect(essence(await read(file))).toEqual([
      '0-2010 first line',
      '2010-4010 second line',
      '4010-6000 third line',
    ]);
  });

  it('are those of the whole English track, whatever stands first', async () => {
    const path = await write('spoken.srt', spoken);
    const other = await write('other.srt', spoken.replace('Second', 'Zweite'));
    const sign = await write('sign.srt', '1\n00:00:01,000 --> 00:00:02,000\nSign\n');
    const tracks = [
      { path: other, options: ['-metadata:s:s:0', 'language=ger', '-disposition:s:0', 'default'] },
      { path: sign, options: ['-metadata:s:s:1', 'language=eng', '-disposition:s:1', 'forced'] },
      { path, options: ['-metadata:s:s:2', 'language=eng', '-disposition:s:2', '0'] },
    ];
    const file = await mux('tracks.mkv', tracks, ['-c:v', 'libx264', '-c:s', 'subrip']);
    const captions = await read(file);
    expect(captions.language).toBe('eng');
    expect(essence(captions)).toEqual(heard);
  });

  it('are timed from where the video begins', async () => {
    const path = await write('spoken.srt', spoken);
    const late = ['-c:v', 'libx264', '-c:s', 'subrip', '-output_ts_offset', '100'];
    const file = await mux('late.mkv', [{ path }], late);
    expect(essence(await read(file))).toEqual(heard);
  });

  it('are none where there is no track', async () => {
    const plain = await mux('plain.mp4', [], ['-c:v', 'libx264']);
    expect((await read(plain)).problems).toEqual(['no track']);
  });

  it('are no error when the track cannot be read', async () => {
    const path = await write('spoken.srt', spoken);
    const file = await mux('whole.mkv', [{ path }], ['-c:v', 'libx264', '-c:s', 'subrip']);
    const track = { index: 7, isDefault: false, isForced: false };
    const captions = await readEmbeddedCaptions(file, track, tools, { signal });
    expect(captions).toEqual({ cues: [], problems: ['A subtitle track is damaged.'] });
  });

  it('stop being read when nobody waits for them', async () => {
    const path = await write('spoken.srt', spoken);
    const file = await mux('stop.mkv', [{ path }], ['-c:v', 'libx264', '-c:s', 'subrip']);
    const track = { index: 1, isDefault: false, isForced: false };
    const reading = readEmbeddedCaptions(file, track, tools, { signal: AbortSignal.abort() });
    await expect(reading).rejects.toThrow('aborted');
  });
});
