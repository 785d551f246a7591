/** What a vision encoder made of the frames of a video, kept beside its rows so that an answer can look at a moment again. */
import type { MediaMs } from '../../protocol/index.ts';
import type { Database } from './database.ts';

/** In Node since 24, in TypeScript's library since `es2025`. */
declare const Float16Array: new (source: ArrayLike<number> | ArrayBuffer) => ArrayLike<number> & {
  readonly buffer: ArrayBuffer;
};

/** Pictures of one video at most: six megabytes at four rows of 192 numbers. */
export const maxPictures = 4096;

/** The kept pictures of one video, as numbers of 16 bits. */
export class FramePictures {
  readonly #database: Database;
  readonly #video: number;
  readonly #max: number;

  constructor(database: Database, video: number, max = maxPictures) {
    this.#database = database;
    this.#video = video;
    this.#max = max;
  }

  /**
   * Keeps what the encoder made of a frame. Where there are too many, every second one is given up.
   * @param rows of any shape; what is read back is exact to 16 bits
   */
  keep(ptsMs: MediaMs, rows: Float32Array): void {
    this.#database.transaction(() => {
      this.#database.run(
        'INSERT OR REPLACE INTO pictures (video, pts_ms, rows) VALUES (?, ?, ?)',
        ...[this.#video, ptsMs],
        new Uint8Array(new Float16Array(rows).buffer),
      );
      const count = this.#database.get(
        'SELECT count(*) AS n FROM pictures WHERE video = ?',
        this.#video,
      );
      if (Number(count?.['n']) <= this.#max) return;
      this.#database.run(
        `DELETE FROM pictures WHERE video = ? AND pts_ms IN
           (SELECT pts_ms FROM (SELECT pts_ms, row_number() OVER (ORDER BY pts_ms) AS place
              FROM pictures WHERE video = ?) WHERE place % 2 = 0)`,
        ...[this.#video, this.#video],
      );
    });
  }

  /** The last picture that was kept at or before a moment: what the screen looked like then. */
  at(atMs: MediaMs): Float32Array | undefined {
    const found = this.#database.get(
      'SELECT rows FROM pictures WHERE video = ? AND pts_ms <= ? ORDER BY pts_ms DESC LIMIT 1',
      ...[this.#video, atMs],
    );
    const bytes = found?.['rows'];
    if (!(bytes instanceof Uint8Array)) return undefined;
    return Float32Array.from(new Float16Array(new Uint8Array(bytes).buffer));
  }
}
