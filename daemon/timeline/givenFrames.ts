/** The frames of a video as its decoder was given them, so that a stretch of it can be decoded again: new text, and embedding rows. */
import type { MediaMs } from '../../protocol/index.ts';
import type { Database, SqlRecord } from './database.ts';

/** In Node since 24, in TypeScript's library since `es2025`. */
declare const Float16Array: new (source: ArrayLike<number> | ArrayBuffer) => ArrayLike<number> & {
  readonly buffer: ArrayBuffer;
};

/** A frame as the decoder was given it. */
export interface GivenFrame {
  readonly ptsMs: MediaMs;
  /** Text that newly stood on screen, letter by letter. */
  readonly lines: readonly { readonly text: string; readonly region: string }[];
  /** What the vision encoder made of it, of any shape; read back it is exact to 16 bits, and undefined where it was given up. */
  readonly rows: Float32Array | undefined;
}

/** However large they are. */
const fewestKept = 2;

/** Bytes of a number of 16 bits. */
const bytesOfNumber = 2;

/** Bytes of the rows of one video at most: at four rows of 192 numbers 43,000 frames, at 264 rows of 3584 thirty-five. */
export const maxRowBytes = 64 * 1024 * 1024;

/**
 * The kept frames of one video. Where their rows are too many, every second frame of the older half gives up its own, again and
 * again: the newest half is whole, and what is older has rows the more seldom the older it is. Text stays for ever.
 * @source round-decayed compression of StreamBridge (arXiv 2505.05467), with rows left out in the place of merged ones: rows that no
 *   encoder has made are none that a decoder was trained with
 */
export class GivenFrames {
  readonly #database: Database;
  readonly #video: number;
  readonly #maxBytes: number;
  /** Of frames with rows; counting reads all of them. */
  #count: number | undefined;

  constructor(database: Database, video: number, maxBytes = maxRowBytes) {
    this.#database = database;
    this.#video = video;
    this.#maxBytes = maxBytes;
  }

  keep({ ptsMs, lines, rows }: GivenFrame): void {
    this.#database.transaction(() => {
      this.#database.run(
        'INSERT OR REPLACE INTO frames (video, pts_ms, lines, rows) VALUES (?, ?, ?, ?)',
        ...[this.#video, ptsMs, JSON.stringify(lines)],
        rows ? new Uint8Array(new Float16Array(rows).buffer) : null,
      );
      if (!rows) return;
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

  /** In time order, both ends included. */
  between(fromMs: MediaMs, toMs: MediaMs): GivenFrame[] {
    const sql =
      'SELECT pts_ms, lines, rows FROM frames WHERE video = ? AND pts_ms BETWEEN ? AND ? ORDER BY pts_ms';
    return this.#database.all(sql, this.#video, fromMs, toMs).map(toFrame);
  }

  /** What comes after a frame was brought by a watching that does not count. */
  dropAfter(ptsMs: MediaMs): void {
    this.#database.run('DELETE FROM frames WHERE video = ? AND pts_ms > ?', this.#video, ptsMs);
    this.#count = undefined;
  }

  #countStored(): number {
    const sql = 'SELECT count(*) AS n FROM frames WHERE video = ? AND rows IS NOT NULL';
    return Number(this.#database.get(sql, this.#video)?.['n']);
  }

  #thin(): void {
    this.#database.run(
      `UPDATE frames SET rows = NULL WHERE video = ? AND pts_ms IN
         (SELECT pts_ms FROM (SELECT pts_ms, row_number() OVER (ORDER BY pts_ms) AS place, count(*) OVER () AS n
            FROM frames WHERE video = ? AND rows IS NOT NULL) WHERE place % 2 = 0 AND place <= (n + 1) / 2)`,
      ...[this.#video, this.#video],
    );
    const nothing = "DELETE FROM frames WHERE video = ? AND rows IS NULL AND lines = '[]'";
    this.#database.run(nothing, this.#video);
  }
}

function toFrame({ pts_ms: ptsMs, lines, rows }: SqlRecord): GivenFrame {
  return {
    ptsMs: ptsMs as MediaMs,
    lines: JSON.parse(String(lines)) as GivenFrame['lines'],
    rows:
      rows instanceof Uint8Array
        ? Float32Array.from(new Float16Array(new Uint8Array(rows).buffer))
        : undefined,
  };
}
