/** Videos on disk, live sessions, and their stored timelines, as the assistant knows them. */
import { randomBytes } from 'node:crypto';
import { watchedWith } from './assistant/collaborators.ts';
import type { PackDescription, StoredVideo, VideoLibrary } from './assistant/collaborators.ts';
import { AppError } from './base/errors.ts';
import { readSidecarCaptions, type Cue } from './media/captionSource.ts';
import type { Recordings } from './media/recordings.ts';
import { identifyVideo } from './media/videoIdentity.ts';
import type { FindRequest, FoundMoment } from './timeline/momentSearch.ts';
import type { Stretch } from './timeline/nameSearch.ts';
import type { TimelineStore } from './timeline/timelineStore.ts';
import type { FileSource, KeptSession, LiveSource, SessionOptions } from '../protocol/index.ts';

/** Half of the digits that `liveIdPattern` asks for. */
const liveIdBytes = 6;

export class Library implements VideoLibrary {
  readonly #store: TimelineStore;
  readonly #recordings: Pick<Recordings, 'remove'>;

  constructor(store: TimelineStore, recordings: Pick<Recordings, 'remove'>) {
    this.#store = store;
    this.#recordings = recordings;
  }

  identify(source: FileSource | LiveSource, options: { signal: AbortSignal }): Promise<string> {
    if (source.kind === 'file') return identifyVideo(source.path, options);
    return Promise.resolve(`live-${randomBytes(liveIdBytes).toString('hex')}`);
  }

  async captionsOf(source: FileSource, options: { signal: AbortSignal }): Promise<readonly Cue[]> {
    return (await readSidecarCaptions(source.path, options)).cues;
  }

  openVideo(videoId: string, pack: PackDescription, options: SessionOptions): StoredVideo {
    // A pack that was told something else, or speaks freely, speaks as another model would.
    const manner = [options.instruction ?? [], options.isUngrounded ? 'ungrounded' : []].flat();
    const model = [pack.name, ...manner].join('\n');
    return this.#store.openVideo({ videoId, model, ...watchedWith(options, pack) });
  }

  openKept(videoId: string): { readonly video: StoredVideo; readonly frameRateFps: number } {
    const found = this.#store.openLive(videoId);
    if (!found) throw new AppError('source.notKept', undefined, { data: { videoId } });
    return { video: found.timeline, frameRateFps: found.frameRateFps };
  }

  listKept(): readonly KeptSession[] {
    return this.#store.listLive();
  }

  async deleteKept(videoId: string): Promise<void> {
    const session = this.#store.listLive().find((one) => one.videoId === videoId);
    if (!session) throw new AppError('source.notKept', undefined, { data: { videoId } });
    if (session.isRunning) throw new AppError('source.inUse');
    // First what is large: whoever is interrupted finds the session still listed, and can delete it again.
    await this.#recordings.remove(videoId);
    this.#store.removeLive(videoId);
  }

  findName(videoId: string, name: string): readonly Stretch[] {
    return this.#store.findName(videoId, name);
  }

  find(request: FindRequest): readonly FoundMoment[] {
    return this.#store.find(request);
  }
}
