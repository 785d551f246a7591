/** What was watched live from this editor: the addresses to offer again, and what each session was of. */
import type * as vscode from 'vscode';
import { isStreamAddress, type LiveSource, type StreamSource } from '../protocol/index.ts';

export interface WatchedLive {
  readonly videoId: string;
  readonly source: LiveSource;
}

const key = 'codealong.live';
/** As many as anybody looks through. */
const maxKept = 20;

/** Kept among the editor's secrets: an address may hold the key that opens the stream. */
export class LiveMemory {
  readonly #secrets: Pick<vscode.SecretStorage, 'get' | 'store'>;

  constructor(secrets: Pick<vscode.SecretStorage, 'get' | 'store'>) {
    this.#secrets = secrets;
  }

  /** Newest first; each address once. */
  async addresses(): Promise<readonly string[]> {
    const sources = (await this.#read()).map(({ source }) => source);
    const streams = sources.filter((source): source is StreamSource => source.kind === 'stream');
    return [...new Set(streams.map(({ url }) => url))];
  }

  /** @returns undefined when it was watched elsewhere, or long ago */
  async sourceOf(videoId: string): Promise<LiveSource | undefined> {
    return (await this.#read()).find((known) => known.videoId === videoId)?.source;
  }

  async remember(watched: WatchedLive): Promise<void> {
    const kept = [watched, ...(await this.#read())].slice(0, maxKept);
    await this.#secrets.store(key, JSON.stringify(kept));
  }

  async #read(): Promise<readonly WatchedLive[]> {
    try {
      const stored: unknown = JSON.parse((await this.#secrets.get(key)) ?? '[]');
      return Array.isArray(stored) ? stored.filter(isWatchedLive) : [];
    } catch {
      // Another version may have written it, or the system's key store may be closed.
      return [];
    }
  }
}

function isWatchedLive(value: unknown): value is WatchedLive {
  const { videoId, source } = (value ?? {}) as { videoId?: unknown; source?: unknown };
  if (typeof videoId !== 'string' || typeof source !== 'object' || source === null) return false;
  const { kind, url } = source as { kind?: unknown; url?: unknown };
  return (
    kind === 'screen' || (kind === 'stream' && typeof url === 'string' && isStreamAddress(url))
  );
}
