/** The name of the file whose text is shown: from breadcrumbs, tabs and the window's title, as far as they agree. */
import type { ScreenLineAt } from '../../protocol/index.ts';
import { languageOfFile } from './languages.ts';
import { toPiece, type Piece } from './pieces.ts';

/** Where the text stands, px of the video. */
interface Place {
  readonly left: number;
  readonly right: number;
  readonly top: number;
}

/** A word with an ending of letters, or one that is a file's whole name. */
const fileWord = /[^\s<>:"|?*\\/›»,;()[\]{}'`]+/g;
/** What a tab shows at its end: the active one always has its close button. */
const closeMark = /^\s*(?:[MUAD]\b)?\s*(?:\d+\b)?\s*[×✕✖✗xX●•]/;
/** The reader may not see the dot of a name. */
const withoutDots = (name: string): string => name.replaceAll('.', '').toLowerCase();

/** Line numbers and an icon stand further left than the text, px. */
const titleReachPx = 200;
/** The path stands no further above the text, line heights. */
const titleRows = 4;

interface Named {
  readonly name: string;
  readonly isActive: boolean;
}

/**
 * @param lines all lines on screen
 * @param place edges of the text in the editor
 * @returns undefined when several files are open and nothing tells which one is shown
 */
export function findFileName(lines: readonly ScreenLineAt[], place: Place): string | undefined {
  const pieces = lines.map(toPiece).filter(({ middle }) => middle < place.top);
  const inReach = pieces.filter(({ left, right }) => left < place.right && right > 0);
  const tabs = nearest(inReach, 'tabs', place).flatMap(namesIn);
  const crumbs = nearest(inReach, 'breadcrumbs', place);
  const known = [...lines.map(toPiece).flatMap(namesIn), ...tabs].map(({ name }) => name);
  const crumb = crumbs.flatMap((piece) => fromBreadcrumbs(piece, known)).at(-1);
  if (crumb !== undefined) return withItsDots(crumb, known);
  const active = tabs.filter(({ isActive }) => isActive);
  if (active.length === 1) return withItsDots(active[0]!.name, known);
  const title = rightAbove(inReach, place, known);
  if (title !== undefined) return withItsDots(title, known);
  const different = new Set(tabs.map(({ name }) => withItsDots(name, known)));
  if (different.size === 1) return [...different][0];
  return fromTitle(pieces, known);
}

/** Of the ways in which a name was read on this screen, the one with the most dots: the reader loses some, and makes up none. */
function withItsDots(name: string, known: readonly string[]): string {
  const dots = (one: string): number => one.split('.').length;
  return known
    .filter((other) => withoutDots(other) === withoutDots(name))
    .reduce((best, other) => (dots(other) > dots(best) ? other : best), name);
}

/** The lowest row of this region above the text: an editor below another one has its own. */
function nearest(
  pieces: readonly Piece[],
  region: ScreenLineAt['region'],
  { left, right }: Place,
): Piece[] {
  const all = pieces.filter(
    (piece) =>
      piece.line.region === region && piece.left < right && piece.right > left - titleReachPx,
  );
  const lowest = Math.max(...all.map(({ middle }) => middle));
  return all
    .filter(({ middle, height }) => lowest - middle < height)
    .sort((a, b) => a.left - b.left);
}

/** Regions whose lines never stand between an editor's tabs and its text, and tabs themselves. */
const elsewhere: ReadonlySet<string> = new Set(['tree', 'statusBar', 'popup', 'dialog', 'tabs']);

/** What stands closest above the text, whatever it was taken for. */
function rightAbove(
  pieces: readonly Piece[],
  { left, top }: Place,
  known: readonly string[],
): string | undefined {
  const near = pieces.filter(
    ({ line, right, middle, height }) =>
      !elsewhere.has(line.region) &&
      right > left - titleReachPx &&
      top - middle < titleRows * height,
  );
  const named = near
    .sort((a, b) => b.middle - a.middle)
    .flatMap((piece) => fromBreadcrumbs(piece, known).map((name) => ({ piece, name })));
  // Several in one row are tabs, and nothing tells which is the active one.
  const [lowest] = named;
  const isAlone = named.every(
    ({ piece, name }) =>
      name === lowest!.name || lowest!.piece.middle - piece.middle > lowest!.piece.height / 2,
  );
  return isAlone ? lowest?.name : undefined;
}

function namesIn({ text }: Piece): Named[] {
  return [...text.matchAll(fileWord)].flatMap((match) => {
    const [name] = match;
    if (!languageOfFile(name)) return [];
    return [{ name, isActive: closeMark.test(text.slice(match.index + name.length)) }];
  });
}

/** The last part of the path, before the symbols in the file. */
function fromBreadcrumbs({ text }: Piece, known: readonly string[]): string[] {
  for (const part of text.split(/\s+[>›»]\s*|[>›»]\s+/)) {
    // An icon may be read as a word before the name.
    const word = part.trim().split(/\s+/).at(-1) ?? '';
    const alike = known.find((name) => withoutDots(name) === withoutDots(word));
    if (alike !== undefined) return [alike];
    if (languageOfFile(word)) return [word];
  }
  return [];
}

/** "● app.ts - project - Editor" at the top of a window. */
function fromTitle(pieces: readonly Piece[], known: readonly string[]): string | undefined {
  const titles = pieces
    .filter(({ text }) => / [-—–] /.test(text))
    .sort((a, b) => a.middle - b.middle);
  for (const { text } of titles) {
    const [first = ''] = text.replace(/^[●•*]\s*/, '').split(/ [-—–] /);
    const name = first.trim();
    if (known.includes(name)) return name;
  }
  return undefined;
}
