/** The videos that one client plays. */
import { sourceKey, type MediaInfo, type StoredSource } from '../protocol/index.ts';
import { childController } from './base/lifetime.ts';
import type { MediaService } from './media/mediaService.ts';

export interface OpenMediaOptions {
  readonly media: () => Promise<MediaService>;
  /** Told after the answer to `open`. */
  readonly onChange: (source: StoredSource, media: MediaInfo) => void;
  /** Aborted when the client has left. */
  readonly signal: AbortSignal;
}

/** Each video is open once, however often the client asks: a second opening takes the place of the first. */
export class OpenMedia {
  readonly #options: OpenMediaOptions;
  readonly #opened = new Map<string, AbortController & Disposable>();

  constructor(options: OpenMediaOptions) {
    this.#options = options;
  }

  /** @param options.signal of the request; once it is answered, only `close` and the end of the client close the video */
  async open(source: StoredSource, { signal }: { signal: AbortSignal }): Promise<MediaInfo> {
    const { media, onChange } = this.#options;
    const opening = childController(this.#options.signal);
    const before = this.#opened.get(sourceKey(source));
    this.#opened.set(sourceKey(source), opening);
    const cancel = (): void => {
      opening.abort(signal.reason);
    };
    signal.addEventListener('abort', cancel, { once: true });
    let isAnswered = false;
    let early: MediaInfo | undefined;
    const tell = (changed: MediaInfo): void => {
      if (opening.signal.aborted) return;
      if (isAnswered) onChange(source, changed);
      else early = changed;
    };
    try {
      const service = await media();
      opening.signal.throwIfAborted();
      const info = await service.open(source, tell, { signal: opening.signal });
      // The answer is written before the next turn of the event loop.
      setImmediate(() => {
        isAnswered = true;
        if (early) tell(early);
      });
      return info;
    } catch (error) {
      this.#end(source, opening);
      throw error;
    } finally {
      signal.removeEventListener('abort', cancel);
      // Not earlier: what both need is not let go in between.
      if (before) this.#end(source, before);
    }
  }

  /** Does nothing when the video is not open. */
  close(source: StoredSource): void {
    const opened = this.#opened.get(sourceKey(source));
    if (opened) this.#end(source, opened);
  }

  #end(source: StoredSource, opening: AbortController & Disposable): void {
    const key = sourceKey(source);
    if (this.#opened.get(key) === opening) this.#opened.delete(key);
    opening.abort();
    opening[Symbol.dispose]();
  }
}
