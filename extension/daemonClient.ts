/** This window's one connection to the shared daemon: made by the first request, made anew when it breaks. */
import * as vscode from 'vscode';
import type { Clock } from '../daemon/base/clock.ts';
import { AppError } from '../daemon/base/errors.ts';
import {
  leaving,
  restart,
  type LeavingReason,
  type NotificationMethod,
  type RequestMethod,
} from '../protocol/index.ts';
import { CrashPolicy } from './crashPolicy.ts';

/** idle: nothing was asked yet, or somebody ended the daemon. lost: it is being made anew. failed: it is not, until asked. */
export type DaemonState = 'idle' | 'starting' | 'running' | 'lost' | 'failed';

/** How far work has come, in words and percent. */
export interface WorkDone {
  readonly message?: string;
  readonly percentage?: number;
}

/** One open connection. */
export interface DaemonLink {
  /** @throws AppError; vscode.CancellationError */
  request<Params, Result>(
    method: RequestMethod<Params, Result>,
    params: Params,
    token: vscode.CancellationToken | undefined,
  ): Promise<Result>;
  onNotification(method: string, handler: (params: unknown) => void): void;
  onProgress(token: string, handler: (report: WorkDone) => void): vscode.Disposable;
  /** Resolves when it has ended, by whichever end. */
  readonly closed: Promise<void>;
  /** Takes leave of the daemon, which stays for others. Never takes long, never fails. */
  close(): Promise<void>;
}

export interface DaemonClientParts {
  /** Opens a connection; starts the daemon when needed. @throws AppError */
  readonly connect: (options: { signal: AbortSignal }) => Promise<DaemonLink>;
  /** Ends a daemon that does not answer. Never fails. */
  readonly endDaemon: () => Promise<void>;
  /** Adds to what is asked what only this window knows. @throws AppError when it must not be asked */
  readonly admit?: <Params>(method: string, params: Params) => Params | Promise<Params>;
  /** Told once for each unexpected end, when it has been mended. */
  readonly onRecovered: () => void;
  /** Told when the daemon ended too often to be started again. */
  readonly onGivenUp: (error: AppError) => void;
  /** Told what a handler of a notification threw: a bug. */
  readonly onBug: (error: unknown) => void;
  readonly clock: Clock;
}

type Handler = (params: unknown) => void;

interface ProgressListener {
  readonly handler: (report: WorkDone) => void;
  /** With the open connection. */
  registration: vscode.Disposable | undefined;
}

type ParamsOf<Method> = Method extends NotificationMethod<infer Params> ? Params : never;

/** A daemon that has been asked to end, and is connected still, is ended the hard way. */
const restartLimitMs = 5000;
/** @source a daemon lets go of its work within ten seconds, or leaves without */
const leaveLimitMs = 12_000;

export class DaemonClient implements vscode.Disposable {
  readonly #parts: DaemonClientParts;
  readonly #stateEmitter = new vscode.EventEmitter<DaemonState>();
  readonly #handlers = new Map<string, Set<Handler>>();
  readonly #progress = new Map<string, ProgressListener>();
  readonly #policy = new CrashPolicy();
  readonly #life = new AbortController();
  /** The connection, open or being made. */
  #link: Promise<DaemonLink> | undefined;
  #open: DaemonLink | undefined;
  /** Resolves when the connection before this one has ended. */
  #gone: Promise<void> = Promise.resolve();
  /** This window asked the daemon to end; it may do so without a word. */
  #isEndWanted = false;
  #state: DaemonState = 'idle';

  readonly onDidChangeState: vscode.Event<DaemonState> = this.#stateEmitter.event;

  constructor(parts: DaemonClientParts) {
    this.#parts = parts;
  }

  /** `idle` as soon as this window takes its leave: nobody is to be told a farewell of each video then. */
  get state(): DaemonState {
    return this.#life.signal.aborted ? 'idle' : this.#state;
  }

  /**
   * Asks the daemon; starts it when needed. Cancelling ends the work there.
   * @throws AppError with the daemon's code, "connection.lost" when it ended meanwhile; vscode.CancellationError
   */
  async request<Params, Result>(
    method: RequestMethod<Params, Result>,
    params: Params,
    token?: vscode.CancellationToken,
  ): Promise<Result> {
    const { admit = unchanged } = this.#parts;
    const admitted = admit(method.method, params);
    const ready = admitted instanceof Promise ? await untilCancelled(admitted, token) : admitted;
    const link = await untilCancelled(this.#connected(), token);
    return untilCancelled(link.request(method, ready, token), token);
  }

  /** Calls back in the order the daemon sent; goes on after a reconnect. */
  onNotification<Params>(
    { method }: NotificationMethod<Params>,
    handler: (params: Params) => void,
  ): vscode.Disposable {
    const known = this.#handlers.get(method);
    const handlers = known ?? new Set<Handler>();
    if (!known) {
      this.#handlers.set(method, handlers);
      this.#open?.onNotification(method, (params) => {
        this.#dispatch(method, params);
      });
    }
    // A wrapper, so that the same function registered twice is called twice.
    const own: Handler = (params) => {
      handler(params as Params);
    };
    handlers.add(own);
    return new vscode.Disposable(() => handlers.delete(own));
  }

  /** Reports of the request that is sent with this `workDoneToken`; register before sending. */
  onProgress(token: string, handler: (report: WorkDone) => void): vscode.Disposable {
    const listener: ProgressListener = { handler, registration: undefined };
    this.#progress.set(token, listener);
    listener.registration = this.#open?.onProgress(token, handler);
    return new vscode.Disposable(() => {
      this.#progress.delete(token);
      listener.registration?.dispose();
    });
  }

  /** Ends the daemon for all windows, each of which starts or finds the next one. @throws AppError when none starts */
  async restart(): Promise<void> {
    this.#policy.forgive();
    const open = this.#open;
    if (open) {
      this.#isEndWanted = true;
      // It may close the connection before it answers; what matters is that it ends.
      open.request(restart, {}, undefined).catch(() => undefined);
      const hasEnded = await this.#within(restartLimitMs, open.closed);
      if (!hasEnded) {
        await this.#parts.endDaemon();
        await open.close();
      }
    } else if (this.#link === undefined) {
      // Failed to start, or gave up: what is left of it may stand in the way.
      await this.#parts.endDaemon();
    }
    await this.#connected();
  }

  /** Takes leave: afterwards nothing is started any more. For `deactivate`. */
  async stop(): Promise<void> {
    this.#life.abort(new AppError('connection.lost'));
    await this.#open?.close();
    this.#setState('idle');
  }

  dispose(): void {
    void this.stop();
    this.#stateEmitter.dispose();
  }

  #connected(): Promise<DaemonLink> {
    if (this.#life.signal.aborted) return Promise.reject(new AppError('connection.lost'));
    if (this.#link) return this.#link;
    if (this.#policy.isGivenUp(this.#parts.clock.monotonicMs())) {
      return Promise.reject(new AppError('daemon.crashLoop'));
    }
    return this.#keep('starting', (signal) => this.#connect(signal));
  }

  /** Makes a connection the current one and looks after it until it ends. */
  #keep(
    state: DaemonState,
    connect: (signal: AbortSignal) => Promise<DaemonLink>,
  ): Promise<DaemonLink> {
    const { signal } = this.#life;
    const link = connect(signal).then(
      (open) => {
        if (signal.aborted) void open.close();
        else this.#adopt(open);
        return open;
      },
      (error: unknown) => {
        this.#link = undefined;
        if (!signal.aborted) this.#setState('failed');
        throw error;
      },
    );
    // Whoever waits for it hears of the failure; nobody may be waiting.
    link.catch(() => undefined);
    this.#link = link;
    // Whoever hears of it and asks something waits for this connection.
    this.#setState(state);
    return link;
  }

  #adopt(open: DaemonLink): void {
    this.#open = open;
    for (const method of new Set([...this.#handlers.keys(), leaving.method])) {
      open.onNotification(method, (params) => {
        this.#dispatch(method, params);
        if (method === leaving.method) {
          this.#onEnd(open, (params as ParamsOf<typeof leaving>).reason);
        }
      });
    }
    for (const [token, listener] of this.#progress) {
      listener.registration = open.onProgress(token, listener.handler);
    }
    this.#isEndWanted = false;
    void open.closed.then(() => {
      this.#onEnd(open, this.#isEndWanted ? 'restart' : 'crashed');
    });
    this.#setState('running');
  }

  /** A daemon that says it leaves is asked nothing more, though the connection stays until it has let go of everything. */
  #onEnd(open: DaemonLink, reason: LeavingReason | 'crashed'): void {
    if (open !== this.#open) return;
    this.#open = undefined;
    this.#link = undefined;
    this.#gone = open.closed;
    if (this.#life.signal.aborted) return;
    if (reason === 'stopped') this.#setState('idle');
    else void this.#keep('lost', (signal) => this.#reconnect(reason, signal));
  }

  async #reconnect(reason: 'restart' | 'crashed', signal: AbortSignal): Promise<DaemonLink> {
    const { clock, onRecovered, onGivenUp } = this.#parts;
    const isCrash = reason === 'crashed';
    let failure: unknown;
    for (let isFirst = true; ; isFirst = false) {
      if (isCrash || !isFirst) {
        const verdict = this.#policy.judge(clock.monotonicMs());
        if (verdict.kind === 'giveUp') break;
        await clock.sleep(verdict.delayMs, { signal });
      }
      try {
        const link = await this.#connect(signal);
        if (isCrash) onRecovered();
        return link;
      } catch (error) {
        signal.throwIfAborted();
        failure = error;
      }
    }
    const error = new AppError('daemon.crashLoop', undefined, { cause: failure });
    onGivenUp(error);
    throw error;
  }

  /** Waits for the one before to be gone, so that nobody connects to a daemon that is leaving. */
  async #connect(signal: AbortSignal): Promise<DaemonLink> {
    await this.#within(leaveLimitMs, this.#gone);
    signal.throwIfAborted();
    return this.#parts.connect({ signal });
  }

  #dispatch(method: string, params: unknown): void {
    for (const handler of [...(this.#handlers.get(method) ?? [])]) {
      try {
        handler(params);
      } catch (error) {
        this.#parts.onBug(error);
      }
    }
  }

  async #within(limitMs: number, event: Promise<void>): Promise<boolean> {
    const timer = new AbortController();
    const late = this.#parts.clock.sleep(limitMs, { signal: timer.signal }).then(
      () => false,
      () => true,
    );
    const isInTime = await Promise.race([event.then(() => true), late]);
    timer.abort();
    return isInTime;
  }

  #setState(state: DaemonState): void {
    if (state === this.#state) return;
    this.#state = state;
    this.#stateEmitter.fire(state);
  }
}

const unchanged = <Params>(_method: string, params: Params): Params => params;

/** @throws vscode.CancellationError as soon as the token is cancelled */
async function untilCancelled<Value>(
  work: Promise<Value>,
  token: vscode.CancellationToken | undefined,
): Promise<Value> {
  if (!token) return work;
  if (token.isCancellationRequested) throw new vscode.CancellationError();
  let registration: vscode.Disposable | undefined;
  const cancelled = new Promise<never>((_resolve, reject) => {
    registration = token.onCancellationRequested(() => {
      reject(new vscode.CancellationError());
    });
  });
  try {
    return await Promise.race([work, cancelled]);
  } finally {
    registration?.dispose();
  }
}
