/** Links and lenses that move a video's player: the editor's command, and how a `command:` link carries its argument. */
import type { MediaMs } from './units.ts';

/** Takes one argument, a `SeekTarget`; opens the video when it is not open. */
export const seekCommand = 'codealong.seekTo';

export interface SeekTarget {
  /** Absolute path of the video. */
  readonly path: string;
  readonly atMs: MediaMs;
}

/** A `command:` link that may stand in a Markdown link. */
export function formatSeekLink({ path, atMs }: SeekTarget): string {
  // An editor decodes the argument once or twice: after an escaped percent sign there is nothing left to decode wrongly.
  const args = JSON.stringify([{ path, atMs }]).replaceAll('%', String.raw`\u0025`);
  return `command:${seekCommand}?${encodeURIComponent(args).replace(/[!'()*]/g, percentEncoded)}`;
}

const percentEncoded = (sign: string): string =>
  `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
