/** What the second stage has held back, as people read it. */
import * as l10n from '@vscode/l10n';
import type { State } from './state.ts';

/** What was said and is not shown, behind how far the watching is: “ · Withheld as unsure: 3”. */
export function withheldText({ watch: { stats } }: State): string {
  const parts = [
    ...(stats?.repliesWithheld ? [l10n.t('Withheld as unsure: {0}', stats.repliesWithheld)] : []),
    ...(stats?.repliesUngrounded
      ? [l10n.t('Withheld as not on screen: {0}', stats.repliesUngrounded)]
      : []),
    ...(stats?.repliesContradicted
      ? [l10n.t('Withheld as no longer on screen: {0}', stats.repliesContradicted)]
      : []),
    ...(stats?.repliesRepeated
      ? [l10n.t('Withheld as said before: {0}', stats.repliesRepeated)]
      : []),
  ];
  return parts.map((part) => ` · ${part}`).join('');
}
