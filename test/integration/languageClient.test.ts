/** What an editor's language client says and expects, over the daemon's real socket and through LSP's own connection layer. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  createProtocolConnection,
  StreamMessageReader,
  StreamMessageWriter,
  type InitializeParams,
  type InitializeResult,
  type ProtocolConnection,
} from 'vscode-languageserver-protocol/node';
import { handshakeOf } from '../../daemon/client/connect.ts';
import { doctor, formatDeepLink, mediaMs, startSession } from '../../protocol/index.ts';
import { DaemonHome, noAbort } from '../helpers/daemonHome.ts';

const uri = 'file:///project/sum.ts';

/** As a large editor tells it: far more than the daemon needs. */
const capabilities: InitializeParams['capabilities'] = {
  general: { positionEncodings: ['utf-16'], staleRequestSupport: staleRequests() },
  window: { workDoneProgress: true, showDocument: { support: true }, showMessage: {} },
  workspace: {
    ...{ applyEdit: true, configuration: true, workspaceFolders: true },
    didChangeWatchedFiles: { dynamicRegistration: true, relativePatternSupport: true },
    semanticTokens: { refreshSupport: true },
    symbol: {
      symbolKind: { valueSet: Array.from({ length: 26 }, (_none, kind) => (kind + 1) as 1) },
    },
  },
  textDocument: {
    synchronization: { dynamicRegistration: true, willSave: true, didSave: true },
    hover: { contentFormat: ['markdown', 'plaintext'], dynamicRegistration: true },
    documentLink: { dynamicRegistration: true, tooltipSupport: true },
    codeLens: { dynamicRegistration: true },
    semanticTokens: {
      ...{ requests: { full: { delta: true } }, formats: ['relative'] },
      tokenTypes: Array.from({ length: 2000 }, (_none, index) => `type${index}`),
      tokenModifiers: ['declaration'],
    },
  },
};

function staleRequests() {
  return { cancel: true, retryOnContentModified: ['textDocument/semanticTokens/full'] };
}

let home: DaemonHome;
/** Keeps the daemon, and tells whether it still serves others. */
let other: Awaited<ReturnType<DaemonHome['connect']>>;
beforeEach(async () => {
  home = new DaemonHome();
  other = await home.connect();
});
afterEach(async () => {
  other.close();
  await home[Symbol.asyncDispose]();
});

async function open(): Promise<{
  socket: Socket;
  client: ProtocolConnection;
  result: InitializeResult;
}> {
  const socket = connect(home.paths.socket);
  await once(socket, 'connect');
  const client = createProtocolConnection(
    new StreamMessageReader(socket),
    new StreamMessageWriter(socket),
  );
  client.listen();
  const result = await client.sendRequest<InitializeResult>('initialize', {
    ...{ processId: process.pid, clientInfo: { name: 'Visual Studio Code', version: '1.139.1' } },
    ...{ locale: 'en', rootPath: '/work', rootUri: 'file:///work', capabilities, trace: 'verbose' },
    initializationOptions: handshakeOf(home.paths),
    workspaceFolders: [{ uri: 'file:///work', name: 'work' }],
  });
  await client.sendNotification('initialized', {});
  return { socket, client, result };
}

const works = async (): Promise<void> => {
  const report = await other.request(doctor, {}, { signal: noAbort });
  expect(report.checks.length).toBeGreaterThan(0);
};

describe('an editor', () => {
  it('is told what the daemon can, and nothing that it cannot', async () => {
    const { client, socket, result } = await open();
    expect(result).toEqual({
      capabilities: {
        positionEncoding: 'utf-16',
        textDocumentSync: { openClose: true, change: 2 },
        hoverProvider: true,
        documentLinkProvider: { resolveProvider: false },
        codeLensProvider: { resolveProvider: false },
      },
      serverInfo: { name: 'codealong', version: 'development' },
    });
    client.dispose();
    socket.destroy();
  });

  it('gets hovers, links and lenses for what it has open', async () => {
    const { client, socket } = await open();
    const source = { kind: 'file', path: '/videos/short.mp4' };
    await client.sendRequest(startSession.method, { source, options: {} });
    const opened = { uri, languageId: 'typescript', version: 1, text: 'const x = add(1)\n' };
    await client.sendNotification('textDocument/didOpen', { textDocument: opened });
    const position = { line: 0, character: 11 };
    const hover: unknown = await client.sendRequest('textDocument/hover', {
      textDocument: { uri },
      position,
    });
    expect(hover).toMatchObject({
      contents: { kind: 'markdown' },
      range: { start: { line: 0, character: 10 }, end: { line: 0, character: 13 } },
    });
    const link = formatDeepLink('vscode', { path: source.path, atMs: mediaMs(1000) });
    const notes = { uri: 'file:///n.md', languageId: 'markdown', version: 1, text: `[a](${link})` };
    await client.sendNotification('textDocument/didOpen', { textDocument: notes });
    const textDocument = { uri: notes.uri };
    const links: unknown = await client.sendRequest('textDocument/documentLink', { textDocument });
    expect(links).toHaveLength(1);
    const lenses: unknown = await client.sendRequest('textDocument/codeLens', { textDocument });
    expect(lenses).toMatchObject([{ command: { title: '▶ 0:01' } }]);
    client.dispose();
    socket.destroy();
  });

  it('may say what the daemon has no ear for, and is answered whatever it asks', async () => {
    const { client, socket } = await open();
    const said: unknown[] = [];
    client.onUnhandledNotification((one) => {
      said.push(one);
    });
    for (const [method, params] of [
      ['$/setTrace', { value: 'messages' }],
      ['$/unknown', {}],
      ['workspace/didChangeConfiguration', { settings: null }],
      ['workspace/didChangeWatchedFiles', { changes: [{ uri, type: 2 }] }],
      ['workspace/didChangeWorkspaceFolders', { event: { added: [], removed: [] } }],
      ['textDocument/didSave', { textDocument: { uri } }],
      ['textDocument/willSave', { textDocument: { uri }, reason: 1 }],
      ['textDocument/didChange', { textDocument: { uri, version: 9 }, contentChanges: [] }],
      ['textDocument/didClose', { textDocument: { uri } }],
      ['window/workDoneProgress/cancel', { token: 'nobody' }],
      ['notebookDocument/didOpen', { notebookDocument: {} }],
    ] as const) {
      await client.sendNotification(method, params);
    }
    for (const method of ['workspace/symbol', 'textDocument/completion', 'codealong/dance']) {
      await expect(client.sendRequest(method, { query: '' })).rejects.toMatchObject({
        code: -32601,
        message: `There is no method "${method}".`,
      });
    }
    expect(said).toEqual([]);
    await works();
    client.dispose();
    socket.destroy();
  });

  it('goes alone with shutdown and exit', async () => {
    const { client, socket } = await open();
    const closed = once(socket, 'close');
    expect(await client.sendRequest('shutdown')).toBeNull();
    await client.sendNotification('exit');
    await closed;
    client.dispose();
    await works();
    expect(home.daemons()).toHaveLength(1);
  });

  it('may ask again while it changes its mind, and each question is answered once', async () => {
    const { client, socket } = await open();
    const text = 'add '.repeat(2000);
    const opened = { uri, languageId: 'typescript', version: 1, text };
    await client.sendNotification('textDocument/didOpen', { textDocument: opened });
    const answers = await Promise.all(
      Array.from({ length: 200 }, (_none, index) =>
        client.sendRequest('textDocument/hover', {
          textDocument: { uri },
          position: { line: 0, character: index * 4 },
        }),
      ),
    );
    expect(answers).toEqual(Array.from({ length: 200 }, () => null));
    client.dispose();
    socket.destroy();
  });
});
