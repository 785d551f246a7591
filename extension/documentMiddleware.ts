/** Which documents the daemon is told of, and where it is asked for links. */
import type { Middleware } from 'vscode-languageclient/node';

/** Longer documents are no source code that anybody reads, and would fill the daemon's memory. */
const maxChars = 2_000_000;

/** Keeps documents that are too large away from the daemon, and its links where links are written: in Markdown. */
export function documentMiddleware(): Required<
  Pick<
    Middleware,
    'didOpen' | 'didChange' | 'didClose' | 'provideDocumentLinks' | 'provideCodeLenses'
  >
> {
  const skipped = new Set<string>();
  return {
    didOpen: async (document, next) => {
      if (document.getText().length > maxChars) skipped.add(document.uri.toString());
      else await next(document);
    },
    didChange: async (event, next) => {
      if (!skipped.has(event.document.uri.toString())) await next(event);
    },
    didClose: async (document, next) => {
      if (!skipped.delete(document.uri.toString())) await next(document);
    },
    provideDocumentLinks: (document, token, next) =>
      document.languageId === 'markdown' ? next(document, token) : undefined,
    provideCodeLenses: (document, token, next) =>
      document.languageId === 'markdown' ? next(document, token) : undefined,
  };
}
