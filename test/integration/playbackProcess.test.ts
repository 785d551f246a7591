import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createTemporaryFolder,
  movingPicture,
  runFfmpeg,
  type TemporaryFolder,
} from '../helpers/fixtures.ts';
import { untilGone } from '../helpers/liveProcesses.ts';
import {
  complaints,
  ffprobe,
  patiently,
  type SlowFfmpeg,
  TestPlayback,
  writeSlowFfmpeg,
  writeStandIn,
} from '../helpers/playback.ts';

let folder: TemporaryFolder;
/** Plays but for its sound. */
let aac: string;
/** Has to be encoded, and has sound. */
let mpeg4: string;
beforeAll(async () => {
  folder = await createTemporaryFolder();
  aac = folder.path('aac.mp4');
  mpeg4 = folder.path('mpeg4.avi');
  const inputs = ['-f', 'lavfi', '-i', movingPicture, '-f', 'lavfi', '-i', 'sine=duration=2'];
  const x264 = ['-c:v', 'libx264', '-preset', 'ultrafast', '-pix_fmt', 'yuv420p', '-c:a', 'aac'];
  await runFfmpeg([...inputs, ...x264, aac]);
  await runFfmpeg([...inputs, '-c:v', 'mpeg4', '-c:a', 'pcm_s16le', mpeg4]);
});
afterAll(() => folder[Symbol.asyncDispose]());

const standIn = (name: string, cases: Readonly<Record<string, string>>): Promise<string> =>
  writeStandIn(folder.path(name), cases);
const slowFfmpeg = (name: string): Promise<SlowFfmpeg> => writeSlowFfmpeg(folder.path(name));

/** The list of encoders that a stand-in gives. */
const listing = (...names: string[]): Record<string, string> => ({
  '-encoders': `${names.map((name) => `echo " V....D ${name} words"`).join('; ')}; exit 0`,
});

describe('a copy that is being made', () => {
  it('ends when the last one closes the video', async () => {
    const { program, pids } = await slowFfmpeg('cancelled');
    await using playback = await TestPlayback.create({ ffmpeg: program });
    const [first, second] = [await playback.open(aac), await playback.open(aac)];
    await expect.poll(pids, patiently).toHaveLength(1);
    await second.until((media) => (media.progress ?? 0) > 0);
    first.close();
    const heard = first.history.length;
    const before = second.history.length;
    await second.until(() => second.history.length > before);
    expect(first.history).toHaveLength(heard);
    expect(await playback.files()).toEqual([expect.stringMatching(/\.part$/)]);
    second.close();
    await untilGone((await pids())[0]!);
    await expect.poll(() => playback.files(), patiently).toEqual([]);
  });

  it('tells how much is done, more each time', async () => {
    const { program } = await slowFfmpeg('telling');
    await using playback = await TestPlayback.create({ ffmpeg: program });
    using player = await playback.open(aac);
    await player.until((media) => (media.progress ?? 0) > 0.5);
    const progress = player.history.map((media) => media.progress ?? NaN);
    expect(progress[0]).toBe(0);
    expect(progress).toEqual([...progress].sort((a, b) => a - b));
    expect(progress.at(-1)).toBeLessThanOrEqual(1);
  });

  it('ends with the service', async () => {
    const { program, pids } = await slowFfmpeg('disposed');
    await using playback = await TestPlayback.create({ ffmpeg: program });
    await playback.open(aac);
    await expect.poll(pids, patiently).toHaveLength(1);
    await playback.service[Symbol.asyncDispose]();
    await untilGone((await pids())[0]!);
    expect(await playback.files()).toEqual([]);
  });

  it('is given up when the opening itself is', async () => {
    await using playback = await TestPlayback.create();
    const controller = new AbortController();
    const opening = playback.service.open({ kind: 'file', path: aac }, () => undefined, controller);
    controller.abort();
    await expect(opening).rejects.toMatchObject({ name: 'AbortError' });
    // Another one is not harmed.
    using player = await playback.open(aac);
    expect(await player.settled()).toMatchObject({ state: 'ready' });
  });

  it('dies with a process that is killed, and its leftovers go with the next start', async () => {
    const { program, pids } = await slowFfmpeg('orphan');
    await using home = await createTemporaryFolder();
    const child = spawn(
      process.execPath,
      [
        fileURLToPath(new URL('playbackChild.ts', import.meta.url)),
        ...[home.path(''), aac, program],
      ],
      { stdio: ['ignore', 'inherit', 'inherit'] },
    );
    await expect.poll(pids, patiently).toHaveLength(1);
    const [pid] = await pids();
    child.kill('SIGKILL');
    await untilGone(pid!);
    await using next = await TestPlayback.create({ home: home.path('') });
    await expect.poll(() => next.files(), patiently).toEqual([]);
    using player = await next.open(aac);
    expect(await player.settled()).toMatchObject({ state: 'ready', hasSound: true });
  });

  it('may be made by two services of one home', async () => {
    await using first = await TestPlayback.create();
    await using second = await TestPlayback.create({ home: first.home });
    const players = await Promise.all([first.open(aac), second.open(aac)]);
    for (const player of players) {
      expect(await player.settled()).toMatchObject({ state: 'ready', hasSound: true });
      expect(await complaints(player.media.videoUrl!)).toBe('');
    }
    expect(await first.files()).toHaveLength(1);
  });
});

describe('an encoder that', () => {
  const broken = (stream: string): string =>
    `echo "[${stream} @ 0x5f] Error while opening encoder - maybe incorrect parameters" >&2; exit 1`;

  it.each<[string, string, Record<string, string>, string[]]>([
    [
      'does not work gives way to the next one',
      'aNvenc',
      {
        ...listing('h264_nvenc', 'libvpx', 'libvorbis'),
        h264_nvenc: broken('vost#0:0/h264_nvenc'),
      },
      ['vp8', 'vorbis'],
    ],
    [
      'crashes gives way to the next one',
      'aCrash',
      {
        ...listing('h264_qsv', 'libopenh264', 'libmp3lame', 'libvpx', 'flac'),
        h264: 'kill -SEGV $$',
      },
      ['vp8'],
    ],
    [
      'does not work for sound gives way to the next one',
      'aMp3',
      { ...listing('libx264', 'libmp3lame', 'flac'), libmp3lame: broken('aost#0:1/libmp3lame') },
      ['h264', 'flac'],
    ],
    ['is not MP3', 'aVorbis', listing('libx264', 'libvorbis'), ['h264', 'vorbis']],
    ['is old', 'aOwnVorbis', listing('libvpx', 'vorbis'), ['vp8', 'vorbis']],
  ])('%s', async (_, name, cases, tracks) => {
    await using playback = await TestPlayback.create({ ffmpeg: await standIn(name, cases) });
    using player = await playback.open(mpeg4);
    const media = await player.settled();
    expect(media).toMatchObject({ state: 'ready', hasSound: tracks.length > 1 });
    const { streams } = await ffprobe(media.videoUrl!);
    expect(streams.map(({ codec_name }) => codec_name)).toEqual(tracks);
    expect(await complaints(media.videoUrl!)).toBe('');
  });

  it('is the last one and does not work is what the sentence is about', async () => {
    const cases = {
      ...listing('libx264', 'libmp3lame'),
      'c:v libx264': broken('vost#0:0/libx264'),
    };
    await using playback = await TestPlayback.create({ ffmpeg: await standIn('theLast', cases) });
    using player = await playback.open(mpeg4);
    const notices = [expect.stringContaining('ffmpeg stopped (error 1)')];
    expect(await player.settled()).toMatchObject({ state: 'failed', hasSound: false, notices });
  });

  it('is missing for sound leaves the picture, and a sentence', async () => {
    const ffmpeg = await standIn('noSound', listing('libx264'));
    await using playback = await TestPlayback.create({ ffmpeg });
    using player = await playback.open(aac);
    expect(player.media).toMatchObject({ state: 'ready', hasSound: false });
    expect(player.media.notices).toEqual([expect.stringContaining('neither MP3')]);
    expect((await fetch(player.media.videoUrl!, { method: 'HEAD' })).status).toBe(200);
  });

  it('is missing for the picture leaves single pictures, and a sentence', async () => {
    const ffmpeg = await standIn('noVideo', listing('libmp3lame'));
    await using playback = await TestPlayback.create({ ffmpeg });
    using player = await playback.open(mpeg4);
    expect(player.media).toMatchObject({ state: 'failed', hasSound: false });
    expect(player.media).not.toHaveProperty('videoUrl');
    expect(player.media.notices).toEqual([expect.stringContaining('neither H.264 nor VP8')]);
    expect((await fetch(`${player.media.frameUrl}/0.jpg`)).status).toBe(200);
  });
});

describe('a copy that cannot be made', () => {
  it.each([
    [
      'the disk is full',
      'full',
      'echo "No space left on device" >&2; exit 1',
      'no room on the disk',
    ],
    ['ffmpeg crashes', 'crash', 'kill -SEGV $$', 'SIGSEGV'],
    ['ffmpeg fails', 'fails', 'exit 7', 'error 7'],
    ['ffmpeg hangs', 'hangs', 'sleep 1000', 'gave no sign'],
  ])('because %s leaves the picture, and a sentence', async (_, name, fate, sentence) => {
    const ffmpeg = await standIn(name, { framecrc: fate });
    await using playback = await TestPlayback.create({ ffmpeg, stallMs: 1500 });
    using player = await playback.open(aac);
    const media = await player.settled();
    expect(media).toMatchObject({ state: 'failed', hasSound: false });
    expect(media).not.toHaveProperty('progress');
    expect(media.notices).toEqual([expect.stringContaining(sentence)]);
    expect((await fetch(media.videoUrl!, { method: 'HEAD' })).status).toBe(200);
    expect(await playback.files()).toEqual([]);
  });

  /** An ffmpeg that fails the first time. */
  const failsOnce = (name: string): Promise<string> => {
    const tried = folder.path(`${name}.tried`);
    return standIn(name, { framecrc: `[ -e "${tried}" ] || { touch "${tried}"; exit 1; }` });
  };

  it('may be made when it is opened again', async () => {
    await using playback = await TestPlayback.create({ ffmpeg: await failsOnce('closed') });
    const first = await playback.open(aac);
    expect(await first.settled()).toMatchObject({ state: 'failed' });
    first.close();
    using second = await playback.open(aac);
    expect(await second.settled()).toMatchObject({ state: 'ready', hasSound: true });
  });

  it('is tried again by whoever opens it, for those who have it open too', async () => {
    await using playback = await TestPlayback.create({ ffmpeg: await failsOnce('open') });
    using first = await playback.open(aac);
    expect(await first.settled()).toMatchObject({ state: 'failed' });
    using second = await playback.open(aac);
    expect(await second.settled()).toMatchObject({ state: 'ready', hasSound: true });
    expect(await first.settled()).toEqual(second.media);
  });

  it('says so when there is no ffmpeg', async () => {
    await using playback = await TestPlayback.create({ ffmpeg: folder.path('nothing') });
    await expect(playback.open(aac)).rejects.toMatchObject({ code: 'ffmpeg.missing' });
  });
});

describe('the room for copies', () => {
  it('is kept, but not at the cost of what is played', async () => {
    await using playback = await TestPlayback.create({ copiesMaxBytes: 1 });
    const [first, second] = [await playback.open(aac), await playback.open(mpeg4)];
    await first.settled();
    await second.settled();
    const both = await playback.files();
    expect(both).toHaveLength(2);
    first.close();
    await expect.poll(() => playback.files(), patiently).toHaveLength(1);
    expect((await fetch(second.media.videoUrl!, { method: 'HEAD' })).status).toBe(200);
    second.close();
    await expect.poll(() => playback.files(), patiently).toEqual([]);
  });
});
