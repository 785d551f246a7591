/** Serves the built panel page to a browser, with a host that a script plays: no editor, no daemon. */
import { once } from 'node:events';
import { createReadStream } from 'node:fs';
import { readFile, stat } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Page } from 'playwright-core';
import type { HostToWebview, MessageOf } from '../../protocol/index.ts';

/** Where the page's files are, and what it plays. */
export interface ServedPage {
  /** Folder of `webview.js` and `webview.css`. */
  readonly dist: string;
  /** A video that the browser can play. */
  readonly video: string;
  /** The picture of a moment; none when absent. */
  readonly frameAt?: (atMs: number) => Promise<Uint8Array>;
}

const nonce = 'codealong';
const policy = [
  "default-src 'none'",
  `script-src 'nonce-${nonce}'`,
  "style-src 'self'",
  "img-src 'self'",
  "media-src 'self'",
].join('; ');

const html = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Codealong</title>
    <link rel="stylesheet" href="/webview.css" />
  </head>
  <body>
    <div id="root"></div>
    <script nonce="${nonce}" src="/webview.js"></script>
  </body>
</html>`;

/** A page that is being served. */
export interface PageServer extends AsyncDisposable {
  readonly url: string;
}

async function sendFile(response: ServerResponse, file: string, range: string): Promise<void> {
  const { size } = await stat(file);
  const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(range) ?? [];
  const [start, end] = [Number(from), to === '' ? size - 1 : Number(to)];
  response.writeHead(206, {
    'content-type': 'video/mp4',
    'accept-ranges': 'bytes',
    'content-range': `bytes ${start}-${end}/${size}`,
    'content-length': end - start + 1,
  });
  createReadStream(file, { start, end }).pipe(response);
}

async function answer(
  { url = '/', headers }: IncomingMessage,
  response: ServerResponse,
  { dist, video, frameAt }: ServedPage,
): Promise<void> {
  const frame = /^\/frame\/(\d+)\.jpg$/.exec(url);
  if (url === '/') {
    response.writeHead(200, { 'content-type': 'text/html', 'content-security-policy': policy });
    response.end(html);
  } else if (url === '/webview.js' || url === '/webview.css') {
    const type = url.endsWith('.js') ? 'text/javascript' : 'text/css';
    response.writeHead(200, { 'content-type': type });
    response.end(await readFile(path.join(dist, url)));
  } else if (url.startsWith('/video')) {
    await sendFile(response, video, headers.range ?? '');
  } else if (frame && frameAt) {
    response.writeHead(200, { 'content-type': 'image/jpeg' });
    response.end(await frameAt(Number(frame[1])));
  } else {
    response.writeHead(404).end();
  }
}

/** Serves until it is disposed. */
export async function servePage(served: ServedPage): Promise<PageServer> {
  const server = createServer((request, response) => {
    answer(request, response, served).catch(() => {
      response.destroy();
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => {
          resolve();
        });
      }),
  };
}

/** What the page has said to its host. */
export interface Said {
  readonly kind: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** A page and the host that a script plays. */
export interface PlayedHost {
  send(...messages: readonly MessageOf<HostToWebview>[]): Promise<void>;
  said(): Promise<readonly Said[]>;
}

/** What of the browser's window the functions below use; they run there. */
interface Window {
  readonly sessionStorage: {
    getItem(key: string): string | null;
    setItem(key: string, value: string): void;
  };
  readonly postMessage: (message: unknown) => void;
  readonly said: Said[];
}

/**
 * Puts a host into a page; what the page saves lives as long as the page's tab. Call before the page is opened.
 * @param greeting what the host says as soon as the page is ready
 */
export async function playHost(
  page: Page,
  greeting: readonly MessageOf<HostToWebview>[] = [],
): Promise<PlayedHost> {
  await page.addInitScript((messages) => {
    const { sessionStorage, postMessage } = globalThis as unknown as Window;
    const saved = sessionStorage.getItem('state');
    const said: Said[] = [];
    Object.assign(globalThis, {
      said,
      acquireVsCodeApi: () => ({
        postMessage: (message: Said) => {
          said.push(message);
          if (message.kind !== 'ready') return;
          for (const one of messages) postMessage(one);
        },
        getState: () => (saved === null ? undefined : (JSON.parse(saved) as unknown)),
        setState: (state: unknown) => {
          sessionStorage.setItem('state', JSON.stringify(state));
        },
      }),
    });
  }, greeting);
  return {
    send: (...messages) =>
      page.evaluate((all) => {
        const { postMessage } = globalThis as unknown as Window;
        for (const message of all) postMessage(message);
      }, messages),
    said: () => page.evaluate(() => (globalThis as unknown as Window).said),
  };
}
