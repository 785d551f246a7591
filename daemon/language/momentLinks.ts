/** Deep links in a text, as links and lenses that seek. Pure. */
import type { CodeLens, DocumentLink, Range } from 'vscode-languageserver-protocol';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import {
  formatMediaTime,
  formatSeekLink,
  parseDeepLink,
  seekCommand,
  type SeekTarget,
} from '../../protocol/index.ts';

/** More than a summary of many hours has. */
const maxLinks = 2000;
/** More do not fit above a line. */
const maxLensesPerLine = 8;

/** Parentheses and the like end a link of Markdown; `formatDeepLink` writes none of them. */
const linkPattern =
  /[a-z][a-z0-9+.-]{0,40}:\/\/codealong\.codealong\/open\?[^\s<>()[\]"`|]{1,4096}/gi;
/** Signs behind a bare link that belong to the sentence or to its emphasis. */
const sentenceEnd = /[.,;:!?*_~']+$/;

interface MomentLink {
  readonly range: Range;
  readonly target: SeekTarget;
}

/** Links lead straight to the player, without the way round through the system. */
export function documentLinks(document: TextDocument): DocumentLink[] {
  return findMoments(document).map(({ range, target }) => ({
    range,
    target: formatSeekLink(target),
    tooltip: `Play from ${formatMediaTime(target.atMs)}`,
  }));
}

/** A lens above each line for every moment that it links to. */
export function codeLenses(document: TextDocument): CodeLens[] {
  const known = new Map<number, Set<string>>();
  return findMoments(document).flatMap(({ range, target }) => {
    const titles = known.get(range.start.line) ?? new Set();
    known.set(range.start.line, titles);
    const key = JSON.stringify(target);
    if (titles.has(key) || titles.size >= maxLensesPerLine) return [];
    titles.add(key);
    const title = `▶ ${formatMediaTime(target.atMs)}`;
    return [{ range, command: { title, command: seekCommand, arguments: [target] } }];
  });
}

/** A link without a moment is left to the editor. */
function findMoments(document: TextDocument): MomentLink[] {
  if (document.languageId !== 'markdown') return [];
  const moments: MomentLink[] = [];
  for (const match of document.getText().matchAll(linkPattern)) {
    const link = match[0].replace(sentenceEnd, '');
    const { path, atMs } = parseDeepLink(link) ?? {};
    if (path === undefined || atMs === undefined) continue;
    const start = document.positionAt(match.index);
    const end = document.positionAt(match.index + link.length);
    moments.push({ range: { start, end }, target: { path, atMs } });
    if (moments.length === maxLinks) break;
  }
  return moments;
}
