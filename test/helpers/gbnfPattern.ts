/** A grammar without recursion as a regular expression, so that a test can tell what it lets pass. */

const parts = /"((?:[^"\\]|\\.)*)"|\[[^\]]*\]|[A-Za-z]+|\S/gu;
const writtenSign = /\\(?:U([0-9a-f]{8})|(.))/gu;

/** @param grammar GBNF as this program writes it: each rule on one line, root first */
export function patternOf(grammar: string): RegExp {
  const rules = new Map(
    grammar.split('\n').map((line) => line.split(' ::= ') as [name: string, body: string]),
  );
  const expand = (name: string): string => {
    const body = rules.get(name);
    if (body === undefined) throw new Error(`there is no rule ${name}`);
    const pattern = body.replace(parts, (part, text?: string) => {
      if (text !== undefined) return `(?:${asPattern(text)})`;
      return /^[A-Za-z]/.test(part) ? expand(part) : part;
    });
    return `(?:${pattern.replaceAll(/\) /g, ')').replaceAll(/ (?=[[(|])|\| /g, (blank) => blank.trim())})`;
  };
  return new RegExp(`^${expand('root')}$`, 'u');
}

/** What a literal stands for, sign by sign. */
const asPattern = (text: string): string =>
  Array.from(
    text.replace(writtenSign, (_, code: string | undefined, sign: string) =>
      code === undefined ? sign : String.fromCodePoint(Number.parseInt(code, 16)),
    ),
    (sign) => `\\u{${sign.codePointAt(0)!.toString(16)}}`,
  ).join('');
