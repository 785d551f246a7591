/** The page's words in the person's language. */
import * as l10n from '@vscode/l10n';

/** Takes the translations, by the English text; what is missing stays English. */
export function setTranslations(contents: Readonly<Record<string, string>>): void {
  l10n.config({ contents: { ...contents } });
}

/** Writes how long something lasts, roughly: 40 s, 3 min, 1 h 5 min. */
export function formatDuration(ms: number): string {
  const seconds = Math.max(1, Math.round(ms / 1000));
  if (seconds < 60) return l10n.t('{0} s', seconds);
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return l10n.t('{0} min', minutes);
  return l10n.t('{0} h {1} min', Math.floor(minutes / 60), minutes % 60);
}
