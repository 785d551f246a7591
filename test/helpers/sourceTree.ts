/** Reads the repository's own sources for the tests that guard its architecture. */
import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** One import of a file, `export … from` and `import()` included. */
export interface Import {
  /** A file of the repository, or the name of a package: `node:fs`, `vscode`. */
  readonly to: string;
  /** Gone at run time. */
  readonly isTypeOnly: boolean;
}

export interface SourceFile {
  /** From the repository's root, with slashes. */
  readonly path: string;
  readonly imports: readonly Import[];
  /** Words that the house forbids, with their lines: `any`, `console`, `Date.now`. */
  readonly words: readonly { readonly word: string; readonly line: number }[];
}

/** Paths of all files below a folder that end so; folders that are installed, built or hidden are left out. */
export function listFiles(folder: string, ending: string): string[] {
  return readdirSync(posix.join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = posix.join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'node_modules') return [];
    if (entry.isDirectory()) return listFiles(path, ending);
    return entry.name.endsWith(ending) ? [path] : [];
  });
}

export function readText(path: string): string {
  return readFileSync(posix.join(root, path), 'utf8');
}

/** Reads a TypeScript file. @param text instead of what is on disk. */
export function readSource(path: string, text = readText(path)): SourceFile {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const imports: Import[] = [];
  const words: { word: string; line: number }[] = [];
  const found = (word: string, node: ts.Node): void => {
    words.push({ word, line: tree.getLineAndCharacterOfPosition(node.getStart()).line + 1 });
  };
  const imported = (node: ts.Node | undefined, isTypeOnly: boolean): void => {
    if (!node || !ts.isStringLiteral(node)) return;
    const isFile = node.text.startsWith('.');
    const to = isFile ? posix.join(posix.dirname(path), node.text) : node.text;
    imports.push({ to, isTypeOnly });
  };
  const visit = (node: ts.Node): void => {
    if (ts.isImportDeclaration(node)) {
      const clause = node.importClause;
      imported(node.moduleSpecifier, clause?.phaseModifier === ts.SyntaxKind.TypeKeyword);
    } else if (ts.isExportDeclaration(node)) {
      imported(node.moduleSpecifier, node.isTypeOnly);
    } else if (ts.isImportTypeNode(node)) {
      imported(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true);
    } else if (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword) {
      imported(node.arguments[0], false);
    } else if (node.kind === ts.SyntaxKind.AnyKeyword) {
      found('any', node);
    } else if (ts.isPropertyAccessExpression(node)) {
      const name = node.getText();
      if (name.startsWith('console.')) found('console', node);
      if (name === 'Date.now') found('Date.now', node);
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return { path, imports, words };
}
