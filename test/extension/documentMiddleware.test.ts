import type { TextDocument, TextDocumentChangeEvent } from 'vscode';
import { CancellationTokenSource, Uri } from 'vscode';
import { describe, expect, it } from 'vitest';
import { documentMiddleware } from '../../extension/documentMiddleware.ts';

const document = (name: string, { chars = 10, languageId = 'plaintext' } = {}): TextDocument =>
  ({
    uri: Uri.file(`/project/${name}`),
    languageId,
    getText: () => 'x'.repeat(chars),
  }) as unknown as TextDocument;

/** Opens, changes and closes a document. @returns what the daemon is told */
async function live(one: TextDocument): Promise<readonly string[]> {
  const told: string[] = [];
  const tell = (word: string) => (): Promise<void> => {
    told.push(word);
    return Promise.resolve();
  };
  const { didOpen, didChange, didClose } = documentMiddleware();
  await didOpen(one, tell('open'));
  await didChange({ document: one } as TextDocumentChangeEvent, tell('change'));
  await didClose(one, tell('close'));
  await didOpen(document('other'), tell('other'));
  return told;
}

describe('documentMiddleware', () => {
  it('tells the daemon of documents that people read', async () => {
    expect(await live(document('a.ts'))).toEqual(['open', 'change', 'close', 'other']);
  });

  it('keeps to itself what is too large', async () => {
    expect(await live(document('dump.sql', { chars: 2_000_001 }))).toEqual(['other']);
  });

  it('asks for links and lenses in Markdown only', () => {
    const { token } = new CancellationTokenSource();
    const { provideDocumentLinks, provideCodeLenses } = documentMiddleware();
    const ask = (languageId: string): readonly unknown[] => {
      const one = document('notes', { languageId });
      return [provideDocumentLinks(one, token, () => []), provideCodeLenses(one, token, () => [])];
    };
    expect(ask('markdown')).toEqual([[], []]);
    expect(ask('typescript')).toEqual([undefined, undefined]);
  });
});
