/** The videos that one client has open: those it has started sessions for and not stopped. */

export interface OpenVideo {
  /** Absolute path, as the client calls it. */
  readonly path: string;
  /** Hash of the content. */
  readonly videoId: string;
}

/** A client that never stops a session loses its oldest ones from sight. */
const maxSessions = 100;

export class OpenVideos {
  /** By session; oldest first. */
  readonly #opened = new Map<string, OpenVideo>();

  add(sessionId: string, video: OpenVideo): void {
    this.#opened.set(sessionId, video);
    for (const oldest of this.#opened.keys()) {
      if (this.#opened.size <= maxSessions) return;
      this.#opened.delete(oldest);
    }
  }

  remove(sessionId: string): void {
    this.#opened.delete(sessionId);
  }

  /** Newest first, each content once. */
  list(): readonly OpenVideo[] {
    const newest = [...this.#opened.values()].reverse();
    return newest.filter(
      ({ videoId }, index) => newest.findIndex((each) => each.videoId === videoId) === index,
    );
  }
}
