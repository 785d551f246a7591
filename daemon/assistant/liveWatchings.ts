/** Live sessions by the ids that clients know them by: those that run, and those that ended before there was a picture. */
import { isLive, type SourceSpec } from '../../protocol/index.ts';
import { isCancellation } from '../base/errors.ts';
import type { StoredVideo } from './collaborators.ts';

interface RunningLive {
  readonly video: StoredVideo;
  readonly frameRateFps: number;
}

/** Failures of beginnings that are remembered: whoever asks for one does so within seconds. */
const mostFailures = 100;

/** What a store cannot tell yet: it knows a live session from its first picture on. */
export class LiveWatchings {
  readonly #running = new Map<string, RunningLive>();
  readonly #failures = new Map<string, unknown>();

  begin(source: SourceSpec, live: RunningLive): void {
    if (isLive(source)) this.#running.set(live.video.videoId, live);
  }

  /** @param error why it ended, if that was a failure */
  end({ videoId, live }: StoredVideo, error: unknown): void {
    if (!this.#running.delete(videoId)) return;
    if (live !== undefined || error === undefined || isCancellation(error)) return;
    this.#failures.set(videoId, error);
    const [oldest] = this.#failures.keys();
    if (this.#failures.size > mostFailures && oldest !== undefined) this.#failures.delete(oldest);
  }

  /** @returns undefined when it does not run. @throws what kept it from beginning */
  find(videoId: string): RunningLive | undefined {
    const failure = this.#failures.get(videoId);
    // A failure that is shared is told in its own words each time.
    if (failure !== undefined) throw failure as Error;
    return this.#running.get(videoId);
  }
}
