/** Streams as they come over a network: a real ffmpeg, a real server that stalls, breaks off, changes and ends. */
import { readFile, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { delimiter } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { systemClock } from '../../daemon/base/clock.ts';
import type { Cue } from '../../daemon/media/captionSource.ts';
import { LiveHearing } from '../../daemon/media/liveHearing.ts';
import { LiveSource, liveLimits, type LiveLimits } from '../../daemon/media/liveSource.ts';
import { Transcriber } from '../../daemon/media/transcriber.ts';
import { streamInput } from '../../daemon/media/streamAddress.ts';
import type { Frame, SourceGap } from '../../daemon/media/frameSource.ts';
import {
  createTemporaryFolder,
  runFfmpeg,
  writeScript,
  type TemporaryFolder,
} from '../helpers/fixtures.ts';
import type { LiveState } from '../../protocol/index.ts';
import { LiveHls, makePieces, pieceNumber } from '../helpers/liveHls.ts';
import { startTranscriber } from '../helpers/transcriberServer.ts';
import { processesWith } from '../../scripts/processes.ts';

const running = new AbortController().signal;
const limits: LiveLimits = {
  ...liveLimits,
  ...{ stallMs: 4000, quietMs: 1500, backOffMs: [200], giveUpMs: 2000, gapToleranceMs: 700 },
};

/** What a session would be given of a stream. */
class Watched {
  readonly frames: Frame[] = [];
  readonly gaps: SourceGap[] = [];
  readonly cues: Cue[] = [];
  readonly troubles: string[] = [];
  readonly source: LiveSource;
  readonly #hearing: LiveHearing;

  constructor(
    url: string,
    onTrouble: () => void = () => undefined,
    onCondition: (state: LiveState) => void = () => undefined,
    { transcriber, giveUpMs = limits.giveUpMs }: { transcriber?: string; giveUpMs?: number } = {},
  ) {
    const tell = (sentence: string): void => {
      this.troubles.push(sentence);
      onTrouble();
    };
    this.#hearing = new LiveHearing({
      ...{ clock: systemClock, onTrouble: tell },
      ...(transcriber === undefined ? {} : { transcriber: new Transcriber(transcriber) }),
    });
    this.source = new LiveSource({
      ...{ onCondition, onTrouble: tell, hearing: this.#hearing },
      ...streamInput({ kind: 'stream', url }, 2, systemClock),
      ffmpeg: () => Promise.resolve('ffmpeg'),
      ...{ frameRateFps: 2, clock: systemClock, limits: { ...limits, giveUpMs } },
    });
  }

  /** Watches to the end, or until `isEnough`. */
  async watch(isEnough: () => boolean = () => false, signal = running): Promise<void> {
    await using hearing = this.#hearing;
    await this.source.probe({ signal });
    for await (const item of this.source.open({ signal })) {
      if (item.kind === 'gap') this.gaps.push(item.gap);
      else {
        this.frames.push(item.frame);
        this.cues.push(...this.#hearing.due(item.frame.ptsMs));
      }
      if (isEnough()) return;
    }
    await hearing.settled({ signal });
    this.cues.push(...hearing.due(Infinity));
  }

  get numbers(): number[] {
    return this.frames.map(pieceNumber);
  }

  get times(): number[] {
    return this.frames.map(({ ptsMs }) => ptsMs);
  }
}

async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await systemClock.sleep(20, { signal: running });
}

const ascending = (values: readonly number[]): boolean =>
  values.every((value, index) => index === 0 || values[index - 1]! <= value);

/** A stream that has an end. */
async function serveFile(path: string): Promise<{ readonly url: string } & AsyncDisposable> {
  const bytes = await readFile(path);
  const server = createServer((_request, response) => {
    response.end(bytes);
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/spoken.mkv`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => {
        server.close(resolve);
      });
    },
  };
}

let folder: TemporaryFolder;
beforeAll(async () => {
  folder = await createTemporaryFolder();
  await makePieces(folder);
});
afterAll(() => folder[Symbol.asyncDispose]());

let hls: LiveHls;
beforeEach(async () => {
  hls = await LiveHls.start(folder);
});
afterEach(async () => {
  const left = processesWith(hls.origin);
  await hls[Symbol.asyncDispose]();
  expect(left).toEqual([]);
});

describe('a live stream', () => {
  it('begins at its live edge, keeps its own pace on the grid, and ends when it says so', async () => {
    const watched = new Watched(hls.url);
    await watched.watch(() => {
      if (watched.frames.length === 6) hls.end();
      return false;
    });
    const { numbers, times, gaps } = watched;
    expect(numbers[0]).toBeGreaterThanOrEqual(2);
    expect(numbers.length).toBeGreaterThanOrEqual(6);
    expect(ascending(numbers)).toBe(true);
    expect(times[0]).toBe(0);
    expect(times.every((time) => time % 500 === 0)).toBe(true);
    expect(new Set(times).size).toBe(times.length);
    expect(gaps).toEqual([]);
  });

  it('is started again after a stall, with a gap for what was missed', async () => {
    const watched = new Watched(hls.url, () => {
      hls.mend();
    });
    let before = 0;
    await watched.watch(() => {
      if (watched.frames.length === 4) hls.stall();
      if (watched.gaps.length === 0) before = watched.frames.length;
      return watched.gaps.length > 0 && watched.frames.length >= before + 3;
    });
    const [gap] = watched.gaps;
    expect(gap).toMatchObject({ isFailure: false, reason: 'The source gave no more pictures.' });
    expect(gap!.startMs).toBe(watched.times[before - 1]! + 500);
    expect(watched.times[before]).toBe(gap!.endMs);
    expect(watched.troubles[0]).toBe('The source gave no more pictures.');
  });

  it('is left alone while it is paused, with a gap for what was missed', async () => {
    const states: string[] = [];
    const watched = new Watched(hls.url, undefined, (state) => {
      states.push(state);
      // Nothing of it is read any more when that is told.
      if (state === 'paused') {
        void until(() => processesWith(hls.origin).length === 0).then(() => {
          watched.source.setPaused(false);
        });
      }
    });
    let before = 0;
    await watched.watch(() => {
      if (watched.frames.length === 4 && watched.gaps.length === 0) watched.source.setPaused(true);
      if (watched.gaps.length === 0) before = watched.frames.length;
      return watched.frames.length >= Math.max(before + 2, 7);
    });
    expect(states).toEqual(['live', 'paused', 'reconnecting', 'live']);
    expect(ascending(watched.times)).toBe(true);
    // A pause that is shorter than what counts as a gap is none.
    for (const { reason } of watched.gaps.slice(0, 1)) expect(reason).toBe('Watching was paused.');
  });

  it('says that it gives no pictures, before it is given up', async () => {
    const states: string[] = [];
    const watched = new Watched(hls.url, undefined, (state) => {
      states.push(state);
      if (state === 'silent') hls.mend();
    });
    await watched.watch(() => {
      if (watched.frames.length === 4) hls.stall();
      return states.includes('silent') && states.at(-1) === 'live';
    });
    expect(states.slice(0, 2)).toEqual(['live', 'silent']);
  });

  it('comes back after its connections were cut', async () => {
    const watched = new Watched(hls.url, () => {
      if (watched.troubles.includes('The source did not come back.')) hls.mend();
    });
    await watched.watch(() => {
      if (watched.frames.length === 4) hls.cut();
      return watched.gaps.length > 0 && watched.frames.length >= 8;
    });
    expect(watched.gaps).toHaveLength(1);
    expect(ascending(watched.times)).toBe(true);
    expect(watched.numbers.at(-1)).toBeGreaterThan(watched.numbers[3]!);
  });

  it('goes on in another size', async () => {
    const watched = new Watched(hls.url);
    const widths = (): number[] => watched.frames.map(({ width }) => width);
    await watched.watch(() => {
      if (watched.frames.length === 3) hls.enlarge();
      return widths().filter((width) => width === 640).length >= 3;
    });
    expect(ascending(widths())).toBe(true);
    expect([...new Set(widths())]).toEqual([320, 640]);
    for (const { width, height, data } of watched.frames) {
      expect(data.length).toBe(width * height * 3);
    }
  });

  it('fails when it does not come back, with a gap up to then', async () => {
    const watched = new Watched(hls.url);
    const watching = watched.watch(() => {
      if (watched.frames.length === 3) hls.cut();
      return false;
    });
    await expect(watching).rejects.toMatchObject({ code: 'stream.lost' });
    expect(watched.gaps).toHaveLength(1);
    expect(watched.gaps[0]!.startMs).toBe(watched.times.at(-1)! + 500);
  });

  it('is left at once when it is stopped', async () => {
    const watched = new Watched(hls.url);
    const controller = new AbortController();
    const watching = watched.watch(() => {
      if (watched.frames.length === 2) controller.abort();
      return false;
    }, controller.signal);
    await expect(watching).rejects.toMatchObject({ name: 'AbortError' });
  });
});

describe('captions of a stream', () => {
  it('stand where the pictures stand that they speak of, behind a failure and a gap', async () => {
    const mend = (): void => {
      if (watched.troubles.includes('The source did not come back.')) hls.mend();
    };
    const watched = new Watched(hls.captionedUrl, mend, undefined, { giveUpMs: 10_000 });
    const { cues, frames, gaps, troubles } = watched;
    let before = 0;
    hls.failCaptions();
    await watched.watch(() => {
      if (cues.length === 1) hls.cut();
      if (gaps.length === 0) before = cues.length;
      return gaps.length > 0 && cues.length > before;
    });
    expect(gaps).toHaveLength(1);
    expect(before).toBeGreaterThanOrEqual(1);
    expect(troubles[0]).toBe('The captions of a stream cannot be read.');
    expect(new Set(cues.map(({ text }) => text)).size).toBe(cues.length);
    for (const { text, startMs, endMs } of cues) {
      expect(endMs - startMs).toBe(500);
      // They begin and end within a piece, of which two pictures are taken.
      const shown = frames.filter(({ ptsMs }) => Math.abs(ptsMs - startMs) <= 500);
      expect(shown.map((frame) => `piece ${pieceNumber(frame)}`)).toContain(text);
    }
  });

  it('come out of the ffmpeg that gives the pictures, where they are among the streams', async () => {
    const spoken = ['00:00:00,250 --> 00:00:00,750\nOne', '00:00:01,000 --> 00:00:01,500\nTwo'];
    const cues = spoken.map((cue, index) => `${index + 1}\n${cue}\n`);
    await writeFile(folder.path('spoken.srt'), cues.join('\n'));
    const picture = ['-f', 'lavfi', '-i', 'color=c=gray:size=64x48:rate=2:duration=2.5'];
    const codecs = ['-c:v', 'libx264', '-c:s', 'subrip'];
    await runFfmpeg([
      ...picture,
      ...['-i', folder.path('spoken.srt')],
      ...codecs,
      folder.path('spoken.mkv'),
    ]);
    await using server = await serveFile(folder.path('spoken.mkv'));
    const watched = new Watched(server.url);
    await watched.watch();
    expect(watched.times).toEqual([0, 500, 1000, 1500, 2000]);
    expect(watched.cues).toEqual([
      { startMs: 250, endMs: 750, text: 'One' },
      { startMs: 1000, endMs: 1500, text: 'Two' },
    ]);
  });
});

describe('what is spoken in a stream', () => {
  it('is cut out of its silence, sent to the transcriber, and stands where it was spoken', async () => {
    const tones = '0.3*sin(2*PI*300*t)*(between(t,1,1.8)+between(t,3,3.5))';
    await runFfmpeg([
      ...['-f', 'lavfi', '-i', 'color=c=gray:size=64x48:rate=2:duration=4'],
      ...[
        '-f',
        'lavfi',
        '-i',
        `aevalsrc='${tones}':sample_rate=44100:channel_layout=stereo:duration=4`,
      ],
      ...['-c:v', 'libx264', '-c:a', 'aac', folder.path('spoken.mkv')],
    ]);
    await using transcriber = await startTranscriber();
    await using server = await serveFile(folder.path('spoken.mkv'));
    const watched = new Watched(server.url, undefined, undefined, {
      transcriber: transcriber.origin,
    });
    await watched.watch();
    expect(transcriber.problems).toEqual([]);
    expect(transcriber.heard).toHaveLength(2);
    for (const { seconds } of transcriber.heard) expect(seconds).toBeLessThan(1.6);
    expect(watched.troubles.slice(0, -1)).toEqual([]);
    expect(watched.cues.map(({ text, origin }) => [text, origin])).toEqual([
      ['Heard.', 'speech'],
      ['Heard.', 'speech'],
    ]);
    for (const [index, { startMs }] of watched.cues.entries()) {
      expect(Math.abs(startMs - [1000, 3000][index]!)).toBeLessThan(400);
    }
  });

  it('is nothing where a stream has no sound; captions are not asked for where it has none', async () => {
    await using transcriber = await startTranscriber();
    const watched = new Watched(hls.url, undefined, undefined, { transcriber: transcriber.origin });
    await watched.watch(() => watched.frames.length === 2);
    expect(watched.troubles).toEqual([
      'This stream has no sound: nothing that is spoken is heard.',
    ]);
    expect(transcriber.heard).toEqual([]);
    expect(hls.captionRequests).toBe(0);
  });
});

describe('an address that gives no pictures', () => {
  it.each([
    ['a server that has it not', () => `${hls.origin}/other.m3u8`, 'stream.unreachable'],
    ['nobody there', () => 'http://127.0.0.1:9/live.m3u8', 'stream.unreachable'],
    ['a page, and no tool that reads it', () => `${hls.origin}/page`, 'page.toolMissing'],
  ])('says why: %s', async (_what, url, code) => {
    await using empty = await createTemporaryFolder();
    await withPath(empty.path(''), async () => {
      await expect(new Watched(url()).watch()).rejects.toMatchObject({ code });
    });
  });
});

describe('a page', () => {
  it("is resolved by the user's tool, at every start", async () => {
    await using tools = await createTemporaryFolder();
    const found = JSON.stringify({ url: hls.url, http_headers: { Referer: hls.origin } });
    await writeScript(tools.path('yt-dlp'), `echo '${found}'; echo "$@" >> ${tools.path('calls')}`);
    await withPath(tools.path(''), async () => {
      const watched = new Watched(`${hls.origin}/page`);
      await watched.watch(() => watched.frames.length === 2);
      expect(watched.numbers[0]).toBeGreaterThanOrEqual(2);
    });
  });

  it("names the tool, its version and the tool's own words when that finds nothing", async () => {
    await using tools = await createTemporaryFolder();
    const script =
      'if [ "$1" = --version ]; then echo 2026.01.02; exit; fi\necho "ERROR: private" >&2; exit 1';
    await writeScript(tools.path('yt-dlp'), script);
    await withPath(tools.path(''), async () => {
      const watching = new Watched(`${hls.origin}/page`).watch();
      await expect(watching).rejects.toMatchObject({
        code: 'page.toolFailed',
        message: 'No video was found in this web page (yt-dlp 2026.01.02: ERROR: private).',
      });
    });
  });
});

/** Tools are looked up on the PATH: those of `folder` come first, those of this machine's user not at all. */
async function withPath(folder: string, work: () => Promise<void>): Promise<void> {
  const before = process.env['PATH'] ?? '';
  process.env['PATH'] = [folder, '/usr/bin', '/bin'].join(delimiter);
  try {
    await work();
  } finally {
    process.env['PATH'] = before;
  }
}
