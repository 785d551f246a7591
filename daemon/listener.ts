/** The socket: who is let in, how long the daemon stays, and when a build that is out of date leaves. */
import { chmodSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { protocolVersion } from '../protocol/index.ts';
import { readIfThere, readToken, type DaemonPaths, type DaemonRecord } from './client/paths.ts';
import { tryConnect } from './client/spawnDaemon.ts';
import type { Log } from './base/log.ts';
import { checkHandshake } from './handshake.ts';

export interface ListenerOptions {
  readonly paths: DaemonPaths;
  readonly log: Log;
  /** The daemon leaves when there has been no lease for this long; Infinity: it stays. */
  readonly idleExitMs: number;
  /** How long a connection may take until its first message is complete. */
  readonly handshakeLimitMs?: number;
  /** Called with a socket that passed the handshake; its first message is still to be read. */
  readonly onClient: (socket: Socket) => void;
}

/** @source a client sends its handshake at once; what takes longer is no client */
const defaultHandshakeLimitMs = 5000;
/** A timer that should wait longer does not wait at all. @source Node's documentation of `setTimeout` */
const maxTimerMs = 2 ** 31 - 1;

/** Listens until nobody needs it any more. A lease is an open connection that has passed the handshake. */
export class Listener implements Disposable {
  readonly #options: ListenerOptions;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly #leases = new Set<Socket>();
  readonly #closed: Promise<string>;
  #resolveClosed!: (reason: string) => void;
  #idleTimer: NodeJS.Timeout | undefined;
  #isRetiring = false;
  #isClosed = false;

  constructor(options: ListenerOptions) {
    this.#options = options;
    this.#closed = new Promise((resolve) => {
      this.#resolveClosed = resolve;
    });
    this.#server = createServer((socket) => {
      this.#admit(socket).catch((error: unknown) => {
        options.log.error('a connection could not be judged', { error });
        socket.destroy();
      });
    });
  }

  /** Resolves, with the reason, when the socket is gone. Clients that were let in stay connected until the disposal. */
  get closed(): Promise<string> {
    return this.#closed;
  }

  /**
   * Takes the socket; one that a dead daemon left behind is removed.
   * @returns false when another daemon listens there already
   */
  async open(): Promise<boolean> {
    const { socket: address, record } = this.#options.paths;
    if (!(await this.#listen(address))) {
      const other = await tryConnect(address);
      other?.destroy();
      if (other) return false;
      rmSync(address, { force: true });
      if (!(await this.#listen(address))) return false;
    }
    // The folder is private already; this holds where somebody widened it.
    if (process.platform !== 'win32') chmodSync(address, 0o600);
    writeFileSync(record, JSON.stringify(this.#ownRecord()), { mode: 0o600 });
    this.#startIdleTimer();
    return true;
  }

  /** Leave at the last lease, without waiting for another one. */
  retire(): void {
    this.#isRetiring = true;
    if (this.#leases.size === 0) this.close('retired');
  }

  /** Lets nobody in any more. */
  close(reason: string): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    clearTimeout(this.#idleTimer);
    // Closing removes the socket's file at once, so a daemon that starts now does not meet ours.
    this.#server.close();
    for (const socket of this.#sockets) if (!this.#leases.has(socket)) socket.destroy();
    const { record } = this.#options.paths;
    if (readIfThere(record) === JSON.stringify(this.#ownRecord())) rmSync(record, { force: true });
    this.#resolveClosed(reason);
  }

  /** Closes every connection too. */
  [Symbol.dispose](): void {
    this.close('disposed');
    for (const socket of this.#sockets) socket.destroy();
  }

  #listen(address: string): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const onError = (error: NodeJS.ErrnoException): void => {
        this.#server.off('listening', onListening);
        if (error.code === 'EADDRINUSE') resolve(false);
        else reject(error);
      };
      const onListening = (): void => {
        this.#server.off('error', onError);
        resolve(true);
      };
      this.#server.once('error', onError).once('listening', onListening);
      this.#server.listen(address);
    });
  }

  async #admit(socket: Socket): Promise<void> {
    const { log, paths, handshakeLimitMs = defaultHandshakeLimitMs, onClient } = this.#options;
    this.#sockets.add(socket);
    socket.once('close', () => {
      this.#sockets.delete(socket);
      this.#endLease(socket);
    });
    // A reset is told by the close that follows it.
    socket.on('error', () => undefined);
    const expected = { protocolVersion, buildId: paths.buildId, token: readToken(paths) };
    const signal = AbortSignal.timeout(handshakeLimitMs);
    const problem = await checkHandshake(socket, expected, { signal });
    if (problem !== undefined || this.#isClosed) {
      log.warning('a connection was refused', { problem });
      socket.destroy();
      return;
    }
    this.#leases.add(socket);
    clearTimeout(this.#idleTimer);
    log.info('a client came', { leases: this.#leases.size });
    onClient(socket);
  }

  #endLease(socket: Socket): void {
    if (!this.#leases.delete(socket) || this.#isClosed) return;
    this.#options.log.info('a client went', { leases: this.#leases.size });
    if (this.#leases.size > 0) return;
    if (this.#isRetiring) this.close('retired');
    else this.#startIdleTimer();
  }

  #startIdleTimer(): void {
    clearTimeout(this.#idleTimer);
    if (this.#options.idleExitMs === Infinity) return;
    const idleExitMs = Math.min(this.#options.idleExitMs, maxTimerMs);
    this.#idleTimer = setTimeout(() => {
      this.close('idle');
    }, idleExitMs);
  }

  #ownRecord(): DaemonRecord {
    const { buildId, socket } = this.#options.paths;
    return { pid: process.pid, buildId, protocolVersion, socket };
  }
}
