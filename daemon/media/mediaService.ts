/** The seam to whoever plays videos in an editor. */
import type { MediaInfo, StoredSource } from '../../protocol/index.ts';

/** Videos made playable for editors' players. */
export interface MediaService extends AsyncDisposable {
  /**
   * Opens for one client. What could not be prepared before is tried again, for all who have the video open.
   * @param onChange hears every later MediaInfo until the state is not `preparing`, or `signal` ends it
   * @param options.signal ends with closeMedia or the client: addresses end when nobody has the video open any more
   */
  open(
    source: StoredSource,
    onChange: (media: MediaInfo) => void,
    options: { signal: AbortSignal },
  ): Promise<MediaInfo>;
}
