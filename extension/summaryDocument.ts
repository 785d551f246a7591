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
 * Writes the document. Everything it says comes from the row; only its title, which names a stretch, is put into the words of a
 * document: the video's name, and the stretch as links.
 */
export function summaryDocument(
  { startMs, endMs, markdown, citations, model }: SummaryRow,
  subject: SummarySubject,
): string {
  const link = (atMs: MediaMs): string => linkTo(atMs, subject);
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

const linkTo = (atMs: MediaMs, { path, scheme }: SummarySubject): string =>
  `[${formatMediaTime(atMs)}](${formatDeepLink(scheme, { path, atMs })})`;

/** Characters of a name that Markdown would take for its own. */
const escapeMarkdown = (text: string): string => text.replace(/[\\`*_[\]<>#|]/g, '\\$&');
