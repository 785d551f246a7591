/** The daemon's face to one client: one handler for each method, every request answered exactly once. */
import {
  CancellationToken,
  ErrorCodes,
  ResponseError,
  type MessageConnection,
} from 'vscode-jsonrpc/node';
import type { z } from 'zod';
import {
  ask,
  doctor,
  readLog,
  readTimeline,
  retire,
  startSession,
  stopSession,
  summarize,
  type ErrorCode,
  type RequestMethod,
  type WireError,
} from '../protocol/index.ts';
import type { DaemonService } from './assistant/service.ts';
import { version } from './base/buildInfo.ts';
import type { Clock } from './base/clock.ts';
import { AppError, toWireError } from './base/errors.ts';
import { reportFailure } from './base/incidents.ts';
import { childController } from './base/lifetime.ts';
import type { Log, LogFile } from './base/log.ts';
import { Outbox } from './outbox.ts';
import { paramsSchemas, parseParams } from './validation.ts';

export interface ServerOptions {
  /** May still be starting; requests wait for it and fail with its error. */
  readonly service: Promise<DaemonService>;
  readonly log: Log;
  readonly logFile: Pick<LogFile, 'recent'>;
  readonly clock: Clock;
  /** Called when this client asks the daemon to leave. */
  readonly retire: () => void;
  /** Ends the stream under the connection. */
  readonly closeStream: () => void;
}

/** @source LSP 3.17, error code of a request that its client cancelled */
const requestCancelled = -32800;
/** Codes for errors of the application start here. @source JSON-RPC 2.0, error object */
const applicationError = -32000;
/** Failures that JSON-RPC has codes of its own for. */
const responseCodes: Partial<Record<ErrorCode, number>> = {
  'request.invalid': ErrorCodes.InvalidParams,
  'request.cancelled': requestCancelled,
  internal: ErrorCodes.InternalError,
};

/**
 * Serves a client that has passed the handshake; its `initialize` is still to be read.
 * @param signal ends the service, for instance when the daemon leaves
 * @returns when the client has left and nothing runs for it any more
 */
export async function serveClient(
  rpc: MessageConnection,
  options: ServerOptions,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const client = new ClientServer(rpc, options, signal);
  await client.serve();
}

type Work<Params, Result> = (params: Params, options: { signal: AbortSignal }) => Promise<Result>;

class ClientServer {
  readonly #rpc: MessageConnection;
  readonly #options: ServerOptions;
  readonly #left: AbortController & Disposable;
  readonly #outbox: Outbox;
  readonly #running = new Set<Promise<unknown>>();

  constructor(rpc: MessageConnection, options: ServerOptions, signal: AbortSignal) {
    this.#rpc = rpc;
    this.#options = options;
    this.#left = childController(signal);
    this.#outbox = new Outbox({
      send: ({ method }, params) => this.#rpc.sendNotification(method, params),
      onUnread: () => {
        options.log.warning('a client does not read what it is sent; it is let go');
        this.#left.abort();
      },
      clock: options.clock,
      signal: this.#left.signal,
    });
  }

  async serve(): Promise<void> {
    using left = this.#left;
    const hasLeft = new Promise<void>((resolve) => {
      left.signal.addEventListener('abort', () => {
        resolve();
      });
      if (left.signal.aborted) resolve();
    });
    this.#rpc.onClose(() => {
      left.abort();
    });
    this.#rpc.onError(([error]) => {
      this.#options.log.warning('a client sent what cannot be read', { error: error.message });
      left.abort();
    });
    this.#handleLifecycle();
    this.#handleRequests();
    this.#rpc.listen();
    await hasLeft;
    await Promise.allSettled(this.#running);
    this.#rpc.dispose();
    this.#options.closeStream();
  }

  #handleLifecycle(): void {
    this.#rpc.onRequest('initialize', () => ({
      capabilities: {},
      serverInfo: { name: 'codealong', version },
    }));
    this.#rpc.onRequest('shutdown', () => null);
    // LSP's word for "this client goes"; the daemon stays for the others.
    this.#rpc.onNotification('exit', () => {
      this.#left.abort();
    });
    this.#rpc.onRequest((method) =>
      asResponse(
        ErrorCodes.MethodNotFound,
        toWireError(new AppError('request.invalid', `There is no method "${method}".`)),
      ),
    );
  }

  #handleRequests(): void {
    const { service, logFile } = this.#options;
    const clientSignal = this.#left.signal;
    this.#on(startSession, paramsSchemas.startSession, async (params, { signal }) => {
      const running = await service;
      const result = await running.startSession(params, this.#outbox, { signal, clientSignal });
      // The answer is written before the next turn of the event loop; rows follow it.
      setImmediate(() => {
        this.#outbox.announce(result.sessionId);
      });
      return result;
    });
    this.#on(stopSession, paramsSchemas.stopSession, async ({ sessionId }) => {
      await (await service).stopSession(sessionId);
      return null;
    });
    this.#on(ask, paramsSchemas.ask, async (params, { signal }) => {
      try {
        return await (await service).ask(params, this.#outbox, { signal });
      } finally {
        this.#outbox.finishProgress(params.source);
        if (params.requestId !== undefined) this.#outbox.finishAnswer(params.requestId);
      }
    });
    this.#on(summarize, paramsSchemas.summarize, async (params, { signal }) => {
      try {
        return await (await service).summarize(params, this.#outbox, { signal });
      } finally {
        this.#outbox.finishProgress(params.source);
      }
    });
    this.#on(readTimeline, paramsSchemas.readTimeline, async (params, { signal }) => ({
      rows: await (await service).readTimeline(params, { signal }),
    }));
    this.#on(doctor, paramsSchemas.nothing, async (_params, { signal }) =>
      (await service).doctor({ signal }),
    );
    this.#on(readLog, paramsSchemas.readLog, ({ maxLines }) =>
      Promise.resolve({ lines: logFile.recent(maxLines) }),
    );
    this.#on(retire, paramsSchemas.nothing, () => {
      this.#options.retire();
      return Promise.resolve(null);
    });
  }

  /** Registers the handler of one method. */
  #on<Params, Result>(
    { method }: RequestMethod<Params, Result>,
    schema: z.ZodType<Params>,
    work: Work<Params, Result>,
  ): void {
    this.#rpc.onRequest(method, (...received: unknown[]) => {
      const answer = this.#answer(method, received, { schema, work });
      this.#running.add(answer);
      void answer.then(() => this.#running.delete(answer));
      return answer;
    });
  }

  /** @param received the params, when there are any, and the request's cancellation token */
  async #answer<Params, Result>(
    method: string,
    received: unknown[],
    { schema, work }: { schema: z.ZodType<Params>; work: Work<Params, Result> },
  ): Promise<Result | ResponseError<WireError>> {
    using request = childController(this.#left.signal);
    const token: unknown = received.pop();
    const cancel = (): void => {
      request.abort();
    };
    const registration = CancellationToken.is(token)
      ? token.onCancellationRequested(cancel)
      : undefined;
    try {
      if (CancellationToken.is(token) && token.isCancellationRequested) cancel();
      const params = parseParams(schema, received.length > 1 ? received : (received[0] ?? {}));
      request.signal.throwIfAborted();
      return await work(params, { signal: request.signal });
    } catch (error) {
      return this.#explain(method, error, request.signal);
    } finally {
      registration?.dispose();
    }
  }

  #explain(method: string, error: unknown, signal: AbortSignal): ResponseError<WireError> {
    const { log } = this.#options;
    // Work may have been ended with a reason of our own, which is no failure either.
    if (signal.aborted && error === signal.reason) {
      return asResponse(requestCancelled, toWireError(new AppError('request.cancelled')));
    }
    const told = reportFailure(log, 'a request failed', { method, error });
    return asResponse(responseCodes[told.code] ?? applicationError, told);
  }
}

function asResponse(code: number, error: WireError): ResponseError<WireError> {
  return new ResponseError(code, error.message, error);
}
