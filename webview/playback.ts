/** Drives the `<video>`: keeps it where the page's state says it is, through changes of its address. */
import { mediaMs, type WebviewToHost } from '../protocol/index.ts';
import { pictureAt } from './selectors.ts';
import type { State } from './state.ts';
import type { Store } from './store.ts';

/** Tells the log. */
type Report = (detail: string) => void;

/** Speeds that the control offers. */
export const rates: readonly number[] = [0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];

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
      this.#changed({ isPlaying: false });
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
    if (media?.videoUrl !== this.#url || (player.problem?.kind === 'address' && isBack)) {
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
      video.currentTime = seek.atMs / 1000;
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
    this.#url = state.media?.videoUrl;
    this.#showStill(video, state);
    if (this.#url === undefined) video.removeAttribute('src');
    else video.src = this.#url;
    video.load();
    this.#changed({ isWaiting: this.#url !== undefined });
  }

  #loaded(video: HTMLVideoElement): void {
    const { positionMs, isPlaying, rate, volume, isMuted, problem } = this.#store.state.player;
    this.#setRate(video, rate);
    video.volume = volume;
    video.muted = isMuted;
    if (positionMs > 0) video.currentTime = positionMs / 1000;
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
