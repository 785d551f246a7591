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
/** What stands before the link of a reference definition: `[0:14]: `. */
const definitionStart = /^ {0,3}\[([^[\]\n]{1,200})\]:[ \t]*<?$/;
/** Uses of a definition: `[0:14]`, or `[words][0:14]`; not an inline link, not the definition itself. */
const referencePattern = /(?:\[[^[\]\n]{1,200}\])?\[([^[\]\n]{1,200})\](?![(:[])/g;
/** Signs behind a bare link that belong to the sentence or to its emphasis. */
const sentenceEnd = /[.,;:!?*_~']+$/;

interface MomentLink {
  readonly range: Range;
  readonly target: SeekTarget;
  /** Of a reference definition, which others use; absent for a link that stands where it is read. */
  readonly label?: string;
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
  return findMoments(document).flatMap(({ range, target, label }) => {
    // Nobody reads the definitions.
    if (label !== undefined) return [];
    const titles = known.get(range.start.line) ?? new Set();
    known.set(range.start.line, titles);
    const key = JSON.stringify(target);
    if (titles.has(key) || titles.size >= maxLensesPerLine) return [];
    titles.add(key);
    const title = `▶ ${formatMediaTime(target.atMs)}`;
    return [{ range, command: { title, command: seekCommand, arguments: [target] } }];
  });
}

/** Links where they stand, then the uses of those that are reference definitions. */
function findMoments(document: TextDocument): readonly MomentLink[] {
  if (document.languageId !== 'markdown') return [];
  const links = findLinks(document);
  return [...links, ...findReferences(document, links)].slice(0, maxLinks);
}

/** A link without a moment is left to the editor. */
function findLinks(document: TextDocument): MomentLink[] {
  const text = document.getText();
  const links: MomentLink[] = [];
  for (const match of text.matchAll(linkPattern)) {
    const link = match[0].replace(sentenceEnd, '');
    const { path, atMs } = parseDeepLink(link) ?? {};
    if (path === undefined || atMs === undefined) continue;
    const start = document.positionAt(match.index);
    const end = document.positionAt(match.index + link.length);
    const before = text.slice(match.index - start.character, match.index);
    const label = definitionStart.exec(before)?.[1];
    const moment = { range: { start, end }, target: { path, atMs } };
    links.push(label === undefined ? moment : { ...moment, label });
    if (links.length === maxLinks) break;
  }
  return links;
}

/** @source CommonMark, "Link reference definitions": labels match whatever their case, and the first definition counts */
function findReferences(document: TextDocument, links: readonly MomentLink[]): MomentLink[] {
  const targets = new Map<string, SeekTarget>();
  for (const { label, target } of links) {
    const key = label?.toLowerCase();
    if (key !== undefined && !targets.has(key)) targets.set(key, target);
  }
  if (targets.size === 0) return [];
  return [...document.getText().matchAll(referencePattern)].flatMap((match) => {
    const target = targets.get(match[1]!.toLowerCase());
    if (!target) return [];
    const start = document.positionAt(match.index);
    const end = document.positionAt(match.index + match[0].length);
    return [{ range: { start, end }, target }];
  });
}
