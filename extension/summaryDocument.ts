/** A summary as a Markdown document whose times lead back into the video. Pure but for the person's language. */
import * as vscode from 'vscode';
import {
  formatDeepLink,
  formatMediaTime,
  linkMoments,
  type MediaMs,
  type SummaryRow,
} from '../protocol/index.ts';

export interface SummarySubject {
  /** Absolute path of the video. */
  readonly path: string;
  readonly name: string;
  /** Of the editor's links, such as `vscode`. */
  readonly scheme: string;
}

/**
 * Writes the document; its links stand at the end, so that the text itself can be read as it is. Everything it says comes from the row; only its title, which names a stretch, is put into the words of a
 * document: the video's name, and the stretch as links.
 */
export function summaryDocument(
  { startMs, endMs, markdown, citations, model }: SummaryRow,
  subject: SummarySubject,
): string {
  const links = new References(subject);
  const link = (atMs: MediaMs): string => links.to(atMs);
  const body = linkMoments({ markdown, citations }, (moment) => link(moment.startMs));
  return [
    `# ${escapeMarkdown(subject.name)}`,
    '',
    `${link(startMs)} – ${link(endMs)}`,
    '',
    withoutTitle(body).trim(),
    '',
    `_${vscode.l10n.t('Made by {0}.', escapeMarkdown(model))}_`,
    '',
    ...links.definitions,
    '',
  ].join('\n');
}

/** A name for the file of a summary. */
export function summaryFileName({ name }: SummarySubject, { startMs, endMs }: SummaryRow): string {
  const stretch = `${formatMediaTime(startMs)}-${formatMediaTime(endMs)}`.replaceAll(':', '.');
  return `${name.replace(/\.[^.]+$/, '')} ${stretch}.md`;
}

function withoutTitle(markdown: string): string {
  return markdown.replace(/^# .*\n+/, '');
}

/** Reference links to moments: `[0:14]` in the text, where each leads at its end. */
class References {
  readonly #subject: SummarySubject;
  /** Moments by the labels that stand for them. */
  readonly #moments = new Map<string, MediaMs>();

  constructor(subject: SummarySubject) {
    this.#subject = subject;
  }

  to(atMs: MediaMs): string {
    const time = formatMediaTime(atMs);
    const taken = this.#moments.get(time);
    if (taken === undefined) this.#moments.set(time, atMs);
    if (taken === undefined || taken === atMs) return `[${time}]`;
    // Another moment of the same second.
    const label = `${time}.${String(atMs % 1000).padStart(3, '0')}`;
    this.#moments.set(label, atMs);
    return `[${time}][${label}]`;
  }

  get definitions(): readonly string[] {
    const { path, scheme } = this.#subject;
    return [...this.#moments]
      .sort(([, a], [, b]) => a - b)
      .map(([label, atMs]) => `[${label}]: ${formatDeepLink(scheme, { path, atMs })}`);
  }
}

/** Characters of a name that Markdown would take for its own. */
const escapeMarkdown = (text: string): string => text.replace(/[\\`*_[\]<>#|]/g, '\\$&');
