/** Grammars that tell whether a text parses. They are large: each is loaded when it is needed, and stays. */
import { createRequire } from 'node:module';
import path from 'node:path';
import type * as TreeSitter from '@vscode/tree-sitter-wasm';
import { completeFragment, withoutEdges } from './fragment.ts';

/** Languages whose blocks are indented. */
const indented: ReadonlySet<string> = new Set(['python']);

/** How a text fares in a grammar. */
export interface Verdict {
  /** No error but in the first or the last line, which the edge of the screen or of the typing may cut. */
  readonly parses: boolean;
  /** Characters that fit nowhere ÷ all; 0 when it parses. */
  readonly errorShare: number;
}

export class Grammars {
  #library: Promise<typeof TreeSitter> | undefined;
  readonly #loaded = new Map<string, Promise<TreeSitter.Language>>();
  readonly #folder: string;

  constructor() {
    // A package with files beside its code: found as Node finds it, in a clone as in the installed extension.
    const require = createRequire(import.meta.url);
    this.#folder = path.dirname(require.resolve('@vscode/tree-sitter-wasm'));
  }

  /** @param grammar as in `languages` @throws Error when it is not installed */
  async judge(grammar: string, text: string): Promise<Verdict> {
    const { Parser } = await (this.#library ??= this.#start());
    const language = await this.#load(grammar);
    const parser = new Parser();
    try {
      parser.setLanguage(language);
      return judgeWith(parser, text, indented.has(grammar) ? 'indentation' : 'brackets');
    } finally {
      parser.delete();
    }
  }

  async #start(): Promise<typeof TreeSitter> {
    // CommonJS: what it exports is the default of the module.
    const { default: library } = (await import('@vscode/tree-sitter-wasm')) as unknown as {
      default: typeof TreeSitter;
    };
    await library.Parser.init({ locateFile: (name: string) => path.join(this.#folder, name) });
    return library;
  }

  #load(grammar: string): Promise<TreeSitter.Language> {
    const known = this.#loaded.get(grammar);
    if (known) return known;
    const loading = (async () => {
      const { Language } = await (this.#library ??= this.#start());
      return Language.load(path.join(this.#folder, `tree-sitter-${grammar}.wasm`));
    })();
    this.#loaded.set(grammar, loading);
    return loading;
  }
}

function judgeWith(
  parser: TreeSitter.Parser,
  text: string,
  blocks: 'brackets' | 'indentation',
): Verdict {
  const parse = (source: string): Verdict => {
    const tree = parser.parse(source);
    if (!tree) return { parses: false, errorShare: 1 };
    try {
      const { rootNode } = tree;
      if (!rootNode.hasError) return { parses: true, errorShare: 0 };
      const spaceless = source.replace(/\s/g, '').length;
      return { parses: false, errorShare: Math.min(1, errorCharacters(rootNode) / spaceless) };
    } finally {
      tree.delete();
    }
  };
  const whole = parse(text);
  if (whole.parses) return whole;
  // A part of a file is judged as if what was cut off were there.
  const fair = withoutEdges(text).map((part) => parse(completeFragment(part, blocks)));
  const parses = fair.some((verdict) => verdict.parses);
  const errorShare = Math.min(...[whole, ...fair].map((verdict) => verdict.errorShare));
  return { parses, errorShare: parses ? 0 : errorShare };
}

/** Characters of the tokens in an error that are part of nothing, and one for each token that is missing. */
function errorCharacters(node: TreeSitter.Node): number {
  if (node.isMissing) return 1;
  if (!node.hasError) return 0;
  const inner = node.children.reduce((sum, child) => sum + (child ? errorCharacters(child) : 0), 0);
  if (!node.isError) return inner;
  const loose = node.children
    .filter((child) => child !== null && child.childCount === 0 && !child.isMissing)
    .reduce((sum, child) => sum + (child?.text.length ?? 0), 0);
  return inner + Math.max(1, loose);
}
