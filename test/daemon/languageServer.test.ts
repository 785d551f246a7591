/** The language server's face to one client: names that stood on screen of the videos it has open, links to moments. */
import { describe, expect, it, vi } from 'vitest';
import type { Hover, MarkupContent } from 'vscode-languageserver-protocol';
import { createFakeService } from '../helpers/fakeService.ts';
import { setUpServer } from '../helpers/memoryServer.ts';
import {
  formatDeepLink,
  formatSeekLink,
  mediaMs,
  sessionState,
  startSession,
  stopSession,
  type NotificationMethod,
  type RequestMethod,
} from '../../protocol/index.ts';

const never = { signal: new AbortController().signal };
const source = { kind: 'file', path: '/videos/short.mp4' } as const;
const uri = 'file:///project/sum.ts';

const hover: RequestMethod<unknown, Hover | null> = { method: 'textDocument/hover' };
const didOpen: NotificationMethod<unknown> = { method: 'textDocument/didOpen' };
const didChange: NotificationMethod<unknown> = { method: 'textDocument/didChange' };

type Client = ReturnType<typeof setUpServer>['client'];

function open(client: Client, text: string, languageId = 'typescript'): void {
  client.notify(didOpen, { textDocument: { uri, languageId, version: 1, text } });
}

/** What is shown over a place of the text. */
async function shown(client: Client, character: number): Promise<string | undefined> {
  const params = { textDocument: { uri }, position: { line: 0, character } };
  const found = await client.request(hover, params, never);
  return (found?.contents as MarkupContent | undefined)?.value;
}

const start = (client: Client, path: string = source.path) =>
  client.request(startSession, { source: { kind: 'file', path }, options: {} }, never);

const sentence = `On screen in **short.mp4** at [0:06](${formatSeekLink({ path: source.path, atMs: mediaMs(6000) })})`;

describe('hover', () => {
  it('tells when a name stood on screen of a video that is open', async () => {
    const { client } = setUpServer();
    open(client, 'add(1, 2)');
    expect(await shown(client, 1)).toBeUndefined();
    await start(client);
    expect(await shown(client, 1)).toBe(sentence);
    expect(await shown(client, 5)).toBeUndefined();
    client.close();
  });

  it('follows the text as it is changed', async () => {
    const { client } = setUpServer();
    await start(client);
    open(client, 'sum(1, 2)');
    expect(await shown(client, 1)).toBeUndefined();
    const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 3 } };
    client.notify(didChange, {
      textDocument: { uri, version: 2 },
      contentChanges: [{ range, text: 'add' }],
    });
    expect(await shown(client, 1)).toBe(sentence);
    client.close();
  });

  it('knows the videos of this client alone, until it closes them', async () => {
    const service = Promise.resolve(createFakeService());
    const first = setUpServer({ service });
    const second = setUpServer({ service });
    for (const { client } of [first, second]) open(client, 'add(1, 2)');
    const { sessionId } = await start(first.client);
    await start(first.client);
    expect(await shown(second.client, 1)).toBeUndefined();
    await first.client.request(stopSession, { sessionId }, never);
    expect(await shown(first.client, 1)).toBe(sentence);
    first.client.close();
    second.client.close();
  });

  it('still knows a video that was watched to its end, and lets it be closed', async () => {
    const { client } = setUpServer();
    const ended = vi.fn<() => void>();
    client.onNotification(sessionState, ended);
    open(client, 'add(1, 2)');
    const { sessionId } = await start(client);
    await vi.waitFor(() => {
      expect(ended).toHaveBeenCalled();
    });
    expect(await shown(client, 1)).toBe(sentence);
    expect(await client.request(stopSession, { sessionId }, never)).toBeNull();
    expect(await shown(client, 1)).toBeUndefined();
    client.close();
  });

  it('waits for nothing when no video is open, not even for the services', async () => {
    const { client } = setUpServer({ service: new Promise(() => undefined) });
    open(client, 'add(1, 2)');
    expect(await shown(client, 1)).toBeUndefined();
    client.close();
  });
});

describe('links', () => {
  it('and lenses lead to the moments of a Markdown text', async () => {
    const { client } = setUpServer();
    const target = { path: source.path, atMs: mediaMs(750_000) };
    open(client, `[12:30](${formatDeepLink('vscode', target)})`, 'markdown');
    const params = { textDocument: { uri } };
    const links = await client.request({ method: 'textDocument/documentLink' }, params, never);
    expect(links).toMatchObject([{ target: formatSeekLink(target) }]);
    const lenses = await client.request({ method: 'textDocument/codeLens' }, params, never);
    expect(lenses).toMatchObject([{ command: { title: '▶ 12:30', arguments: [target] } }]);
    client.close();
  });

  it('are none in a text that is not open', async () => {
    const { client } = setUpServer();
    const params = { textDocument: { uri: 'file:///other.md' } };
    const lenses = await client.request({ method: 'textDocument/codeLens' }, params, never);
    expect(lenses).toEqual([]);
    client.close();
  });
});

describe('what is not as agreed', () => {
  it('is passed over as a notification, refused as a request', async () => {
    const { client } = setUpServer();
    await start(client);
    for (const params of [null, 5, {}, { textDocument: { uri: 5 } }, [1, 2]]) {
      client.notify(didOpen, params);
      client.notify(didChange, params);
      await expect(client.request(hover, params, never)).rejects.toMatchObject({
        code: 'request.invalid',
      });
    }
    open(client, 'add(1, 2)');
    expect(await shown(client, 1)).toBe(sentence);
    client.close();
  });
});
