/** The English texts that people see and that are translated, as the sources have them. */
import ts from 'typescript';
import { catalogue } from '../../daemon/base/errors.ts';
import { listFiles, readText } from './sourceTree.ts';

/** A text that is handed to a translator. */
export interface LocalText {
  readonly file: string;
  readonly text: string;
}

/** What the extension and its page hand to `t`, and the daemon's sentences, which the extension translates. */
export function localTexts(): readonly LocalText[] {
  const files = [...listFiles('extension', '.ts'), ...listFiles('webview', '.ts')];
  const pages = listFiles('webview', '.tsx');
  const sources = [...files, ...pages].filter((file) => !file.endsWith('.d.ts'));
  const errors = Object.values(catalogue).flatMap(({ sentence, remedy }) => [sentence, remedy]);
  return [
    ...sources.flatMap((file) => textsOf(file, readText(file))),
    ...errors.map((text) => ({ file: 'daemon/base/errors.ts', text })),
  ];
}

/** Texts in calls of `t(…)` and `….t(…)`; what is computed is no text of this file. */
export function textsOf(file: string, source: string): readonly LocalText[] {
  const texts: LocalText[] = [];
  const found = (node: ts.Expression): void => {
    if (ts.isStringLiteralLike(node)) texts.push({ file, text: node.text });
    else if (ts.isConditionalExpression(node)) {
      found(node.whenTrue);
      found(node.whenFalse);
    }
  };
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node) && node.arguments[0] && isTranslator(node.expression)) {
      found(node.arguments[0]);
    }
    ts.forEachChild(node, visit);
  };
  const kind = file.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS;
  visit(ts.createSourceFile(file, source, ts.ScriptTarget.Latest, true, kind));
  return texts;
}

const isTranslator = (callee: ts.Expression): boolean =>
  (ts.isIdentifier(callee) && callee.text === 't') ||
  (ts.isPropertyAccessExpression(callee) && callee.name.text === 't');
