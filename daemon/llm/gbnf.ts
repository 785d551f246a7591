/** Sets of texts as GBNF, the grammars of llama.cpp and of servers built on it. Pure. */

/** Texts that begin alike share a path, so that a sampler follows a few dozen ways at a time instead of one for each text. */
export interface Trie {
  /** Whether a text may end here. */
  isEnd: boolean;
  readonly next: Map<string, Trie>;
}

export const createTrie = (): Trie => ({ isEnd: false, next: new Map() });

/** The place behind `sign`, which is made when there is none. */
export function follow(trie: Trie, sign: string): Trie {
  let next = trie.next.get(sign);
  if (!next) trie.next.set(sign, (next = createTrie()));
  return next;
}

export function trieOf(texts: Iterable<string>): Trie {
  const root = createTrie();
  for (const text of texts) {
    let node = root;
    for (const sign of text) node = follow(node, sign);
    node.isEnd = true;
  }
  return root;
}

/** What a rule says that stands for all texts of a trie. @param write how a run of signs is put: as it stands, if nothing else is said */
export function alternativesOf({ next }: Trie, write: (text: string) => string = literal): string {
  return Array.from(next, ([sign, node]) => pathOf(sign, node, write)).join(' | ');
}

/** The longest run without a choice in one piece, then what may follow it. */
function pathOf(sign: string, node: Trie, write: (text: string) => string): string {
  let text = sign;
  let end = node;
  while (!end.isEnd && end.next.size === 1) {
    const [[following, child]] = end.next as unknown as [[string, Trie]];
    text += following;
    end = child;
  }
  const rest = end.next.size === 0 ? '' : ` (${alternativesOf(end, write)})${end.isEnd ? '?' : ''}`;
  return write(text) + rest;
}

/** A text that stands for itself. */
export function literal(text: string): string {
  const escaped = text.replace(/["\\]|[^\x20-\x7e]/gu, (sign) => {
    if (sign === '"' || sign === '\\') return `\\${sign}`;
    return `\\U${sign.codePointAt(0)!.toString(16).padStart(8, '0')}`;
  });
  return `"${escaped}"`;
}
