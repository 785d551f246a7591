/** What is shown over a name: when it stood on screen, as links that seek. Pure. */
import { formatMediaTime, formatSeekLink } from '../../protocol/index.ts';
import type { Stretch } from '../timeline/nameSearch.ts';

/** What ends and begins again within this is one sighting: people scroll, and the reader loses a line for a moment. */
const mergedGapMs = 5000;
/** More are no help at a glance. */
const maxMoments = 5;
const maxVideos = 3;

/** When a name stood on screen of one video. */
export interface SeenIn {
  readonly path: string;
  /** In the order of their starts. */
  readonly stretches: readonly Stretch[];
}

/** @param seen newest video first @returns Markdown; undefined when the name was not seen */
export function describeSightings(seen: readonly SeenIn[]): string | undefined {
  const lines = seen
    .filter(({ stretches }) => stretches.length > 0)
    .slice(0, maxVideos)
    .map(({ path, stretches }) => {
      const moments = mergeStretches(stretches);
      const shown = spread(moments, maxMoments).map(
        ({ startMs }) =>
          `[${formatMediaTime(startMs)}](${formatSeekLink({ path, atMs: startMs })})`,
      );
      const others = moments.length - shown.length;
      const more = others === 0 ? '' : ` and ${others} more`;
      return `On screen in **${escapeMarkdown(nameOf(path))}** at ${shown.join(', ')}${more}`;
    });
  return lines.length === 0 ? undefined : lines.join('\n\n');
}

/** Stretches that overlap or follow closely become one. @param stretches in the order of their starts */
export function mergeStretches(stretches: readonly Stretch[]): Stretch[] {
  const merged: Stretch[] = [];
  for (const { startMs, endMs } of stretches) {
    const last = merged.at(-1);
    if (!last || startMs - last.endMs > mergedGapMs) merged.push({ startMs, endMs });
    else if (endMs > last.endMs) merged[merged.length - 1] = { ...last, endMs };
  }
  return merged;
}

/** At most `limit` of the items, the first and the last among them, the others evenly between. */
export function spread<Item>(items: readonly Item[], limit: number): Item[] {
  if (items.length <= limit) return [...items];
  return Array.from({ length: limit }, (_none, index) => {
    const at = Math.round((index * (items.length - 1)) / (limit - 1));
    return items[at]!;
  });
}

/**
 * Text that means nothing to Markdown, whatever it holds: no emphasis, no link, no element, no line. Signs that mean something only
 * at the start of a line are left as they are.
 */
export function escapeMarkdown(text: string): string {
  const oneLine = text.replace(/[\p{C}\p{Z}]+/gu, ' ').trim();
  // A bare address becomes a link: by its `www.`, or by the `:` or `@` in it.
  return oneLine.replace(/[!#$&()*:;<=>?@[\\\]^_`{|}~]|(?<=www)\./gi, String.raw`\$&`);
}

/** The last part of a path of either kind. */
const nameOf = (path: string): string => path.split(/[\\/]/).at(-1) ?? path;
