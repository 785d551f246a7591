/** A part of a file, as a screen shows it, made whole: brackets and blocks that were cut off are put back for the parser alone. */

const closers: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };
const openers: Readonly<Record<string, string>> = { ')': '(', ']': '[', '}': '{' };

/** Strings and comments of the usual languages, where brackets mean nothing. */
const silent =
  /"""[\s\S]*?"""|'''[\s\S]*?'''|"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'|\/\/[^\n]*|\/\*[\s\S]*?\*\/|(?:^|\s)#[^\n]*/g;

/** Adds what must have stood before and after. @param blocks what holds a block together in this language */
export function completeFragment(text: string, blocks: 'brackets' | 'indentation'): string {
  return dedent(blocks === 'brackets' ? withBrackets(text) : withHeads(text));
}

/** Openers for the closers that have none go before the text, closers for open brackets behind it. */
function withBrackets(text: string): string {
  const open: string[] = [];
  let missing = '';
  for (const bracket of text.replace(silent, ' ').match(/[()[\]{}]/g) ?? []) {
    if (bracket in closers) open.push(bracket);
    else if (open.at(-1) === openers[bracket]) open.pop();
    // The innermost one closes first, so the last that is missing stood first.
    else if (open.length === 0) missing = openers[bracket]! + missing;
  }
  // A function's body in a call: `{ … })` came from `(() => { … })`, and from `f(function () { … })` in older code.
  const before = missing.replaceAll('({', '(() => {');
  const behind = open.reverse().map((bracket) => closers[bracket]!);
  return `${before}${before === '' ? '' : '\n'}${text}\n${behind.join('')}`;
}

/** A head for each block that the text ends without having begun it. */
function withHeads(text: string): string {
  const [first = 0, ...others] = indentsOf(text);
  let innermost = first;
  let heads = '';
  for (const indent of others) {
    if (indent >= innermost) continue;
    heads = `${' '.repeat(indent)}if 1:\n${heads}`;
    innermost = indent;
  }
  return heads + text;
}

const indentsOf = (text: string): number[] =>
  text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => line.length - line.trimStart().length);

/** Starts at column 0. */
function dedent(text: string): string {
  const least = Math.min(...indentsOf(text));
  const from = Number.isFinite(least) ? least : 0;
  return text
    .split('\n')
    .map((line) => line.slice(from))
    .join('\n');
}

/** The text, and the text without its first line, its last one, and both: those may be cut. */
export function withoutEdges(text: string): string[] {
  const lines = text.split('\n');
  if (lines.length < 3) return [text];
  const [headless, tailless] = [lines.slice(1), lines.slice(0, -1)];
  return [lines, headless, tailless, headless.slice(0, -1)].map((part) => part.join('\n'));
}
