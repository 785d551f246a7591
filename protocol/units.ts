/** Branded numbers, so that a time in the media can never be passed where a clock time is meant. */

declare const unit: unique symbol;
type Branded<Name extends string> = number & { readonly [unit]: Name };

/** A moment in the media, in milliseconds from its start (presentation time). */
export type MediaMs = Branded<'MediaMs'>;
/** A moment on the user's clock, in milliseconds since 1970. */
export type WallMs = Branded<'WallMs'>;
/** A number of positions in a sequence. */
export type TokenCount = Branded<'TokenCount'>;

/** Makes a presentation time; rounds to whole milliseconds. @throws RangeError when not finite. */
export function mediaMs(value: number): MediaMs {
  if (!Number.isFinite(value)) throw new RangeError(`not a presentation time: ${value}`);
  return Math.round(value) as MediaMs;
}

/** Makes a wall time; rounds to whole milliseconds. @throws RangeError when not finite. */
export function wallMs(value: number): WallMs {
  if (!Number.isFinite(value)) throw new RangeError(`not a wall time: ${value}`);
  return Math.round(value) as WallMs;
}

/** Makes a count of positions. @throws RangeError when negative or fractional. */
export function tokenCount(value: number): TokenCount {
  if (!Number.isInteger(value) || value < 0) throw new RangeError(`not a token count: ${value}`);
  return value as TokenCount;
}

/** Writes a presentation time the way people read it: 0:07, 12:30, 1:02:03. */
export function formatMediaTime(time: number): string {
  const total = Math.max(0, Math.floor(time / 1000));
  const hours = Math.floor(total / 3600);
  const minutes = Math.floor((total % 3600) / 60);
  const seconds = String(total % 60).padStart(2, '0');
  return hours > 0
    ? `${hours}:${String(minutes).padStart(2, '0')}:${seconds}`
    : `${minutes}:${seconds}`;
}
