/** Serves videos and pictures to players on this machine, at addresses that nobody can guess. */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isCancellation } from '../base/errors.ts';
import type { Log } from '../base/log.ts';
import { sendBytes, sendFile } from './sending.ts';

/** What an address stands for. */
export type Content =
  | { readonly kind: 'file'; readonly path: string; readonly type: string }
  | {
      readonly kind: 'bytes';
      readonly bytes: Uint8Array;
      readonly type: string;
      /** Scripts of the editor's pages may read it, not only show it: they know the secret in its address. */
      readonly isForPages?: boolean;
      /** It is another the next time. */
      readonly isFleeting?: boolean;
    }
  /** Nothing is wrong, but it cannot be made now. */
  | { readonly kind: 'busy' }
  /** It is not kept, or never was. */
  | { readonly kind: 'gone' };

/**
 * @param name what follows the address that was published, for instance `frame/100.jpg`
 * @param options.signal ends when nobody waits for the answer any more
 * @returns undefined when there is no such thing
 */
export type Resolve = (
  name: string,
  query: URLSearchParams,
  options: { signal: AbortSignal },
) => Promise<Content | undefined>;

/** Addresses below this one exist until it is disposed; what is being sent then breaks off. */
export interface Publication extends Disposable {
  /** Without a slash at its end. */
  readonly url: string;
}

/** Many for some players of some windows, and few enough for the files that may be open. */
const maxConnections = 200;

const secret = (): string => randomBytes(16).toString('hex');

/**
 * Listens on the loopback interface, on a free port, from the first publication on. Any page of a browser on this machine can send
 * it requests: the secrets in the path keep them out, and without CORS headers, which only recordings have, no page can read what it could not show anyway.
 */
export class MediaServer implements AsyncDisposable {
  readonly #log: Log;
  readonly #token = secret();
  readonly #published = new Map<string, { resolve: Resolve; responses: Set<ServerResponse> }>();
  #server: Promise<Server> | undefined;
  #isDisposed = false;

  constructor(log: Log) {
    this.#log = log;
  }

  async publish(resolve: Resolve): Promise<Publication> {
    if (this.#isDisposed) throw new Error('the media server is closed');
    this.#server ??= this.#listen();
    const { port } = (await this.#server).address() as AddressInfo;
    const key = secret();
    const entry = { resolve, responses: new Set<ServerResponse>() };
    this.#published.set(key, entry);
    return {
      url: `http://127.0.0.1:${port}/${this.#token}/${key}`,
      [Symbol.dispose]: () => {
        this.#published.delete(key);
        for (const response of entry.responses) response.destroy();
      },
    };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#published.clear();
    const server = await this.#server?.catch(() => undefined);
    if (!server?.listening) return;
    const closed = once(server, 'close');
    server.close();
    server.closeAllConnections();
    await closed;
  }

  async #listen(): Promise<Server> {
    const server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        // Players break off requests all the time.
        if (!isCancellation(error) && !response.destroyed) {
          this.#log.warning('a request for media failed', { error });
          if (!response.headersSent) response.writeHead(500).end();
        }
        if (!response.writableEnded) response.destroy();
      });
    });
    server.maxConnections = maxConnections;
    server.listen(0, '127.0.0.1');
    try {
      await once(server, 'listening');
    } catch (error) {
      this.#server = undefined;
      throw error;
    }
    return server;
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('X-Content-Type-Options', 'nosniff');
    // The editor's pages come from another origin, and may ask for this before they show anything.
    response.setHeader('Cross-Origin-Resource-Policy', 'cross-origin');
    const { pathname, searchParams } = parseAddress(request.url);
    const [, token, key, ...rest] = pathname.split('/');
    const entry = token === this.#token ? this.#published.get(key ?? '') : undefined;
    if (!entry) {
      response.writeHead(404).end();
      return;
    }
    if (request.method !== 'GET' && request.method !== 'HEAD') {
      response.writeHead(405, { Allow: 'GET, HEAD' }).end();
      return;
    }
    const gone = new AbortController();
    response.once('close', () => {
      gone.abort();
      entry.responses.delete(response);
    });
    entry.responses.add(response);
    const { signal } = gone;
    const content = await entry.resolve(rest.join('/'), searchParams, { signal });
    signal.throwIfAborted();
    if (content === undefined) response.writeHead(404).end();
    else if (content.kind === 'gone') response.writeHead(410).end();
    else if (content.kind === 'busy') response.writeHead(503, { 'Retry-After': '1' }).end();
    else if (content.kind === 'bytes') sendBytes(request, response, content);
    else await sendFile(request, response, content, { signal });
  }
}

function parseAddress(url = '/'): URL {
  const base = 'http://127.0.0.1';
  return URL.canParse(url, base) ? new URL(url, base) : new URL(base);
}
