/** The name under the cursor. Pure. */
import type { Position, Range } from 'vscode-languageserver-protocol';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import { wordsOf } from '../timeline/terms.ts';

/** Longer ones are data. */
const maxNameCharacters = 200;
/** Names of one and two signs are loop variables and the like: they stand everywhere and mean something else each time. */
const minNameCharacters = 3;

const namePattern = /[\p{L}_][\p{L}\p{N}\p{M}_$]*/gu;

/** Texts for people: there a word counts only when it could be none of a sentence, as `userName` could not. */
const proseLanguages: ReadonlySet<string> = new Set([
  ...['markdown', 'plaintext', 'latex', 'restructuredtext', 'asciidoc', 'log'],
  ...['git-commit', 'git-rebase', 'scminput', 'search-result'],
]);

/**
 * Words that many languages reserve: they stand on every screen of code, so where they stood says nothing. One list for all
 * languages, for a name such as `match` is a keyword on the screen even when it is none in the file.
 */
const reservedWords: ReadonlySet<string> = new Set(
  `abstract and any array assert async auto await base begin bool boolean break byte case catch chan char class const
  constructor continue crate debugger declare def default defer del delete double dyn elif else elsif elseif end ensure enum
  except exec explicit export extends extern false final finally float fn for foreach from func function global go goto if impl
  implements import in include init inline instanceof int interface internal is lambda let long loop match mod module mut
  namespace native new nil none None nonlocal not null nullptr number object operator or override package pass private protected
  protocol public raise readonly ref register repeat require rescue return sealed self short signed sizeof static str string
  String struct super switch synchronized template then this throw throws trait transient true True False try type typedef
  typeof undefined union unless unsafe unsigned until use using val var virtual void volatile when where while with yield`
    .split(/\s+/)
    .filter(Boolean),
);

export interface NameInText {
  readonly name: string;
  readonly range: Range;
}

/** @returns undefined where no name stands, or one that nobody would look for in a video */
export function nameAt(document: TextDocument, position: Position): NameInText | undefined {
  const { line, character } = document.positionAt(document.offsetAt(position));
  // Of a line that a machine wrote, only what is near is read.
  const first = Math.max(0, character - maxNameCharacters);
  const around = document.getText({
    start: { line, character: first },
    end: { line, character: character + maxNameCharacters },
  });
  for (const match of around.matchAll(namePattern)) {
    const start = first + match.index;
    const end = start + match[0].length;
    if (start > character) return undefined;
    if (end < character) continue;
    const name = match[0];
    if (!isLookedFor(name, document.languageId)) return undefined;
    return { name, range: { start: { line, character: start }, end: { line, character: end } } };
  }
  return undefined;
}

function isLookedFor(name: string, languageId: string): boolean {
  if (name.length < minNameCharacters || name.length >= maxNameCharacters) return false;
  if (reservedWords.has(name)) return false;
  return !proseLanguages.has(languageId) || wordsOf(name)[0]?.isName === true;
}
