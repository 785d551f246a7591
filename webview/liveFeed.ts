/** Gives a `<video>` the recording of a live session, fragment by fragment, in the session's own media time. */
import type { LiveListing } from '../protocol/index.ts';

/** What the page learns of a recording with each look at it. */
export interface FeedNews {
  readonly startMs: number;
  readonly endMs: number;
  /** The present in media time; absent when the session is over. */
  readonly liveMs?: number;
}

export interface LiveFeedParts {
  readonly url: string;
  /** Begin at the newest, as long as the session runs. */
  readonly isAtEdge: boolean;
  /** Where to begin otherwise. */
  readonly fromMs: number;
  readonly onNews: (news: FeedNews) => void;
  /** Nothing more can be played: the address is dead, or the player cannot decode it. */
  readonly onProblem: (kind: 'address' | 'decoder', detail: string) => void;
}

type Entry = LiveListing['fragments'][number];

const lookMs = 1000;
/** So much is fetched ahead of the player; and kept behind it, for a jump back that needs no fetching. */
const aheadMs = 20_000;
const behindMs = 60_000;
/** As near to the newest as a player can be without running dry between two fragments. */
export const edgeMarginMs = 2000;
/** A hole that is smaller is played over by itself. */
const holeMs = 50;
/** An address that fails so often in a row is dead. */
const mostFailures = 5;

/** One for each address; a new one is made when the player must begin anew. */
export class LiveFeed {
  /** What the element is to load. */
  readonly objectUrl: string;
  readonly #video: HTMLVideoElement;
  readonly #parts: LiveFeedParts;
  readonly #life = new AbortController();
  readonly #source = new MediaSource();
  #buffer: SourceBuffer | undefined;
  #codecs: string | undefined;
  /** The beginning that was given last. */
  #init: number | undefined;
  /** The fragment that was given last; undefined when the next one is to be looked for by its time. */
  #last: Entry | undefined;
  #newest: FeedNews | undefined;
  /** Where the player is to go as soon as something is there. */
  #wantedMs: number | undefined;
  #isLooking = false;
  #failures = 0;
  readonly #timer: ReturnType<typeof setInterval>;

  constructor(video: HTMLVideoElement, parts: LiveFeedParts) {
    this.#video = video;
    this.#parts = parts;
    this.#wantedMs = parts.isAtEdge ? undefined : parts.fromMs;
    this.objectUrl = URL.createObjectURL(this.#source);
    const { signal } = this.#life;
    const look = (): void => void this.#look();
    this.#source.addEventListener('sourceopen', look, { signal });
    video.addEventListener('seeking', look, { signal });
    this.#timer = setInterval(look, lookMs);
  }

  /** Where the newest can be played without running dry; undefined before anything is known. */
  get edgeMs(): number | undefined {
    const news = this.#newest;
    return news && Math.max(news.startMs, news.endMs - edgeMarginMs);
  }

  /** The moment nearest to a wished one that is recorded. */
  nearest(atMs: number): number {
    const news = this.#newest;
    return news ? Math.min(Math.max(atMs, news.startMs), news.endMs) : atMs;
  }

  dispose(): void {
    clearInterval(this.#timer);
    this.#life.abort();
    URL.revokeObjectURL(this.objectUrl);
  }

  /** It may be disposed while something is awaited. */
  #isDisposed(): boolean {
    return this.#life.signal.aborted;
  }

  /** Looks what there is, and gives the player what it lacks. Never fails. */
  async #look(): Promise<void> {
    if (this.#isLooking || this.#isDisposed() || this.#source.readyState !== 'open') return;
    this.#isLooking = true;
    try {
      await this.#fill();
      this.#failures = 0;
    } catch (error) {
      if (!this.#isDisposed()) this.#failed(error);
    } finally {
      this.#isLooking = false;
    }
  }

  #failed(error: unknown): void {
    const detail = error instanceof Error ? error.message : String(error);
    const isDead = error instanceof TypeError || error instanceof AddressError;
    if (isDead && ++this.#failures < mostFailures) return;
    this.dispose();
    this.#parts.onProblem(isDead ? 'address' : 'decoder', detail);
  }

  async #fill(): Promise<void> {
    const atMs = this.#wantedMs ?? this.#video.currentTime * 1000;
    const isInside = this.#wantedMs === undefined && this.#bufferedEnd(atMs) !== undefined;
    if (!isInside) this.#last = undefined;
    const listing = await this.#list(atMs);
    this.#tell(listing);
    if (!this.#buffer && this.#wantedMs === undefined) {
      // The first look was only to learn where the newest is.
      this.#wantedMs = listing.live ? (this.edgeMs ?? 0) : this.nearest(this.#parts.fromMs);
      if (listing.fragments.length > 0) await this.#give(await this.#list(this.#wantedMs));
    } else await this.#give(listing);
    this.#settle();
    await this.#forget();
  }

  async #list(atMs: number): Promise<LiveListing> {
    const query = this.#last ? `behind=${this.#last.id}` : `from=${Math.max(0, Math.round(atMs))}`;
    return (await this.#fetch(`list?${query}`)).json() as Promise<LiveListing>;
  }

  #tell({ startMs, endMs, live }: LiveListing): void {
    this.#newest = { startMs, endMs, ...(live ? { liveMs: live.liveMs } : {}) };
    if (this.#buffer) {
      this.#source.setLiveSeekableRange(startMs / 1000, Math.max(startMs, endMs) / 1000);
    }
    this.#parts.onNews(this.#newest);
  }

  async #give({ inits, fragments }: LiveListing): Promise<void> {
    for (const fragment of fragments) {
      const atMs = this.#wantedMs ?? this.#video.currentTime * 1000;
      const isFarAhead = fragment.startMs > atMs + aheadMs;
      if (this.#last && isFarAhead && !this.#isDry(atMs)) return;
      const codecs = inits.find(({ id }) => id === fragment.init)?.codecs;
      if (codecs === undefined) return;
      const buffer = this.#bufferFor(codecs);
      if (fragment.init !== this.#init) {
        await this.#append(buffer, await this.#bytes(`init/${fragment.init}`));
        this.#init = fragment.init;
      }
      const bytes = await this.#bytes(`fragment/${fragment.id}`);
      const offset = fragment.offsetMs / 1000;
      if (buffer.timestampOffset !== offset) buffer.timestampOffset = offset;
      await this.#append(buffer, bytes);
      this.#last = fragment;
      this.#settle();
    }
  }

  #bufferFor(codecs: string): SourceBuffer {
    const type = `video/mp4; codecs="${codecs}"`;
    if (!MediaSource.isTypeSupported(type)) throw new Error(`the player does not take ${type}`);
    if (!this.#buffer) {
      this.#source.duration = Infinity;
      this.#buffer = this.#source.addSourceBuffer(type);
      const { startMs = 0, endMs = 0 } = this.#newest ?? {};
      this.#source.setLiveSeekableRange(startMs / 1000, endMs / 1000);
    } else if (codecs !== this.#codecs) {
      this.#buffer.changeType(type);
    }
    this.#codecs = codecs;
    return this.#buffer;
  }

  /** Brings the player to where it is to be, and over a hole that nothing will fill. */
  #settle(): void {
    const video = this.#video;
    if (this.#wantedMs !== undefined) {
      const start = this.#firstFrom(this.#wantedMs);
      if (start === undefined || video.readyState === HTMLMediaElement.HAVE_NOTHING) return;
      this.#wantedMs = undefined;
      video.currentTime = start / 1000;
      return;
    }
    const atMs = video.currentTime * 1000;
    if (!this.#isDry(atMs)) return;
    const next = this.#firstFrom((this.#bufferedEnd(atMs) ?? atMs) + 1);
    if (next !== undefined && next > atMs) video.currentTime = next / 1000 + 0.001;
  }

  /** The first moment from one on that can be played. */
  #firstFrom(atMs: number): number | undefined {
    for (const { startMs, endMs } of this.#stretches()) {
      if (endMs > atMs + 1) return Math.max(startMs, atMs);
    }
    return undefined;
  }

  /** Whether there is nothing to play from here on but what lies behind a hole, however far. */
  #isDry(atMs: number): boolean {
    const endMs = this.#bufferedEnd(atMs);
    return endMs === undefined || endMs - atMs <= holeMs;
  }

  #bufferedEnd(atMs: number): number | undefined {
    const inside = this.#stretches().find(
      ({ startMs, endMs }) => startMs - holeMs <= atMs && atMs <= endMs + holeMs,
    );
    return inside?.endMs;
  }

  #stretches(): readonly { startMs: number; endMs: number }[] {
    const ranges = this.#buffer?.buffered;
    return Array.from({ length: ranges?.length ?? 0 }, (_, index) => ({
      startMs: ranges!.start(index) * 1000,
      endMs: ranges!.end(index) * 1000,
    }));
  }

  /** A player that plays for hours keeps only what is near. */
  async #forget(): Promise<void> {
    const [first] = this.#stretches();
    const untilMs = this.#video.currentTime * 1000 - behindMs;
    if (!this.#buffer || !first || first.startMs >= untilMs - behindMs) return;
    const done = this.#updated(this.#buffer);
    this.#buffer.remove(0, untilMs / 1000);
    await done;
  }

  async #append(buffer: SourceBuffer, bytes: ArrayBuffer): Promise<void> {
    const done = this.#updated(buffer);
    buffer.appendBuffer(bytes);
    await done;
  }

  #updated(buffer: SourceBuffer): Promise<void> {
    return new Promise((resolve, reject) => {
      const { signal } = this.#life;
      const end = (run: () => void) => () => {
        listening.abort();
        run();
      };
      const listening = new AbortController();
      const options = { signal: listening.signal };
      buffer.addEventListener('updateend', end(resolve), options);
      buffer.addEventListener(
        'error',
        end(() => {
          reject(new Error('the player refuses a fragment'));
        }),
        options,
      );
      signal.addEventListener(
        'abort',
        end(() => {
          reject(new Error('disposed'));
        }),
        options,
      );
    });
  }

  async #bytes(name: string): Promise<ArrayBuffer> {
    return (await this.#fetch(name)).arrayBuffer();
  }

  async #fetch(name: string): Promise<Response> {
    const { signal } = this.#life;
    const response = await fetch(`${this.#parts.url}/${name}`, { signal });
    if (!response.ok) throw new AddressError(`${name}: ${response.status}`);
    return response;
  }
}

class AddressError extends Error {}
