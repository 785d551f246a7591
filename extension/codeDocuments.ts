/** Code of a video as documents that can be read and compared: `codealong-code:/<kind>/<file name>?<what>`. */
import path from 'node:path';
import * as vscode from 'vscode';
import { AppError } from '../daemon/base/errors.ts';
import { unsureBelow, type CodeAtMoment, type MediaMs } from '../protocol/index.ts';
import { alignCode, withStretch, type Stretch } from './codeAlignment.ts';
import type { VideoRequests } from './videoRequests.ts';

/** Of the documents' addresses; the menus of package.json name it too. */
export const codeScheme = 'codealong-code';

/** A moment of a video. */
export interface Moment {
  /** Absolute path of the video. */
  readonly path: string;
  readonly atMs: MediaMs;
}

/** What a document shows. */
export interface CodeSubject extends Moment {
  /** seen: the code as it stood on screen. merged: a file of one's own with it. proposal: the same, to be taken over. */
  readonly kind: 'seen' | 'merged' | 'proposal';
  readonly region: CodeAtMoment['region'];
  /** The file of one's own, as text; absent for `seen`. */
  readonly mine?: string;
}

/** A line that may have been read wrong. */
export interface UncertainLine {
  /** Its place in the text, from 0. */
  readonly line: number;
  /** The reader's, 0 … 1. */
  readonly confidence: number;
}

/** How a document came about. */
export interface CodeVersion {
  readonly text: string;
  readonly uncertain: readonly UncertainLine[];
  /** The file's own text then, and what was put into it; absent for `seen`. */
  readonly base?: string;
  readonly stretch?: Stretch;
}

export interface CodeDocumentsParts {
  readonly requests: Pick<VideoRequests, 'code'>;
  /** Only videos that people have opened are read: an address may come from anywhere. */
  readonly isKnown: (path: string) => boolean;
}

/** The address of a document. @param fileName tells the editor the language */
export function codeUri(subject: CodeSubject, fileName: string): vscode.Uri {
  return vscode.Uri.from({
    scheme: codeScheme,
    path: path.posix.join('/', subject.kind, path.basename(fileName)),
    query: JSON.stringify(subject),
  });
}

/** @throws AppError "request.invalid" for an address that no command made */
export function parseCodeUri({ query }: vscode.Uri): CodeSubject {
  try {
    const { kind, path: file, atMs, region, mine } = JSON.parse(query) as Partial<CodeSubject>;
    const isKind = kind === 'seen' || kind === 'merged' || kind === 'proposal';
    const isWhole =
      isKind &&
      typeof file === 'string' &&
      Number.isFinite(atMs) &&
      (kind === 'seen') === (mine === undefined);
    if (isWhole && (region === 'editor' || region === 'terminal')) {
      return { kind, path: file, atMs: atMs!, region, ...(mine === undefined ? {} : { mine }) };
    }
  } catch {
    // What is no JSON is refused as well.
  }
  throw new AppError('request.invalid');
}

/** Lines whose confidence is low. Empty lines cannot be misread. */
export function uncertainLines({ lines }: Pick<CodeAtMoment, 'lines'>): readonly UncertainLine[] {
  return lines.flatMap(({ text, confidence }, line) =>
    text.trim() !== '' && confidence < unsureBelow ? [{ line, confidence }] : [],
  );
}

/** The code as it was seen. */
export const seenVersion = (code: Pick<CodeAtMoment, 'lines' | 'text'>): CodeVersion => ({
  text: code.text,
  uncertain: uncertainLines(code),
});

/** The rest of the file is the file's own. @returns undefined when the code belongs nowhere in it */
export function mergeCode(
  document: Pick<vscode.TextDocument, 'getText' | 'eol'>,
  code: Pick<CodeAtMoment, 'lines'>,
): CodeVersion | undefined {
  const base = document.getText();
  const mine = base.split(/\r\n|\r|\n/);
  const stretch = alignCode(
    mine,
    code.lines.map(({ text }) => text),
    tabSize(),
  );
  if (!stretch) return undefined;
  const endOfLine = document.eol === vscode.EndOfLine.CRLF ? '\r\n' : '\n';
  // An empty file has no last line to end.
  const end = base === '' ? endOfLine : '';
  // Every seen line has its place in the stretch. What the file says too was read right.
  const own = new Set(mine);
  const uncertain = uncertainLines(code)
    .filter(({ line }) => !own.has(stretch.lines[line]!))
    .map(({ line, confidence }) => ({ line: stretch.startLine + line, confidence }));
  return { base, stretch, uncertain, text: withStretch(mine, stretch, endOfLine) + end };
}

function tabSize(): number {
  const size = vscode.window.activeTextEditor?.options.tabSize;
  return typeof size === 'number' ? size : 4;
}

/** Makes the texts; those that a command has just made are not asked for again. After a reload of the window they are. */
export class CodeDocuments implements vscode.TextDocumentContentProvider, vscode.Disposable {
  readonly #parts: CodeDocumentsParts;
  readonly #versions = new Map<string, CodeVersion>();
  readonly #changed = new vscode.EventEmitter<vscode.Uri>();
  readonly #registrations: readonly vscode.Disposable[];

  readonly onDidChange: vscode.Event<vscode.Uri> = this.#changed.event;

  constructor(parts: CodeDocumentsParts) {
    this.#parts = parts;
    this.#registrations = [
      vscode.workspace.registerTextDocumentContentProvider(codeScheme, this),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#versions.delete(uri.toString())),
    ];
  }

  /** Puts a version into the document, open or about to be opened. */
  set(uri: vscode.Uri, version: CodeVersion): void {
    this.#versions.set(uri.toString(), version);
    this.#changed.fire(uri);
  }

  get(uri: vscode.Uri): CodeVersion | undefined {
    return this.#versions.get(uri.toString());
  }

  /** @throws AppError when the video cannot be read, or nobody has opened it */
  async provideTextDocumentContent(
    uri: vscode.Uri,
    token: vscode.CancellationToken,
  ): Promise<string> {
    const known = this.get(uri);
    if (known) return known.text;
    const subject = parseCodeUri(uri);
    if (!this.#parts.isKnown(subject.path)) throw new AppError('request.invalid');
    const { atMs, region } = subject;
    const code = await this.#parts.requests.code(subject.path, { atMs, region }, { token });
    const version = await this.#make(subject, code);
    this.#versions.set(uri.toString(), version);
    return version.text;
  }

  async #make({ mine }: CodeSubject, code: CodeAtMoment): Promise<CodeVersion> {
    if (mine === undefined) return seenVersion(code);
    const document = await vscode.workspace.openTextDocument(vscode.Uri.parse(mine, true));
    return mergeCode(document, code) ?? seenVersion(code);
  }

  dispose(): void {
    for (const registration of this.#registrations) registration.dispose();
    this.#changed.dispose();
  }
}
