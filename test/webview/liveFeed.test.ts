// @vitest-environment happy-dom
/** The player of something live, fed from a recording that grows: with a MediaSource that notes what it is given. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LiveListing } from '../../protocol/index.ts';
import { LiveFeed, edgeMarginMs, type FeedNews } from '../../webview/liveFeed.ts';
import { FakeVideo } from './fakeVideo.ts';

const fragmentMs = 2000;

/** What was recorded: fragments of two seconds, told and given as the daemon does (daemon/media/recording.ts). */
class RecordingServer {
  /** Starts of its fragments, ms, by their ids. */
  starts: number[] = [];
  isLive = true;
  /** Beginnings: from which fragment on each is in force, and its codecs. */
  inits = [{ from: 0, codecs: 'avc1.64001f' }];
  failure: (() => Response) | undefined;
  readonly asked: string[] = [];

  fetch = (address: string): Promise<Response> => {
    const [what = '', id = ''] = address.replace('http://live/', '').split(/[/?]/);
    this.asked.push(`${what}/${id}`);
    if (this.failure) return Promise.resolve(this.failure());
    if (what !== 'list') return Promise.resolve(new Response(`${what}/${id}`));
    return Promise.resolve(Response.json(this.#listing(id)));
  };

  #listing(query: string): LiveListing {
    const [key, value] = query.split('=');
    const ids = this.starts.map((_, id) => id);
    const first =
      key === 'behind'
        ? Number(value) + 1
        : this.starts.findIndex((startMs) => startMs + fragmentMs > Number(value));
    const endMs = (this.starts.at(-1) ?? -fragmentMs) + fragmentMs;
    return {
      startMs: this.starts[0] ?? 0,
      endMs,
      ...(this.isLive ? { live: { liveMs: endMs + 500, state: 'live' } } : {}),
      inits: this.inits.map(({ codecs }, id) => ({ id, codecs })),
      fragments: (first < 0 ? [] : ids.slice(first)).map((id) => ({
        id,
        init: this.inits.findLastIndex(({ from }) => from <= id),
        startMs: this.starts[id]!,
        endMs: this.starts[id]! + fragmentMs,
        offsetMs: this.starts[id]!,
      })),
    };
  }
}

/** Keeps stretches of media time, as a player does, and notes what came. */
class NotingBuffer extends EventTarget {
  timestampOffset = 0;
  readonly given: string[] = [];
  readonly types: string[] = [];
  stretches: { start: number; end: number }[] = [];
  refuses = false;

  get buffered(): Pick<TimeRanges, 'length' | 'start' | 'end'> {
    const { stretches } = this;
    return {
      length: stretches.length,
      start: (index) => stretches[index]!.start,
      end: (index) => stretches[index]!.end,
    };
  }

  appendBuffer(bytes: ArrayBuffer): void {
    const name = new TextDecoder().decode(bytes);
    this.given.push(name);
    if (name.startsWith('fragment')) this.#keep(this.timestampOffset);
    this.#end(this.refuses ? 'error' : 'updateend');
  }

  remove(from: number, to: number): void {
    this.stretches = this.stretches.flatMap(({ start, end }) =>
      end <= to ? [] : [{ start: Math.max(start, start < to && from <= start ? to : start), end }],
    );
    this.#end('updateend');
  }

  changeType(type: string): void {
    this.types.push(type);
  }

  #keep(start: number): void {
    const end = start + fragmentMs / 1000;
    const last = this.stretches.at(-1);
    if (last?.end === start) last.end = end;
    else this.stretches.push({ start, end });
  }

  #end(event: string): void {
    queueMicrotask(() => void this.dispatchEvent(new Event(event)));
  }
}

class NotingSource extends EventTarget {
  static made: NotingSource[] = [];
  static takes: (type: string) => boolean = () => true;
  static isTypeSupported = (type: string): boolean => NotingSource.takes(type);
  readyState = 'closed';
  duration = 0;
  seekable: readonly number[] = [];
  readonly buffer = new NotingBuffer();

  constructor() {
    super();
    NotingSource.made.push(this);
  }

  addSourceBuffer(type: string): NotingBuffer {
    this.buffer.types.push(type);
    return this.buffer;
  }

  setLiveSeekableRange(start: number, end: number): void {
    this.seekable = [start, end];
  }
}

const server = (): RecordingServer => current.server;
const current = { server: new RecordingServer() };
let video: FakeVideo;
let news: FeedNews[];
let problems: [string, string][];
let feed: LiveFeed;

/** Begins to play; the element knows the size of the picture as soon as it is given one. */
function begin({ isAtEdge = true, fromMs = 0 } = {}): NotingSource {
  feed = new LiveFeed(video.element, {
    ...{ url: 'http://live', isAtEdge, fromMs },
    onNews: (each) => void news.push(each),
    onProblem: (kind, detail) => void problems.push([kind, detail]),
  });
  const source = NotingSource.made.at(-1)!;
  source.readyState = 'open';
  source.dispatchEvent(new Event('sourceopen'));
  return source;
}

/** So many looks at what is new. */
const look = (times = 1): Promise<unknown> => vi.advanceTimersByTimeAsync(1000 * times);

beforeEach(() => {
  vi.useFakeTimers();
  current.server = new RecordingServer();
  server().starts = Array.from({ length: 30 }, (_, id) => id * fragmentMs);
  NotingSource.made = [];
  NotingSource.takes = () => true;
  vi.stubGlobal('MediaSource', NotingSource);
  vi.stubGlobal('fetch', server().fetch);
  vi.spyOn(URL, 'createObjectURL').mockReturnValue('blob:live');
  vi.spyOn(URL, 'revokeObjectURL').mockReturnValue();
  video = new FakeVideo();
  Object.defineProperty(video.element, 'readyState', { value: 4 });
  [news, problems] = [[], []];
});
afterEach(() => {
  feed.dispose();
  vi.useRealTimers();
  vi.unstubAllGlobals();
  vi.restoreAllMocks();
});

describe('LiveFeed', () => {
  it('begins near the newest of what runs, and goes on as it grows', async () => {
    const { buffer } = begin();
    await look();
    expect(video.currentTime).toBe(60 - edgeMarginMs / 1000);
    expect(buffer.given).toEqual(['init/0', 'fragment/29']);
    server().starts.push(60_000);
    await look();
    expect(buffer.given.at(-1)).toBe('fragment/30');
    expect(news.at(-1)).toEqual({ startMs: 0, endMs: 62_000, liveMs: 62_500 });
    expect(NotingSource.made[0]!.seekable).toEqual([0, 62]);
    expect(feed.edgeMs).toBe(60_000);
  });

  it('begins where it was told, and fetches no more than is played soon', async () => {
    const { buffer } = begin({ isAtEdge: false, fromMs: 7000 });
    await look(3);
    expect(video.currentTime).toBe(7);
    expect(buffer.given.slice(0, 2)).toEqual(['init/0', 'fragment/3']);
    expect(buffer.given.at(-1)).toBe('fragment/13');
    video.currentTime = 12;
    await look();
    expect(buffer.given.at(-1)).toBe('fragment/16');
  });

  it('fetches anew where a jump goes', async () => {
    const { buffer } = begin();
    await look();
    video.currentTime = 10;
    video.say('seeking');
    await look();
    expect(buffer.given[2]).toBe('fragment/5');
    expect(new Set(buffer.given).size).toBe(buffer.given.length);
  });

  it('goes over a hole in the recording', async () => {
    server().starts = [0, 2000, 30_000, 32_000];
    const { buffer } = begin({ isAtEdge: false, fromMs: 0 });
    await look();
    video.currentTime = 4;
    await look(2);
    expect(buffer.stretches).toEqual([
      { start: 0, end: 4 },
      { start: 30, end: 34 },
    ]);
    expect(video.currentTime).toBeCloseTo(30, 2);
  });

  it('gives a new beginning where the picture changes', async () => {
    server().inits.push({ from: 2, codecs: 'avc1.640028' });
    const { buffer } = begin({ isAtEdge: false, fromMs: 0 });
    await look(2);
    expect(buffer.given.slice(0, 5)).toEqual([
      ...['init/0', 'fragment/0', 'fragment/1', 'init/1', 'fragment/2'],
    ]);
    expect(buffer.types).toEqual([
      'video/mp4; codecs="avc1.64001f"',
      'video/mp4; codecs="avc1.640028"',
    ]);
  });

  it('forgets what was played long ago', async () => {
    server().starts = Array.from({ length: 200 }, (_, id) => id * fragmentMs);
    const { buffer } = begin({ isAtEdge: false, fromMs: 0 });
    for (let second = 0; second < 200; second++) {
      video.currentTime = second;
      await look();
    }
    expect(buffer.stretches).toHaveLength(1);
    expect(buffer.stretches[0]!.start).toBeGreaterThan(60);
    expect(buffer.stretches[0]!.start).toBeLessThan(141);
    expect(buffer.stretches[0]!.end).toBeGreaterThan(200);
  });

  it('knows the recorded moment that is nearest', async () => {
    begin();
    expect(feed.nearest(99_000)).toBe(99_000);
    await look();
    expect([feed.nearest(-5), feed.nearest(7000), feed.nearest(99_000)]).toEqual([0, 7000, 60_000]);
  });

  it('takes an address for dead when it fails again and again, not once', async () => {
    begin();
    await look();
    server().failure = () => new Response(null, { status: 500 });
    await look(4);
    server().failure = undefined;
    await look();
    server().failure = () => new Response(null, { status: 404 });
    await look(4);
    expect(problems).toEqual([]);
    await look();
    expect(problems).toEqual([['address', expect.stringContaining('404')]]);
    const { length } = server().asked;
    await look(5);
    expect(server().asked).toHaveLength(length);
  });

  it('says at once when the player cannot decode it', async () => {
    NotingSource.takes = () => false;
    begin();
    await look();
    expect(problems).toEqual([['decoder', expect.stringContaining('avc1.64001f')]]);
  });

  it('says when the player refuses a fragment', async () => {
    begin().buffer.refuses = true;
    await look();
    expect(problems).toEqual([['decoder', 'the player refuses a fragment']]);
  });

  it('asks for nothing once it is disposed', async () => {
    begin();
    await look();
    feed.dispose();
    const { length } = server().asked;
    await look(3);
    expect(server().asked).toHaveLength(length);
    expect(problems).toEqual([]);
  });
});
