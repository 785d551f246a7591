/** The daemon as a language server: what it can, and who answers which method. Knows nothing of the connection. */
import type {
  CodeLens,
  DocumentLink,
  Hover,
  ServerCapabilities,
} from 'vscode-languageserver-protocol';
import { z } from 'zod';
import type { NotificationMethod, RequestMethod } from '../../protocol/index.ts';
import type { Stretch } from '../timeline/nameSearch.ts';
import { Documents } from './documents.ts';
import { describeSightings } from './hover.ts';
import { nameAt } from './identifiers.ts';
import { codeLenses, documentLinks } from './momentLinks.ts';
import type { OpenVideo } from './openVideos.ts';

/** Told in the answer to `initialize`. */
export const languageCapabilities: ServerCapabilities = {
  positionEncoding: 'utf-16',
  // 2: only what changed is sent. @source LSP 3.17, TextDocumentSyncKind.Incremental
  textDocumentSync: { openClose: true, change: 2 },
  hoverProvider: true,
  documentLinkProvider: { resolveProvider: false },
  codeLensProvider: { resolveProvider: false },
};

/** What the features look at beside the texts. */
export interface LanguageHost {
  /** Newest first. */
  openVideos(): readonly OpenVideo[];
  /** In the order of their starts; from what is stored. */
  findName(videoId: string, name: string): Promise<readonly Stretch[]>;
}

/** Where handlers are put; whoever has it checks params against the schema and answers errors. */
export interface LanguageRegistrar {
  onRequest<Params, Result>(
    method: RequestMethod<Params, Result>,
    schema: z.ZodType<Params>,
    answer: (params: Params) => Promise<Result>,
  ): void;
  /** Params that are not as agreed are passed over. */
  onNotification<Params>(
    method: NotificationMethod<Params>,
    schema: z.ZodType<Params>,
    take: (params: Params) => void,
  ): void;
}

const count = z.number().int().nonnegative();
const position = z.object({ line: count, character: count });
const textDocument = z.object({ uri: z.string() });
const inDocument = z.object({ textDocument });
const atPosition = z.object({ textDocument, position });
const opening = z.object({
  textDocument: z.object({
    uri: z.string(),
    languageId: z.string(),
    version: z.number(),
    text: z.string(),
  }),
});
const changing = z.object({
  textDocument: z.object({ uri: z.string(), version: z.number() }),
  contentChanges: z.array(
    z.union([
      z.object({ range: z.object({ start: position, end: position }), text: z.string() }),
      z.object({ text: z.string() }),
    ]),
  ),
});

type InDocument = z.output<typeof inDocument>;

/** @source LSP 3.17, "Text Document Synchronization" and "Language Features" */
const methods = {
  didOpen: { method: 'textDocument/didOpen' } as NotificationMethod<z.output<typeof opening>>,
  didChange: { method: 'textDocument/didChange' } as NotificationMethod<z.output<typeof changing>>,
  didClose: { method: 'textDocument/didClose' } as NotificationMethod<InDocument>,
  hover: { method: 'textDocument/hover' } as RequestMethod<
    z.output<typeof atPosition>,
    Hover | null
  >,
  links: { method: 'textDocument/documentLink' } as RequestMethod<InDocument, DocumentLink[]>,
  lenses: { method: 'textDocument/codeLens' } as RequestMethod<InDocument, CodeLens[]>,
};

/** Registers everything for one client. */
export function registerLanguageFeatures(registrar: LanguageRegistrar, host: LanguageHost): void {
  const documents = new Documents();
  registrar.onNotification(methods.didOpen, opening, ({ textDocument: { uri, ...opened } }) => {
    documents.open(uri, opened);
  });
  registrar.onNotification(methods.didChange, changing, ({ textDocument: changed, ...rest }) => {
    documents.change(changed.uri, changed.version, rest.contentChanges);
  });
  registrar.onNotification(methods.didClose, inDocument, ({ textDocument: { uri } }) => {
    documents.close(uri);
  });
  registrar.onRequest(methods.hover, atPosition, async (params) => {
    const document = documents.get(params.textDocument.uri);
    const found = document && nameAt(document, params.position);
    if (!found) return null;
    const seen = await Promise.all(
      host.openVideos().map(async ({ path, videoId }) => ({
        path,
        stretches: await host.findName(videoId, found.name),
      })),
    );
    const value = describeSightings(seen);
    if (value === undefined) return null;
    return { contents: { kind: 'markdown' as const, value }, range: found.range };
  });
  registrar.onRequest(methods.links, inDocument, ({ textDocument: { uri } }) => {
    const document = documents.get(uri);
    return Promise.resolve(document ? documentLinks(document) : []);
  });
  registrar.onRequest(methods.lenses, inDocument, ({ textDocument: { uri } }) => {
    const document = documents.get(uri);
    return Promise.resolve(document ? codeLenses(document) : []);
  });
}
