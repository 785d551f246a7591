/** The moments that a summary lists, found again in its text. */
import type { Citation, SummaryRow } from './timeline.ts';
import { formatMediaTime } from './units.ts';

/**
 * The summary's Markdown with each listed time replaced, for instance by a link to the moment.
 * @param linkOf gets the row behind the item, with the exact moment as its `startMs`, and the time as it is written
 */
export function linkMoments(
  { markdown, citations }: Pick<SummaryRow, 'markdown' | 'citations'>,
  linkOf: (moment: Citation, label: string) => string,
): string {
  let from = 0;
  return markdown.replace(/^- \*\*(\d+:\d\d(?::\d\d)?)\*\*(?= )/gm, (item, label: string) => {
    const index = citations.findIndex(
      ({ startMs }, at) => at >= from && formatMediaTime(startMs) === label,
    );
    const moment = citations[index];
    if (!moment) return item;
    from = index + 1;
    return `- ${linkOf(moment, label)}`;
  });
}
