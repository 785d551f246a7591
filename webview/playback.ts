/** Drives the `<video>`: keeps it where the page's state says it is, through changes of its address. */
import { mediaMs, type WebviewToHost } from '../protocol/index.ts';
import { LiveFeed, type FeedNews } from './liveFeed.ts';
import { addressOf, pictureAt } from './selectors.ts';
import type { State } from './state.ts';
import type { Store } from './store.ts';

/** Tells the log. */
type Report = (detail: string) => void;

/** Speeds that the control offers. */
export const rates: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

/** A player that follows what is live, and falls behind the newest by more than so much, jumps to it. */
const mostBehindMs = 8000;

const networkError = 2;
const sourceError = 4;

/** One player of one page. The state is the wish; what the element does comes back as `moved` and `playerChanged`. */
export class Playback {
  readonly #store: Store;
  readonly #report: Report;
  #video: HTMLVideoElement | undefined;
  /** What the element was told to load. */
  #url: string | undefined;
  /** False between a new address and its first data: what the element says of itself then is not the person's wish. */
  #isLoaded = false;
  /** Of what is live. */
  #feed: LiveFeed | undefined;
  /** What is live plays by itself, once. */
  #hasBegun = false;
  #seen: State;

  constructor(store: Store, report: Report) {
    this.#store = store;
    this.#report = report;
    this.#seen = store.state;
  }

  /** Where the player is, to the frame; the state follows it a few times a second. */
  get positionMs(): number {
    return this.#video && this.#isLoaded
      ? this.#video.currentTime * 1000
      : this.#store.state.player.positionMs;
  }

  /** Starts driving an element. @returns lets go of it */
  attach(video: HTMLVideoElement): () => void {
    this.#video = video;
    const listening = new AbortController();
    const on = (name: keyof HTMLMediaElementEventMap, handle: () => void): void => {
      video.addEventListener(name, handle, { signal: listening.signal });
    };
    on('loadedmetadata', () => {
      this.#loaded(video);
    });
    on('error', () => {
      this.#failed(video);
    });
    const whenLoaded = (name: keyof HTMLMediaElementEventMap, handle: () => void): void => {
      on(name, () => {
        if (this.#isLoaded) handle();
      });
    };
    const moved = (): void => {
      const positionMs = mediaMs(video.currentTime * 1000);
      this.#store.dispatch({ kind: 'moved', body: { positionMs } });
    };
    whenLoaded('timeupdate', moved);
    whenLoaded('seeked', moved);
    whenLoaded('play', () => {
      this.#changed({ isPlaying: true });
    });
    whenLoaded('pause', () => {
      this.#changed({ isPlaying: false, followsLive: false });
    });
    on('resize', () => {
      const { videoWidth: width, videoHeight: height } = video;
      if (this.#feed && width > 0) this.#store.dispatch({ kind: 'sized', body: { width, height } });
    });
    whenLoaded('durationchange', () => {
      this.#measured(video);
    });
    on('waiting', () => {
      this.#changed({ isWaiting: true });
    });
    for (const name of ['playing', 'canplay'] as const) {
      on(name, () => {
        this.#changed({ isWaiting: false });
      });
    }
    // The window of picture-in-picture has controls of its own.
    whenLoaded('ratechange', () => {
      this.#changed({ rate: video.playbackRate });
    });
    whenLoaded('volumechange', () => {
      this.#changed({ volume: video.volume, isMuted: video.muted });
    });
    const unsubscribe = this.#store.subscribe((state) => {
      this.#follow(video, state);
    });
    this.#follow(video, this.#store.state);
    return () => {
      listening.abort();
      unsubscribe();
      this.#feed?.dispose();
      this.#feed = undefined;
      this.#video = undefined;
      this.#url = undefined;
      this.#isLoaded = false;
    };
  }

  /** Plays when it stands, stands when it plays. */
  toggle(): void {
    const video = this.#video;
    const { isPlaying } = this.#store.state.player;
    if (!video || !this.#isLoaded) this.#changed({ isPlaying: !isPlaying });
    else if (isPlaying) video.pause();
    else void this.#play(video);
  }

  /** Plays what is newest of what is live, and keeps to it. */
  goLive(): void {
    const video = this.#video;
    this.#changed({ followsLive: true });
    const edgeMs = this.#feed?.edgeMs;
    if (!video || edgeMs === undefined) return;
    video.currentTime = edgeMs / 1000;
    if (video.paused) void this.#play(video);
  }

  pause(): void {
    if (this.#store.state.player.isPlaying) this.toggle();
  }

  /** @param rate 1 is the video's own speed */
  setRate(rate: number): void {
    this.#changed({ rate });
  }

  /** @param volume 0 … 1 */
  setVolume(volume: number): void {
    this.#changed({ volume: Math.min(1, Math.max(0, volume)), isMuted: volume <= 0 });
  }

  toggleMute(): void {
    this.#changed({ isMuted: !this.#store.state.player.isMuted });
  }

  /** Undefined where the editor's window does not offer it. */
  get togglePictureInPicture(): (() => void) | undefined {
    const video = this.#video;
    if (!document.pictureInPictureEnabled || !video) return undefined;
    return () => {
      const isIn = document.pictureInPictureElement === video;
      const change: Promise<unknown> = isIn
        ? document.exitPictureInPicture()
        : video.requestPictureInPicture();
      change.catch((error: unknown) => {
        this.#report(`picture in picture: ${String(error)}`);
      });
    };
  }

  /** Loads the same address once more. */
  reload(): void {
    if (this.#video) this.#load(this.#video, this.#store.state);
  }

  #changed(change: Partial<State['player']>): void {
    this.#store.dispatch({ kind: 'playerChanged', body: change });
  }

  /** Brings the element to where a new state wants it. */
  #follow(video: HTMLVideoElement, state: State): void {
    const before = this.#seen;
    this.#seen = state;
    const { media, player, seek, watch } = state;
    const isBack =
      media !== before.media || (before.watch.state === 'lost' && watch.state !== 'lost');
    if (addressOf(state) !== this.#url || (player.problem?.kind === 'address' && isBack)) {
      this.#load(video, state);
      return;
    }
    if (!this.#isLoaded) {
      this.#showStill(video, state);
      return;
    }
    if (player.rate !== video.playbackRate) this.#setRate(video, player.rate);
    if (player.volume !== video.volume) video.volume = player.volume;
    if (player.isMuted !== video.muted) video.muted = player.isMuted;
    if (seek.serial !== before.seek.serial) {
      video.currentTime = (this.#feed?.nearest(seek.atMs) ?? seek.atMs) / 1000;
      if (seek.play && video.paused) void this.#play(video);
    }
  }

  /** As long as nothing plays, the picture of the moment stands for it. */
  #showStill(video: HTMLVideoElement, state: State): void {
    const address = pictureAt(state, state.player.positionMs);
    if (address !== undefined && video.poster !== address) video.poster = address;
  }

  #load(video: HTMLVideoElement, state: State): void {
    this.#isLoaded = false;
    this.#url = addressOf(state);
    this.#feed?.dispose();
    this.#feed = undefined;
    this.#showStill(video, state);
    const liveUrl = state.media?.liveUrl;
    if (liveUrl !== undefined) this.#feed = this.#feedFrom(liveUrl, video, state);
    if (this.#url === undefined) video.removeAttribute('src');
    else video.src = this.#feed?.objectUrl ?? this.#url;
    video.load();
    this.#changed({ isWaiting: this.#url !== undefined });
  }

  #feedFrom(url: string, video: HTMLVideoElement, { player }: State): LiveFeed {
    return new LiveFeed(video, {
      url,
      isAtEdge: player.followsLive,
      fromMs: player.positionMs,
      onNews: (news) => {
        this.#fed(video, news);
      },
      onProblem: (kind, detail) => {
        this.#isLoaded = false;
        this.#report(detail);
        this.#store.dispatch({ kind: 'playerProblem', body: { problem: { kind, detail } } });
      },
    });
  }

  #fed(video: HTMLVideoElement, news: FeedNews): void {
    const atMs = video.currentTime * 1000;
    // A stream that comes in pieces has more than what is live by the clock.
    const lagMs = Math.max(0, Math.max(news.liveMs ?? 0, news.endMs) - atMs);
    this.#store.dispatch({ kind: 'fed', body: { news, lagMs } });
    const isRunning = news.liveMs !== undefined;
    const { followsLive } = this.#store.state.player;
    if (isRunning && followsLive && !this.#hasBegun) {
      this.#hasBegun = true;
      this.#changed({ isPlaying: true });
      if (this.#isLoaded) void this.#play(video);
    }
    const edgeMs = this.#feed?.edgeMs ?? 0;
    const isBehind = this.#isLoaded && !video.paused && edgeMs - atMs > mostBehindMs;
    if (isRunning && followsLive && isBehind) video.currentTime = edgeMs / 1000;
  }

  #loaded(video: HTMLVideoElement): void {
    const { positionMs, isPlaying, rate, volume, isMuted, problem } = this.#store.state.player;
    this.#setRate(video, rate);
    video.volume = volume;
    video.muted = isMuted;
    // What is live knows itself where it begins.
    if (positionMs > 0 && !this.#feed) video.currentTime = positionMs / 1000;
    this.#isLoaded = true;
    this.#measured(video);
    if (problem) this.#store.dispatch({ kind: 'playerProblem', body: { problem: undefined } });
    if (isPlaying) void this.#play(video);
  }

  /** The element forgets its rate with each address, unless it is the default one. */
  #setRate(video: HTMLVideoElement, rate: number): void {
    video.defaultPlaybackRate = rate;
    video.playbackRate = rate;
  }

  #measured(video: HTMLVideoElement): void {
    // A copy that is still being written has no end yet.
    if (!Number.isFinite(video.duration)) return;
    this.#changed({ durationMs: mediaMs(video.duration * 1000) });
  }

  async #play(video: HTMLVideoElement): Promise<void> {
    try {
      await video.play();
    } catch (error) {
      // Another address has taken over, or somebody stopped it at once: that is no refusal.
      if (error instanceof DOMException && error.name === 'AbortError') return;
      if (this.#feed && !video.muted) {
        // What is live goes on meanwhile: better seen without its sound than missed.
        video.muted = true;
        this.#changed({ isMuted: true });
        await this.#play(video);
        return;
      }
      // Browsers want a click before sound, for example after a reload: it waits for one.
      this.#changed({ isPlaying: false });
    }
  }

  #failed(video: HTMLVideoElement): void {
    const { error } = video;
    if (!error || this.#url === undefined) return;
    const kind =
      error.code === networkError ||
      (error.code === sourceError && !/DEMUXER|DECODER/i.test(error.message))
        ? 'address'
        : 'decoder';
    const detail = `error ${error.code}: ${error.message}`;
    this.#isLoaded = false;
    this.#changed({ isWaiting: false });
    this.#report(detail);
    this.#store.dispatch({ kind: 'playerProblem', body: { problem: { kind, detail } } });
  }
}

/** What the host hears about the player. */
export const playerReport = ({ player, range }: State): WebviewToHost['player'] => ({
  positionMs: player.positionMs,
  isPlaying: player.isPlaying,
  ...(range && { range }),
});
