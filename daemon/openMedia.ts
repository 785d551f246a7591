/** The videos that one client plays. */
import type { MediaInfo, FileSource } from '../protocol/index.ts';
import { childController } from './base/lifetime.ts';
import type { MediaService } from './media/mediaService.ts';

export interface OpenMediaOptions {
  readonly media: () => Promise<MediaService>;
  /** Told after the answer to `open`. */
  readonly onChange: (source: FileSource, media: MediaInfo) => void;
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
  async open(source: FileSource, { signal }: { signal: AbortSignal }): Promise<MediaInfo> {
    const { media, onChange } = this.#options;
    const opening = childController(this.#options.signal);
    const before = this.#opened.get(source.path);
    this.#opened.set(source.path, opening);
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
  close(source: FileSource): void {
    const opened = this.#opened.get(source.path);
    if (opened) this.#end(source, opened);
  }

  #end({ path }: FileSource, opening: AbortController & Disposable): void {
    if (this.#opened.get(path) === opening) this.#opened.delete(path);
    opening.abort();
    opening[Symbol.dispose]();
  }
}
