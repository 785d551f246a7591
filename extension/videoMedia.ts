/** How one video plays: opened in the daemon, and opened again when the connection was lost, because its addresses end with it. */
import * as vscode from 'vscode';
import { isAppError } from '../daemon/base/errors.ts';
import {
  closeMedia,
  mediaChanged,
  openMedia,
  sourceKey,
  type MediaInfo,
  type StoredSource,
} from '../protocol/index.ts';
import { toReachable } from './mediaAddresses.ts';
import { isCancelled, toShownError } from './messages.ts';
import type { VideoClient } from './videoSession.ts';

export class VideoMedia implements vscode.Disposable {
  readonly #client: VideoClient;
  readonly #source: StoredSource;
  readonly #emitter = new vscode.EventEmitter<MediaInfo>();
  readonly #registrations: readonly vscode.Disposable[];
  #info: MediaInfo | undefined;
  #frameUrl: string | undefined;
  #isOpen = false;
  #isInterrupted = false;
  /** Raised with each news, so that what takes longer to become reachable never overwrites what is newer. */
  #version = 0;

  readonly onDidChange: vscode.Event<MediaInfo> = this.#emitter.event;

  constructor(source: StoredSource, client: VideoClient) {
    this.#source = source;
    this.#client = client;
    this.#registrations = [
      client.onNotification(mediaChanged, (change) => {
        if (sourceKey(change.source) === sourceKey(source)) void this.#accept(change.media);
      }),
      client.onDidChangeState((state) => {
        if (state === 'lost' || state === 'idle') {
          // What one daemon could not open, the next one may: it has other settings.
          this.#isInterrupted = this.#isOpen || this.#info?.state === 'failed';
        }
        if (this.#isInterrupted && (state === 'running' || state === 'failed')) void this.#open();
      }),
    ];
  }

  /** Its addresses are ready for the page to load; undefined until the daemon has opened it. */
  get info(): MediaInfo | undefined {
    return this.#info;
  }

  /** Address of single pictures on the machine of this process; undefined until the daemon has opened it. */
  get frameUrl(): string | undefined {
    return this.#frameUrl;
  }

  /** Does nothing while it is open, unless its addresses have ended or cannot be played: then it is tried again. */
  open(): void {
    if (this.#isOpen && !this.#isInterrupted && this.#info?.state !== 'failed') return;
    void this.#open();
  }

  dispose(): void {
    this.#version++;
    for (const registration of this.#registrations) registration.dispose();
    this.#emitter.dispose();
    // A daemon that is gone has let go already; none is started for a farewell.
    if (!this.#isOpen || this.#client.state !== 'running') return;
    this.#isOpen = false;
    this.#client.request(closeMedia, { source: this.#source }).catch(() => undefined);
  }

  async #open(): Promise<void> {
    this.#isInterrupted = false;
    this.#isOpen = true;
    const version = ++this.#version;
    try {
      const media = await this.#client.request(openMedia, { source: this.#source });
      // News that came before the answer are newer than it.
      if (version === this.#version) await this.#accept(media);
    } catch (error) {
      // After a lost connection the client's next state decides.
      if (version !== this.#version || isAppError(error, 'connection.lost')) return;
      this.#isOpen = false;
      if (!isCancelled(error)) this.#tell(unplayable(error));
    }
  }

  async #accept(media: MediaInfo): Promise<void> {
    const version = ++this.#version;
    this.#frameUrl = media.frameUrl;
    const reachable = await toReachable(media).catch(unplayable);
    if (version === this.#version) this.#tell(reachable);
  }

  #tell(media: MediaInfo): void {
    this.#info = media;
    this.#emitter.fire(media);
  }
}

/** The panel shows why in the player's place. */
function unplayable(error: unknown): MediaInfo {
  const { message, remedy } = toShownError(error);
  return {
    width: 0,
    height: 0,
    chapters: [],
    hasSound: true,
    state: 'failed',
    notices: [`${message} ${remedy}`],
    frameUrl: '',
  };
}
