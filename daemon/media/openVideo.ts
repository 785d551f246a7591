/** One video that somebody plays: what of it plays now, and what is being made of it. */
import type { MediaInfo } from '../../protocol/index.ts';
import { isCancellation } from '../base/errors.ts';
import { reportFailure } from '../base/incidents.ts';
import { DisposalStack } from '../base/lifetime.ts';
import type { Log } from '../base/log.ts';
import type { CopyMaker, Made, Subject } from './copyMaker.ts';
import type { Content, MediaServer, Publication, Resolve } from './mediaServer.ts';
import type { Pictures } from './pictures.ts';
import type { PlayableCopies } from './playableCopies.ts';
import { readView } from './playbackArgs.ts';
import type { CopyPlan } from './playbackPlan.ts';
import { type FfmpegTools, probeMedia } from './probing.ts';

/** What all open videos share. */
export interface OpenVideoParts {
  readonly tools: (options: { signal: AbortSignal }) => Promise<FfmpegTools>;
  readonly server: MediaServer;
  readonly pictures: Pictures;
  readonly copies: PlayableCopies;
  readonly maker: CopyMaker;
  readonly log: Log;
}

export interface VideoFile {
  readonly path: string;
  readonly bytes: number;
  /** Tells this state of the file from all others. */
  readonly key: string;
}

type Playing = Pick<MediaInfo, 'videoUrl' | 'hasSound' | 'state' | 'progress' | 'notices'>;

export class OpenVideo implements AsyncDisposable {
  readonly #file: VideoFile;
  readonly #parts: OpenVideoParts;
  readonly #life = new AbortController();
  readonly #owned = new DisposalStack();
  readonly #listeners = new Set<(media: MediaInfo) => void>();
  #subject: Subject | undefined;
  #place: Publication | undefined;
  #copy: { readonly path: string; readonly type: string } | undefined;
  #media: MediaInfo | undefined;
  #preparing: Promise<void> = Promise.resolve();
  /** Set when the copy could not be made. */
  #failedPlan: CopyPlan | undefined;
  /** Resolves when `media` is there. @throws AppError source.*, ffmpeg.* */
  readonly opened: Promise<void>;

  constructor(file: VideoFile, parts: OpenVideoParts) {
    this.#file = file;
    this.#parts = parts;
    this.opened = this.#open({ signal: this.#life.signal });
    // Those who wait hear of it.
    this.opened.catch(() => undefined);
  }

  /** How it plays now. @throws Error before it is opened */
  get media(): MediaInfo {
    if (!this.#media) throw new Error('the video is not open yet');
    return this.#media;
  }

  /** Makes a copy that could not be made once more: the disk may have room again. Does nothing when none has failed. */
  retry(): void {
    const plan = this.#failedPlan;
    const { signal } = this.#life;
    if (!plan || signal.aborted) return;
    this.#failedPlan = undefined;
    this.#prepare(plan, { signal });
  }

  /** Calls back at every change until it is disposed. */
  listen(onChange: (media: MediaInfo) => void): Disposable {
    // One function may be given twice.
    const listener = (media: MediaInfo): void => {
      onChange(media);
    };
    this.#listeners.add(listener);
    return { [Symbol.dispose]: () => void this.#listeners.delete(listener) };
  }

  /** Ends what is being made, and the addresses. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#listeners.clear();
    this.#life.abort();
    await this.opened.catch(() => undefined);
    await this.#preparing;
    await this.#owned[Symbol.asyncDispose]();
  }

  async #open({ signal }: { signal: AbortSignal }): Promise<void> {
    const { tools, server, maker, copies, log } = this.#parts;
    const { path, bytes } = this.#file;
    const probed = await probeMedia(path, await tools({ signal }), { signal });
    this.#subject = { path, bytes, ...probed };
    this.#place = this.#owned.use(await server.publish(this.#resolve));
    const plan = await maker.plan(this.#subject, { signal });
    const { video, audio } = probed.probe;
    log.info('a video was opened', { path, video, audio, plan });
    if (plan.kind !== 'copy') {
      this.#show(this.#playing({ plan }));
      return;
    }
    const name = await maker.nameOf(this.#subject, plan, { signal });
    this.#owned.use(copies.use(name));
    const copy = await copies.find(name);
    signal.throwIfAborted();
    if (copy !== undefined) {
      this.#show(this.#playing({ plan, copy }));
    } else {
      this.#prepare(plan, { signal });
    }
  }

  #prepare(plan: CopyPlan, options: { signal: AbortSignal }): void {
    this.#show(this.#waiting(plan, 0));
    this.#preparing = this.#make(plan, options);
  }

  async #make(plan: CopyPlan, { signal }: { signal: AbortSignal }): Promise<void> {
    try {
      const made = await this.#parts.maker.make(this.#subject!, plan, {
        use: (name) => {
          this.#owned.use(this.#parts.copies.use(name));
        },
        onProgress: (progress) => {
          if (!signal.aborted) this.#show(this.#waiting(plan, progress));
        },
        signal,
      });
      signal.throwIfAborted();
      this.#show(this.#playing(made));
    } catch (error) {
      if (signal.aborted || isCancellation(error)) return;
      const { message } = reportFailure(this.#parts.log, 'no playable copy', { error });
      this.#failedPlan = plan;
      const { progress: _, ...meanwhile } = this.#waiting(plan, 0);
      this.#show({ ...meanwhile, state: 'failed', notices: [message] });
    }
  }

  #show(playing: Playing): void {
    const { durationMs, width, height, chapters } = this.#subject!.probe;
    this.#media = {
      ...(durationMs === undefined ? {} : { durationMs }),
      ...{ width, height, chapters, frameUrl: `${this.#place!.url}/frame` },
      ...playing,
    };
    for (const listener of [...this.#listeners]) listener(this.#media);
  }

  get #originalUrl(): string {
    return `${this.#place!.url}/video/original`;
  }

  #waiting({ meanwhile }: CopyPlan, progress: number): Playing {
    return {
      ...(meanwhile === 'waits' ? {} : { videoUrl: this.#originalUrl }),
      hasSound: this.#subject!.probe.audio === undefined,
      ...{ state: 'preparing', progress },
      notices: [],
    };
  }

  #playing({ plan, copy }: Made): Playing {
    if (plan.kind === 'none') {
      return { hasSound: false, state: 'failed', notices: [plan.notice] };
    }
    const { notices } = plan;
    if (plan.kind === 'original' || copy === undefined) {
      const hasSound = plan.kind === 'original' && plan.hasSound;
      return { videoUrl: this.#originalUrl, hasSound, state: 'ready', notices };
    }
    this.#copy = { path: copy, type: `video/${plan.container}` };
    const hasSound = plan.audio !== undefined || this.#subject!.probe.audio === undefined;
    return { videoUrl: `${this.#place!.url}/video/copy`, hasSound, state: 'ready', notices };
  }

  readonly #resolve: Resolve = async (name, query, { signal }) => {
    if (!this.#subject) return undefined;
    if (name === 'video/original') return this.#original(this.#subject);
    if (name === 'video/copy') return this.#copy && { kind: 'file', ...this.#copy };
    const atMs = /^frame\/(\d{1,10})\.jpg$/.exec(name)?.[1];
    return atMs === undefined ? undefined : this.#picture(Number(atMs), query, { signal });
  };

  #original({ path, isWebm }: Subject): Content {
    return { kind: 'file', path, type: isWebm ? 'video/webm' : 'video/mp4' };
  }

  async #picture(
    atMs: number,
    query: URLSearchParams,
    { signal }: { signal: AbortSignal },
  ): Promise<Content | undefined> {
    const { path, key } = this.#file;
    const { containers, durationMs, ...probe } = this.#subject!.probe;
    const view = readView(query, probe);
    if (!view) return undefined;
    const bytes = await this.#parts.pictures.pictureAt(
      { path, key, containers, ...(durationMs === undefined ? {} : { durationMs }) },
      { atMs, ...view, signal },
    );
    return bytes ? { kind: 'bytes', bytes, type: 'image/jpeg' } : { kind: 'busy' };
  }
}
