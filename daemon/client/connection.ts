/** One open connection to the daemon: typed requests and notifications, wire errors turned back into `AppError`. */
import type { Socket } from 'node:net';
import {
  CancellationTokenSource,
  createMessageConnection,
  ErrorCodes,
  ResponseError,
  SocketMessageReader,
  SocketMessageWriter,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import {
  errorCodes,
  type NotificationMethod,
  type RequestMethod,
  type WireError,
} from '../../protocol/index.ts';
import { AppError, isAppError } from '../base/errors.ts';

const connectionCodes = [
  ErrorCodes.PendingResponseRejected,
  ErrorCodes.MessageWriteError,
  ErrorCodes.MessageReadError,
  ErrorCodes.ConnectionInactive,
];

/** Speaks to one daemon until either end closes. */
export class DaemonConnection implements Disposable {
  readonly #rpc: MessageConnection;
  readonly #free: () => void;
  readonly #closing: Promise<void>;
  #isClosed = false;

  /** @param free lets go of the stream under the connection */
  constructor(rpc: MessageConnection, free: () => void = () => undefined) {
    this.#rpc = rpc;
    this.#free = free;
    this.#closing = new Promise((resolve) => {
      rpc.onClose(() => {
        this.close();
        resolve();
      });
      rpc.onDispose(() => {
        resolve();
      });
    });
    rpc.onError(() => {
      this.close();
    });
    rpc.listen();
  }

  /** Over a socket that the daemon listens on. */
  static overSocket(socket: Socket): DaemonConnection {
    const reader = new SocketMessageReader(socket);
    // The timer behind this event would keep a process alive after the connection is gone.
    reader.partialMessageTimeout = 0;
    // A broken pipe is told by the close that follows it.
    socket.on('error', () => undefined);
    const rpc = createMessageConnection(reader, new SocketMessageWriter(socket));
    return new DaemonConnection(rpc, () => {
      socket.destroy();
    });
  }

  /** Resolves when the connection has ended, by whichever end. */
  get closed(): Promise<void> {
    return this.#closing;
  }

  /**
   * Asks and waits for the answer. Aborting cancels the work in the daemon.
   * @throws AppError with the daemon's code, "connection.lost" when it went away; the signal's reason after an abort
   */
  async request<Params, Result>(
    { method }: RequestMethod<Params, Result>,
    params: Params,
    { signal }: { signal: AbortSignal },
  ): Promise<Result> {
    signal.throwIfAborted();
    const source = new CancellationTokenSource();
    const onAbort = (): void => {
      source.cancel();
    };
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      return await this.#rpc.sendRequest<Result>(method, params, source.token);
    } catch (error) {
      signal.throwIfAborted();
      throw fromWire(error);
    } finally {
      signal.removeEventListener('abort', onAbort);
      source.dispose();
    }
  }

  /** Sends without waiting for an answer; after the end of the connection it does nothing. */
  notify<Params>({ method }: NotificationMethod<Params>, params: Params): void {
    if (!this.#isClosed) this.#rpc.sendNotification(method, params).catch(() => undefined);
  }

  /** Calls back in the order the daemon sent. */
  onNotification<Params>(
    { method }: NotificationMethod<Params>,
    handler: (params: Params) => void,
  ): Disposable {
    const registration = this.#rpc.onNotification(method, handler);
    return {
      [Symbol.dispose]: () => {
        registration.dispose();
      },
    };
  }

  /** Ends the connection; requests still open fail with "connection.lost". */
  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#rpc.dispose();
    this.#free();
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

/** What a failed request means on this side of the wire, for a client that speaks JSON-RPC itself. */
export function fromWire(error: unknown): Error {
  if (isAppError(error)) return error;
  if (!(error instanceof ResponseError)) {
    return new AppError('connection.lost', undefined, { cause: error });
  }
  const data = error.data as unknown;
  if (isWireError(data)) {
    return new AppError(data.code, data.message, {
      cause: error,
      data: data.incidentId === undefined ? {} : { incidentId: data.incidentId },
    });
  }
  // Without our data it comes from the JSON-RPC layer itself; these say that the connection ended first.
  const isLost = (connectionCodes as readonly number[]).includes(error.code);
  return new AppError(isLost ? 'connection.lost' : 'request.invalid', undefined, { cause: error });
}

function isWireError(data: unknown): data is WireError {
  if (typeof data !== 'object' || data === null) return false;
  const { code, message } = data as Partial<Record<keyof WireError, unknown>>;
  return typeof message === 'string' && (errorCodes as readonly unknown[]).includes(code);
}
