/** A summary as a Markdown document whose times lead back into the video. Pure but for the person's language. */
import * as vscode from 'vscode';
import {
  formatDeepLink,
  formatMediaTime,
  type Citation,
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

/** `- **1:05** text`: how the daemon writes a step or a line. */
const item = /^- \*\*((?:\d+:)?\d+:\d{2})\*\* /;

/**
 * Writes the document. Everything it says comes from the row; only its title, which names a stretch, is put into the words of a
 * document: the video's name, and the stretch as links.
 */
export function summaryDocument(
  { startMs, endMs, markdown, citations, model }: SummaryRow,
  subject: SummarySubject,
): string {
  const link = (atMs: MediaMs): string => linkTo(atMs, subject);
  const body = withoutTitle(markdown);
  return [
    `# ${escapeMarkdown(subject.name)}`,
    '',
    `${link(startMs)} – ${link(endMs)}`,
    '',
    linkItems(body, citations, link).trim(),
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

/** The items stand in the order of their citations; a time that has none is left as it is. */
function linkItems(
  markdown: string,
  citations: readonly Citation[],
  link: (atMs: MediaMs) => string,
): string {
  let next = 0;
  const linkItem = (line: string): string => {
    const time = item.exec(line)?.[1];
    if (time === undefined) return line;
    const found = citations.findIndex(
      ({ startMs }, index) => index >= next && formatMediaTime(startMs) === time,
    );
    if (found < 0) return line;
    next = found + 1;
    return line.replace(item, `- ${link(citations[found]!.startMs)} `);
  };
  return markdown.split('\n').map(linkItem).join('\n');
}

const linkTo = (atMs: MediaMs, { path, scheme }: SummarySubject): string =>
  `[${formatMediaTime(atMs)}](${formatDeepLink(scheme, { path, atMs })})`;

/** Characters of a name that Markdown would take for its own. */
const escapeMarkdown = (text: string): string => text.replace(/[\\`*_[\]<>#|]/g, '\\$&');
