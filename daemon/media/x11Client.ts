/** A connection to an X11 server: sends requests, gives each its reply, and tells what the server tells by itself. */
import { readFile } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { homedir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import type { ScreenSource } from '../../protocol/index.ts';
import type { Clock } from '../base/clock.ts';
import { AppError, toError } from '../base/errors.ts';
import { childController } from '../base/lifetime.ts';
import { ByteReader } from './byteReader.ts';
import {
  findCookie,
  helloMessage,
  parseDisplay,
  readSetup,
  readWelcome,
  type DisplayName,
  type X11Setup,
} from './x11Wire.ts';

export interface X11Options {
  readonly clock: Clock;
  /** A server that leaves a request without a reply for so long is given up. */
  readonly stallMs: number;
  readonly signal: AbortSignal;
}

/** First byte of what a server sends, besides its events. */
const [errorKind, replyKind, largeEventKind] = [0, 1, 35];
const tcpPort = 6000;

interface Asked {
  /** Of the request, as the server counts: 16 bits of it. */
  readonly sequence: number;
  readonly resolve: (reply: Buffer | undefined) => void;
  readonly reject: (error: Error) => void;
}

/** Replies, and the errors in their place, come in the order of the requests. */
export class X11Client implements Disposable {
  readonly setup: X11Setup;
  readonly screen: X11Setup['screens'][number];
  readonly #socket: Socket;
  readonly #asked: Asked[] = [];
  readonly #options: X11Options;
  #failure: Error | undefined;
  #sent = 0;
  #onEvent: (event: Buffer) => void = () => undefined;

  private constructor(
    socket: Socket,
    setup: X11Setup,
    screen: X11Setup['screens'][number],
    bytes: ByteReader,
    options: X11Options,
  ) {
    this.#socket = socket;
    this.setup = setup;
    this.screen = screen;
    this.#options = options;
    void this.#listen(bytes).catch((error: unknown) => {
      this.#fail(toError(error));
    });
  }

  /** @throws AppError capture.noDisplay, capture.refused; the signal's reason */
  static async connect(
    { display = '', authority }: Pick<ScreenSource, 'display' | 'authority'>,
    options: X11Options,
  ): Promise<X11Client> {
    const name = parseDisplay(display);
    if (!name) throw new AppError('capture.noDisplay');
    const missing = (cause: unknown): AppError =>
      new AppError('capture.noDisplay', `There is no X11 display ${display}.`, { cause });
    const cookie = findCookie(await readKeys(authority), name);
    const { clock, stallMs, signal } = options;
    using patience = childController(signal);
    const socket = connect(addressOf(name));
    socket.on('error', () => undefined);
    const giveUp = (): void => {
      socket.destroy();
    };
    patience.signal.addEventListener('abort', giveUp, { once: true });
    clock.sleep(stallMs, { signal: patience.signal }).then(giveUp, () => undefined);
    try {
      await once(socket, 'connect', { signal: patience.signal });
      const bytes = new ByteReader(socket as AsyncIterable<Uint8Array>);
      socket.write(helloMessage(cookie));
      const { isLetIn, length } = readWelcome(buffer(await bytes.block(8)));
      const body = buffer(await bytes.block(length));
      // It was in time: nothing ends the connection later.
      patience.signal.removeEventListener('abort', giveUp);
      patience.abort();
      if (!isLetIn) {
        const message = `The display ${display} does not let this user in: the file that XAUTHORITY names does not open it.`;
        throw new AppError('capture.refused', message, { data: { said: body.toString('latin1') } });
      }
      const setup = readSetup(body);
      const screen = setup.screens[name.screen];
      if (!screen) throw missing(undefined);
      return new X11Client(socket, setup, screen, bytes, options);
    } catch (error) {
      socket.destroy();
      signal.throwIfAborted();
      throw error instanceof AppError ? error : missing(error);
    }
  }

  /** Takes what the server tells without being asked, each event before the replies to what was sent after it happened. */
  set onEvent(listener: (event: Buffer) => void) {
    this.#onEvent = listener;
  }

  /** An id for something that the server is to make for this client; `count` tells them apart. */
  newId(count: number): number {
    return (this.setup.idBase | count) >>> 0;
  }

  /** Sends requests that have no reply, and does not hear whether the server refuses them. */
  send(messages: readonly Buffer[]): void {
    this.#sent += messages.length;
    if (!this.#failure) this.#socket.write(Buffer.concat(messages));
  }

  /**
   * Sends requests that have a reply together and waits for all.
   * @returns for each its reply; undefined for one that the server refused, as when the window is gone
   * @throws AppError capture.lost when the connection ends; the signal's reason
   */
  async request(messages: readonly Buffer[]): Promise<(Buffer | undefined)[]> {
    const { clock, stallMs, signal } = this.#options;
    signal.throwIfAborted();
    if (this.#failure) throw this.#failure;
    if (messages.length === 0) return [];
    using patience = childController(signal);
    const replies = messages.map(
      () =>
        new Promise<Buffer | undefined>((resolve, reject) => {
          this.#asked.push({ sequence: ++this.#sent & 0xffff, resolve, reject });
        }),
    );
    const all = Promise.all(replies);
    this.#socket.write(Buffer.concat(messages));
    clock.sleep(stallMs, { signal: patience.signal }).then(
      () => {
        this.#fail(new Error('the X11 server does not answer'));
      },
      () => {
        if (signal.aborted) this.#fail(toError(signal.reason));
      },
    );
    try {
      return await all;
    } finally {
      patience.abort();
      signal.throwIfAborted();
    }
  }

  [Symbol.dispose](): void {
    this.#fail(new Error('the connection was closed'));
  }

  async #listen(bytes: ByteReader): Promise<never> {
    for (;;) {
      const head = buffer(await bytes.block(32));
      const kind = head[0]! & 0x7f;
      const isLong = kind === replyKind || kind === largeEventKind;
      const rest = isLong ? head.readUInt32LE(4) * 4 : 0;
      const whole = rest > 0 ? buffer(await bytes.blockAfter(head, rest)) : head;
      if (kind === replyKind) this.#asked.shift()?.resolve(whole);
      else if (kind === errorKind) this.#refused(head.readUInt16LE(2));
      else this.#onEvent(whole);
    }
  }

  /** What has no reply may be refused, too, and nobody waits for that. */
  #refused(sequence: number): void {
    if (this.#asked[0]?.sequence === sequence) this.#asked.shift()!.resolve(undefined);
  }

  #fail(cause: Error): void {
    this.#failure ??= new AppError('capture.lost', undefined, { cause });
    this.#socket.destroy();
    for (const { reject } of this.#asked.splice(0)) reject(this.#failure);
  }
}

const buffer = ({ buffer, byteOffset, length }: Uint8Array): Buffer =>
  Buffer.from(buffer, byteOffset, length);

/** On this machine over a socket in a folder that everybody knows, elsewhere over the network. */
function addressOf({
  host,
  number,
}: DisplayName): { path: string } | { host: string; port: number } {
  return host === '' ? { path: `/tmp/.X11-unix/X${number}` } : { host, port: tcpPort + number };
}

async function readKeys(authority: string | undefined): Promise<Buffer> {
  const file = authority ?? process.env['XAUTHORITY'] ?? path.join(homedir(), '.Xauthority');
  return readFile(file).catch(() => Buffer.alloc(0));
}
