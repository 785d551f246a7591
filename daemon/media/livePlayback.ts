/**
 * Recordings of live sessions as a player gets them: a list of what there is from a moment on, the fragments one by one, and single
 * pictures.
 */
import type { LiveListing, MediaInfo } from '../../protocol/index.ts';
import { AppError, isAppError } from '../base/errors.ts';
import type { Content, MediaServer, Resolve } from './mediaServer.ts';
import type { Pictures } from './pictures.ts';
import { readView, scaleCrop, type PictureView } from './playbackArgs.ts';
import type { Recording } from './recording.ts';
import type { Recordings } from './recordings.ts';

/** A player asks once a second: half a minute is far more than it lacks. */
const mostListed = 40;

const notRecorded = 'Nothing of this session was recorded: its picture cannot be shown.';

export class LivePlayback {
  readonly #server: MediaServer;
  readonly #pictures: Pictures;
  readonly #recordings: Recordings;

  constructor(server: MediaServer, pictures: Pictures, recordings: Recordings) {
    this.#server = server;
    this.#pictures = pictures;
    this.#recordings = recordings;
  }

  /** @param options.signal ends the address */
  async open(videoId: string, { signal }: { signal: AbortSignal }): Promise<MediaInfo> {
    const recording = await this.#recordings.find(videoId);
    signal.throwIfAborted();
    const nothing = { width: 0, height: 0, chapters: [], frameUrl: '' };
    if (!recording) return { ...nothing, hasSound: true, state: 'ready', notices: [notRecorded] };
    const place = await this.#server.publish(this.#resolve(videoId, recording));
    signal.addEventListener('abort', () => {
      place[Symbol.dispose]();
    });
    const init = recording.inits.at(-1);
    const { width, height } = init?.watched ?? init ?? { width: 0, height: 0 };
    return {
      ...{ ...nothing, width, height },
      ...{ hasSound: true, state: 'ready', notices: [] },
      frameUrl: `${place.url}/frame`,
      liveUrl: place.url,
    };
  }

  #resolve(videoId: string, recording: Recording): Resolve {
    return async (name, query, options) => {
      const atMs = /^frame\/(\d{1,10})\.jpg$/.exec(name)?.[1];
      if (atMs !== undefined) return this.#picture(recording, Number(atMs), query, options);
      const id = Number(/^(?:init|fragment)\/(\d{1,9})$/.exec(name)?.[1] ?? NaN);
      if (name === 'list') return this.#list(videoId, recording, query);
      const isInit = name.startsWith('init/');
      if (Number.isNaN(id)) return undefined;
      const bytes = await (isInit ? recording.readInit(id) : recording.read(id));
      return bytes && { kind: 'bytes', bytes, type: 'video/mp4', isForPages: true };
    };
  }

  async #picture(
    recording: Recording,
    atMs: number,
    query: URLSearchParams,
    { signal }: { signal: AbortSignal },
  ): Promise<Content | undefined> {
    const last = recording.upTo(atMs).at(-1);
    const init = recording.inits.find(({ id }) => id === last?.init);
    if (!last || !init) return { kind: 'gone' };
    const { watched = init } = init;
    const found = readView(query, watched);
    if (!found) return undefined;
    const { crop, ...width } = found;
    const view = crop ? { ...width, crop: scaleCrop(crop, watched, init) } : width;
    try {
      const bytes = await recordedPicture(recording, this.#pictures, { atMs, ...view, signal });
      return bytes ? { kind: 'bytes', bytes, type: 'image/jpeg' } : { kind: 'busy' };
    } catch (error) {
      if (isAppError(error) && error.code === 'source.notRecorded') return { kind: 'gone' };
      throw error;
    }
  }

  #list(videoId: string, recording: Recording, query: URLSearchParams): Content | undefined {
    const { stretch = { startMs: 0, endMs: 0 }, inits } = recording;
    const from = numberIn(query, 'from');
    const behind = numberIn(query, 'behind');
    const fragments =
      behind !== undefined
        ? recording.behind(behind, mostListed)
        : recording.from(from ?? 0, mostListed);
    const running = this.#recordings.running(videoId);
    const listing: LiveListing = {
      ...stretch,
      ...(running?.recording === recording ? { live: running.condition } : {}),
      inits: inits.map(({ id, codecs }) => ({ id, codecs })),
      fragments: fragments.map(({ id, init, startMs, endMs, offsetMs }) => ({
        ...{ id, init, startMs, endMs, offsetMs },
      })),
    };
    const bytes = Buffer.from(JSON.stringify(listing));
    return { kind: 'bytes', bytes, type: 'application/json', isForPages: true, isFleeting: true };
  }
}

/**
 * @param options.atMs in media time
 * @returns a JPEG; undefined when too many wait already
 * @throws AppError source.notRecorded, ffmpeg.*
 */
export async function recordedPicture(
  recording: Recording,
  pictures: Pictures,
  { atMs, ...options }: { readonly atMs: number; readonly signal: AbortSignal } & PictureView,
): Promise<Buffer | undefined> {
  const fragments = recording.upTo(atMs);
  const last = fragments.at(-1);
  if (!last) throw new AppError('source.notRecorded');
  const read = async (): Promise<Buffer | undefined> => {
    const parts = [recording.readInit(last.init), ...fragments.map(({ id }) => recording.read(id))];
    const bytes = await Promise.all(parts);
    return bytes.every((part) => part !== undefined) ? Buffer.concat(bytes) : undefined;
  };
  const stretch = { key: `${recording.folder}\n${last.id}`, read };
  return pictures.pictureAt(stretch, { atMs: atMs - last.offsetMs, ...options });
}

function numberIn(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  return text !== null && /^-?\d{1,12}(?:\.\d{1,6})?$/.test(text) ? Number(text) : undefined;
}
