/**
 * A connection to the daemon that is a language client too: hover, links and lenses come and go with it. Loaded with the first
 * request, because vscode-languageclient is large.
 */
import type { Socket } from 'node:net';
import * as vscode from 'vscode';
import {
  CloseAction,
  ErrorAction,
  LanguageClient,
  RevealOutputChannelOn,
  WorkDoneProgress,
} from 'vscode-languageclient/node';
import { systemClock } from '../daemon/base/clock.ts';
import { AppError, isAppError } from '../daemon/base/errors.ts';
import { fromWire } from '../daemon/client/connection.ts';
import { handshakeOf, openDaemonSocket, type ConnectOptions } from '../daemon/client/connect.ts';
import { preparePaths, readIfThere, type DaemonRecord } from '../daemon/client/paths.ts';
import { tryConnect } from '../daemon/client/spawnDaemon.ts';
import { isAlive } from '../daemon/base/processes.ts';
import type { Handshake, RequestMethod } from '../protocol/index.ts';
import type { DaemonLink, WorkDone } from './daemonClient.ts';
import { documentMiddleware } from './documentMiddleware.ts';

/** A daemon that is just leaving closes new connections for a moment; the next try starts another. */
const attempts = 5;
const firstPauseMs = 100;
/** How long the daemon may take to answer `initialize`. */
const handshakeLimitMs = 15_000;
/** How long taking leave may take; `deactivate` waits for it. */
const leaveLimitMs = 1500;
/** How long a daemon may take to end when it is told to. */
const endLimitMs = 3000;
const pollMs = 50;

/**
 * Opens a connection; starts the daemon when needed.
 *
 * Everything that may fail and be repeated happens out here: a language client whose first start failed never tries again, so
 * each connection gets its own.
 * @source vscode-languageclient 11, `BaseLanguageClient.start` returns the promise of the first start for ever
 * @throws AppError "daemon.startFailed" | "connection.refused"
 */
export async function openLanguageLink(
  options: ConnectOptions,
  channel: vscode.LogOutputChannel,
  { signal }: { signal: AbortSignal },
): Promise<DaemonLink> {
  for (let attempt = 1; ; attempt++) {
    const { socket, paths } = await openDaemonSocket(options, { signal });
    try {
      return await LanguageLink.open(socket, { handshake: handshakeOf(paths), channel, signal });
    } catch (cause) {
      socket.destroy();
      signal.throwIfAborted();
      if (attempt === attempts) throw new AppError('connection.refused', undefined, { cause });
    }
    await systemClock.sleep(firstPauseMs * 2 ** (attempt - 1), { signal });
  }
}

/**
 * Ends the daemon of this home the hard way, for when it does not answer. Never fails; does nothing when none runs. Whoever
 * listens on the socket wrote the record, and takes it along when it leaves in peace.
 */
export async function endDaemon({ home, buildId }: ConnectOptions): Promise<void> {
  try {
    const paths = preparePaths({ home, ...(buildId === undefined ? {} : { buildId }) });
    const { pid } = JSON.parse(readIfThere(paths.record) ?? '') as DaemonRecord;
    for (const ending of ['SIGTERM', 'SIGKILL'] as const) {
      // After a crash the number may belong to another process; a socket that somebody listens on proves that it does not.
      const socket = await tryConnect(paths.socket);
      if (!socket) return;
      socket.destroy();
      process.kill(pid, ending);
      await untilGone(pid);
    }
  } catch {
    // It is gone, or was never there.
  }
}

async function untilGone(pid: number): Promise<void> {
  const { signal } = new AbortController();
  const deadline = systemClock.monotonicMs() + endLimitMs;
  while (isAlive(pid) && systemClock.monotonicMs() < deadline) {
    await systemClock.sleep(pollMs, { signal });
  }
}

class LanguageLink implements DaemonLink {
  readonly closed: Promise<void>;
  readonly #socket: Socket;
  readonly #client: LanguageClient;

  private constructor(socket: Socket, client: LanguageClient) {
    this.#socket = socket;
    this.#client = client;
    // A broken pipe is told by the close that follows it.
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      socket.once('close', () => {
        // The client hears of it in the same turn and fails what was still open; that comes first.
        setImmediate(resolve);
      });
    });
  }

  static async open(
    socket: Socket,
    options: { handshake: Handshake; channel: vscode.LogOutputChannel; signal: AbortSignal },
  ): Promise<LanguageLink> {
    const client = createClient(socket, options.handshake, options.channel);
    const link = new LanguageLink(socket, client);
    const limit = AbortSignal.any([options.signal, AbortSignal.timeout(handshakeLimitMs)]);
    const giveUp = (): void => {
      socket.destroy();
    };
    limit.addEventListener('abort', giveUp, { once: true });
    try {
      await client.start();
    } finally {
      limit.removeEventListener('abort', giveUp);
    }
    return link;
  }

  async request<Params, Result>(
    { method }: RequestMethod<Params, Result>,
    params: Params,
    token: vscode.CancellationToken | undefined,
  ): Promise<Result> {
    try {
      return await (token
        ? this.#client.sendRequest<Result>(method, params, token)
        : this.#client.sendRequest<Result>(method, params));
    } catch (error) {
      if (token?.isCancellationRequested === true) throw new vscode.CancellationError();
      const failure = fromWire(error);
      // A daemon that leaves cancels what it was asked.
      throw isAppError(failure, 'request.cancelled') ? new AppError('connection.lost') : failure;
    }
  }

  onNotification(method: string, handler: (params: unknown) => void): void {
    this.#client.onNotification(method, handler);
  }

  onProgress(token: string, handler: (report: WorkDone) => void): vscode.Disposable {
    return this.#client.onProgress(WorkDoneProgress.type, token, (report) => {
      const { message } = report;
      const percentage = report.kind === 'end' ? undefined : report.percentage;
      handler({
        ...(message === undefined ? {} : { message }),
        ...(percentage === undefined ? {} : { percentage }),
      });
    });
  }

  async close(): Promise<void> {
    try {
      await this.#client.stop(leaveLimitMs);
    } catch {
      // It had ended already, or does not answer: the daemon takes a closed socket as a farewell too.
    } finally {
      this.#socket.destroy();
    }
  }
}

/** Tells the log only: what people should know is told by whoever asked. */
class QuietClient extends LanguageClient {
  override error(message: string, data?: unknown): void {
    super.error(message, data, false);
  }
  override warn(message: string, data?: unknown): void {
    super.warn(message, data, false);
  }
  override info(message: string, data?: unknown): void {
    super.info(message, data, false);
  }
}

function createClient(
  socket: Socket,
  handshake: Handshake,
  channel: vscode.LogOutputChannel,
): LanguageClient {
  return new QuietClient(
    'codealong',
    'Codealong',
    () => Promise.resolve({ reader: socket, writer: socket, detached: true }),
    {
      documentSelector: [{ scheme: 'file' }, { scheme: 'untitled' }],
      initializationOptions: handshake,
      initializationFailedHandler: () => false,
      outputChannel: channel,
      revealOutputChannelOn: RevealOutputChannelOn.Never,
      markdown: { isTrusted: { enabledCommands: ['codealong.seekTo'] } },
      middleware: documentMiddleware(),
      errorHandler: {
        error: () => ({ action: ErrorAction.Continue, handled: true }),
        // A new client is made for a new connection: see `openLanguageLink`.
        closed: () => ({
          action: CloseAction.DoNotRestart,
          handled: true,
          message: 'The connection to the daemon has ended.',
        }),
      },
    },
  );
}
