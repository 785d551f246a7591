/** What a vision encoder made of the frames of a video, kept beside its rows so that an answer can look at a moment again. */
import type { MediaMs } from '../../protocol/index.ts';
import type { Database } from './database.ts';

/** In Node since 24, in TypeScript's library since `es2025`. */
declare const Float16Array: new (source: ArrayLike<number> | ArrayBuffer) => ArrayLike<number> & {
  readonly buffer: ArrayBuffer;
};

/** However large they are. */
const fewestKept = 2;

/** Bytes of a number of 16 bits. */
const bytesOfNumber = 2;

/** Bytes of the pictures of one video at most: at four rows of 192 numbers 43,000 of them, at 264 rows of 3584 thirty-five. */
export const maxPictureBytes = 64 * 1024 * 1024;

/**
 * The kept pictures of one video, as numbers of 16 bits. Where there are too many, every second one of the older half is given up,
 * again and again: the newest half is whole, and what is older is kept the more seldom the older it is.
 * @source round-decayed compression of StreamBridge (arXiv 2505.05467), with frames left out in the place of merged rows: rows that
 *   no encoder has made are none that a decoder was trained with
 */
export class FramePictures {
  readonly #database: Database;
  readonly #video: number;
  readonly #maxBytes: number;
  /** Counting reads all of them. */
  #count: number | undefined;

  constructor(database: Database, video: number, maxBytes = maxPictureBytes) {
    this.#database = database;
    this.#video = video;
    this.#maxBytes = maxBytes;
  }

  /** Keeps what the encoder made of a frame. @param rows of any shape; what is read back is exact to 16 bits */
  keep(ptsMs: MediaMs, rows: Float32Array): void {
    this.#database.transaction(() => {
      this.#database.run(
        'INSERT OR REPLACE INTO pictures (video, pts_ms, rows) VALUES (?, ?, ?)',
        ...[this.#video, ptsMs],
        new Uint8Array(new Float16Array(rows).buffer),
      );
      const most = Math.max(fewestKept, this.#maxBytes / (rows.length * bytesOfNumber));
      this.#count = (this.#count ?? this.#countStored()) + 1;
      // One that took another's place was counted twice.
      if (this.#count > most) this.#count = this.#countStored();
      while (this.#count > most) {
        this.#thin();
        this.#count = this.#countStored();
      }
    });
  }

  #countStored(): number {
    const sql = 'SELECT count(*) AS n FROM pictures WHERE video = ?';
    return Number(this.#database.get(sql, this.#video)?.['n']);
  }

  #thin(): void {
    this.#database.run(
      `DELETE FROM pictures WHERE video = ? AND pts_ms IN
         (SELECT pts_ms FROM (SELECT pts_ms, row_number() OVER (ORDER BY pts_ms) AS place, count(*) OVER () AS n
            FROM pictures WHERE video = ?) WHERE place % 2 = 0 AND place <= (n + 1) / 2)`,
      ...[this.#video, this.#video],
    );
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
