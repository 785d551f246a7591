/** Host side of the engine process: starts it when it is needed, calls it, and starts it again after a crash. */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { frugal } from '../base/processes.ts';
import type { CallOptions, EngineChannel } from '../llm/engineChannel.ts';
import { fromFailure } from './failures.ts';
import type { FromEngine, ToEngine } from './messages.ts';
import {
  defaultRestartPolicy,
  isCrashLoop,
  needsCaution,
  type RestartPolicy,
} from './restartPolicy.ts';

export interface EngineProcessOptions {
  /** Absolute path of the Node binary that the native packages were built for. */
  readonly nodePath: string;
  /** Absolute path of the engine's entry. */
  readonly scriptPath: string;
  /** What the entry is told; nothing when left out. */
  readonly arguments?: readonly string[];
  /** What it is told in addition after some crashes, so that it leaves out what may have caused them. */
  readonly cautiousArguments?: readonly string[];
  readonly clock: Clock;
  /** Receives each line that the engine writes to its error stream. */
  readonly log: (line: string) => void;
  readonly restartPolicy?: RestartPolicy;
  /** An engine that nobody has called for so long is ended, and its memory is free; the next call starts another. Never when left out. */
  readonly idleMs?: number;
}

/** Lines of the error stream that go along with engine.lost. */
const tailLines = 30;

interface PendingCall {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Error) => void;
  readonly signal: AbortSignal;
}

/** One running child. */
interface Running {
  readonly child: ChildProcess;
  readonly pending: Map<number, PendingCall>;
  readonly tail: string[];
  /** When the last call came or was answered. */
  usedMs: number;
}

export class EngineProcess implements EngineChannel, AsyncDisposable {
  readonly #options: EngineProcessOptions;
  readonly #crashesMs: number[] = [];
  #running: Running | undefined;
  #incarnation = 0;
  #losses = 0;
  #restarts = 0;
  #isCautious = false;
  #lastCall = 0;
  /** What is done while no engine may run. */
  readonly #away = new Set<Promise<unknown>>();
  readonly #end = new AbortController();
  #isDisposed = false;
  #lastLoss: AppError | undefined;

  constructor(options: EngineProcessOptions) {
    this.#options = options;
  }

  get incarnation(): number {
    return this.#incarnation;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** Whether engines are told `cautiousArguments` now: from some crashes on, until the engine is renewed. */
  get isCautious(): boolean {
    return this.#isCautious;
  }

  /** Process id of the running engine, for diagnosis and tests. */
  get pid(): number | undefined {
    return this.#running?.child.pid;
  }

  async call(
    service: string,
    method: string,
    args: unknown,
    options: CallOptions,
  ): Promise<unknown> {
    const { signal, incarnation } = options;
    while (this.#away.size > 0) await Promise.allSettled(this.#away);
    return new Promise((resolve, reject) => {
      signal.throwIfAborted();
      if (incarnation !== undefined && incarnation !== this.#incarnation) {
        throw new AppError('engine.lost');
      }
      const running = (this.#running ??= this.#start());
      const { child, pending } = running;
      running.usedMs = this.#nowMs;
      const id = ++this.#lastCall;
      const send = (message: ToEngine): void => {
        // A failing send means that the child has ended; its exit settles every call.
        child.send(message, () => undefined);
      };
      const onAbort = (): void => {
        send({ kind: 'cancel', id });
      };
      const settle = (): void => {
        pending.delete(id);
        running.usedMs = this.#nowMs;
        signal.removeEventListener('abort', onAbort);
      };
      pending.set(id, {
        signal,
        resolve: (value) => {
          settle();
          resolve(value);
        },
        reject: (error) => {
          settle();
          reject(error);
        },
      });
      signal.addEventListener('abort', onAbort, { once: true });
      send({ kind: 'call', id, service, method, args });
    });
  }

  /**
   * Ends the engine; the next call starts another. Not a crash, but whoever has something in it finds it lost, as after one, and brings
   * it back.
   * @param whileAway is done while no engine runs: calls wait for it
   * @returns what it returns @throws what it throws
   */
  async renew<Result>(whileAway: () => Promise<Result>): Promise<Result> {
    const work = Promise.allSettled(this.#away).then(async () => {
      await this.#endRunning();
      this.#isCautious = false;
      return whileAway();
    });
    this.#away.add(work);
    try {
      return await work;
    } finally {
      this.#away.delete(work);
    }
  }

  async #endRunning(): Promise<void> {
    const running = this.#running;
    if (!running) return;
    const ended = this.#retire(running);
    for (const { reject } of [...running.pending.values()]) reject(new AppError('engine.lost'));
    await ended;
  }

  /** Ends the engine with everything it started. Calls that are unanswered then, and all later ones, are cancelled. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#end.abort();
    if (this.#running) await endChild(this.#running.child);
  }

  #start(): Running {
    if (this.#isDisposed) throw stopped();
    if (isCrashLoop(this.#crashesMs, this.#nowMs, this.#restartPolicy)) {
      throw new AppError('engine.crashLoop', undefined, { cause: this.#lastLoss });
    }
    const { arguments: usual = [], cautiousArguments = [] } = this.#options;
    const told = this.#isCautious ? [...usual, ...cautiousArguments] : usual;
    const child = fork(this.#options.scriptPath, told, {
      execPath: this.#options.nodePath,
      execArgv: [...frugal.nodeFlags],
      env: { ...frugal.environment, ...process.env },
      serialization: 'advanced',
      // A process group of its own, so that it can be ended with everything it started.
      detached: true,
      windowsHide: true,
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    if (this.#losses > 0) this.#restarts++;
    this.#losses = 0;
    const running: Running = { child, pending: new Map(), tail: [], usedMs: this.#nowMs };
    // Ends with the engine, or with all of them.
    this.#sleepWhenIdle(running).catch(() => undefined);
    child.on('message', (message) => {
      settleCall(running, message as FromEngine);
    });
    if (child.stderr) {
      createInterface({ input: child.stderr }).on('line', (line) => {
        this.#options.log(line);
        running.tail.push(line);
        if (running.tail.length > tailLines) running.tail.shift();
      });
    }
    child.on('error', (error) => {
      if (child.pid === undefined) this.#onEnd(running, { error });
    });
    child.on('exit', () => {
      killGroup(child);
    });
    // Comes after the error stream has been read to its end, so that the tail is whole.
    child.on('close', (code, signal) => {
      this.#onEnd(running, { code, signal });
    });
    return running;
  }

  /** Not a loss: whoever still has something in it finds it lost with the next call, as after a crash, and brings it back. */
  async #sleepWhenIdle(running: Running): Promise<void> {
    const { idleMs, clock } = this.#options;
    if (idleMs === undefined) return;
    for (;;) {
      const restMs = running.usedMs + idleMs - this.#nowMs;
      if (running.pending.size === 0 && restMs <= 0) break;
      await clock.sleep(restMs > 0 ? restMs : idleMs, { signal: this.#end.signal });
      if (this.#running !== running) return;
    }
    await this.#retire(running);
  }

  async #retire(running: Running): Promise<void> {
    this.#running = undefined;
    this.#incarnation++;
    await endChild(running.child);
  }

  get #restartPolicy(): RestartPolicy {
    return this.#options.restartPolicy ?? defaultRestartPolicy;
  }

  get #nowMs(): number {
    return this.#options.clock.monotonicMs();
  }

  #onEnd(running: Running, data: Readonly<Record<string, unknown>>): void {
    if (this.#running !== running) return;
    this.#running = undefined;
    this.#incarnation++;
    this.#losses++;
    if (!this.#isDisposed) this.#crashesMs.push(this.#nowMs);
    this.#isCautious ||= needsCaution(this.#crashesMs, this.#nowMs, this.#restartPolicy);
    const loss = new AppError('engine.lost', undefined, { data: { ...data, tail: running.tail } });
    this.#lastLoss = loss;
    const reason = this.#isDisposed ? stopped() : loss;
    for (const { reject } of [...running.pending.values()]) reject(reason);
  }
}

/** A cancellation, not a loss: whoever lost an engine tries again, and here nothing will come any more. */
function stopped(): Error {
  return new DOMException('the engine was stopped', 'AbortError');
}

function settleCall({ pending }: Running, message: FromEngine): void {
  const call = pending.get(message.id);
  if (!call) return;
  if (message.kind === 'result') call.resolve(message.value);
  else call.reject(fromFailure(message.failure, call.signal));
}

/** One that has ended already, or never began, says nothing of it any more. */
async function endChild(child: ChildProcess): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return;
  const exited = once(child, 'exit');
  killGroup(child);
  await exited;
}

/** The child leads a group of its own; on Windows there are no groups and the child alone is ended. */
function killGroup({ pid }: ChildProcess): void {
  if (pid === undefined) return;
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, 'SIGKILL');
  } catch {
    // Nobody is left in it.
  }
}
