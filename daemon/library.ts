/** Videos on disk and their stored timelines, as the assistant knows them. */
import { watchedWith } from './assistant/collaborators.ts';
import type { PackDescription, StoredVideo, VideoLibrary } from './assistant/collaborators.ts';
import { readSidecarCaptions, type Cue } from './media/captionSource.ts';
import { identifyVideo } from './media/videoIdentity.ts';
import type { FindRequest, FoundMoment } from './timeline/momentSearch.ts';
import type { Stretch } from './timeline/nameSearch.ts';
import type { TimelineStore } from './timeline/timelineStore.ts';
import type { SessionOptions, SourceSpec } from '../protocol/index.ts';

export class Library implements VideoLibrary {
  readonly #store: TimelineStore;

  constructor(store: TimelineStore) {
    this.#store = store;
  }

  identify(source: SourceSpec, options: { signal: AbortSignal }): Promise<string> {
    return identifyVideo(source.path, options);
  }

  async captionsOf(source: SourceSpec, options: { signal: AbortSignal }): Promise<readonly Cue[]> {
    return (await readSidecarCaptions(source.path, options)).cues;
  }

  openVideo(videoId: string, pack: PackDescription, options: SessionOptions): StoredVideo {
    // A pack that was told something else, or speaks freely, speaks as another model would.
    const manner = [options.instruction ?? [], options.isUngrounded ? 'ungrounded' : []].flat();
    const model = [pack.name, ...manner].join('\n');
    return this.#store.openVideo({ videoId, model, ...watchedWith(options, pack) });
  }

  findName(videoId: string, name: string): readonly Stretch[] {
    return this.#store.findName(videoId, name);
  }

  find(request: FindRequest): readonly FoundMoment[] {
    return this.#store.find(request);
  }
}
