/** Connections to a daemon that exists only as what a test says: they answer from a table and end when told to. */
import { AppError } from '../../daemon/base/errors.ts';
import type { Clock } from '../../daemon/base/clock.ts';
import {
  DaemonClient,
  type DaemonClientParts,
  type DaemonLink,
  type WorkDone,
} from '../../extension/daemonClient.ts';
import {
  leaving,
  wallMs,
  type LeavingReason,
  type NotificationMethod,
  type RequestMethod,
} from '../../protocol/index.ts';

type Answer = (params: never) => unknown;

/** Answers by method; a method that is not listed is never answered. */
export type Answers = Readonly<Record<string, Answer>>;

export class FakeLink implements DaemonLink {
  readonly closed: Promise<void>;
  readonly sent: { readonly method: string; readonly params: unknown }[] = [];
  #end!: () => void;
  #isClosed = false;
  readonly #failures = new Set<(error: Error) => void>();
  readonly #handlers = new Map<string, (params: unknown) => void>();
  readonly #progress = new Map<string, (report: WorkDone) => void>();
  readonly #answers: Answers;

  constructor(answers: Answers) {
    this.#answers = answers;
    this.closed = new Promise((resolve) => {
      this.#end = resolve;
    });
  }

  get isClosed(): boolean {
    return this.#isClosed;
  }

  get methods(): readonly string[] {
    return this.sent.map(({ method }) => method);
  }

  request<Params, Result>(
    { method }: RequestMethod<Params, Result>,
    params: Params,
  ): Promise<Result> {
    this.sent.push({ method, params });
    if (this.#isClosed) return Promise.reject(new AppError('connection.lost'));
    return new Promise((resolve, reject) => {
      this.#failures.add(reject);
      const answer = this.#answers[method];
      if (answer) {
        Promise.resolve()
          .then(() => answer(params as never))
          .then((result) => {
            resolve(result as Result);
          }, reject);
      }
    });
  }

  onNotification(method: string, handler: (params: unknown) => void): void {
    this.#handlers.set(method, handler);
  }

  onProgress(token: string, handler: (report: WorkDone) => void): { dispose(): void } {
    this.#progress.set(token, handler);
    return {
      dispose: () => {
        this.#progress.delete(token);
      },
    };
  }

  close(): Promise<void> {
    this.crash();
    return Promise.resolve();
  }

  /** The daemon tells something. */
  tell<Params>({ method }: NotificationMethod<Params>, params: Params): void {
    this.#handlers.get(method)?.(params);
  }

  report(token: string, report: WorkDone): void {
    this.#progress.get(token)?.(report);
  }

  /** The daemon ends without a word. */
  crash(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    for (const fail of this.#failures) fail(new AppError('connection.lost'));
    this.#end();
  }

  /** The daemon ends because somebody wanted it. */
  leave(reason: LeavingReason): void {
    this.tell(leaving, { reason });
    this.crash();
  }
}

/** A clock that stands still but for sleeping, which takes no time: tests of waiting count, they do not wait. */
export class InstantClock implements Clock {
  nowMs = 0;
  readonly slept: number[] = [];
  /** Sleeps as long as this are never over. */
  foreverMs = Infinity;

  now(): ReturnType<typeof wallMs> {
    return wallMs(this.nowMs);
  }

  monotonicMs(): number {
    return this.nowMs;
  }

  sleep(ms: number, { signal }: { signal: AbortSignal }): Promise<void> {
    return new Promise((resolve, reject) => {
      const fail = (): void => {
        reject(signal.reason as Error);
      };
      if (signal.aborted) fail();
      signal.addEventListener('abort', fail, { once: true });
      if (ms >= this.foreverMs) return;
      // Whoever is raced against a sleep has the first word.
      setImmediate(() => {
        if (signal.aborted) return;
        this.slept.push(ms);
        this.nowMs += ms;
        resolve();
      });
    });
  }
}

/** A client and everything it does, over connections that a test holds in its hands. */
export class ClientHarness {
  readonly clock = new InstantClock();
  /** Every connection that was opened, newest last. */
  readonly links: FakeLink[] = [];
  readonly told: string[] = [];
  /** What the next attempts to connect do; they succeed when nothing is listed. */
  readonly failures: (Error | undefined)[] = [];
  readonly client: DaemonClient;
  answers: Answers;

  constructor(answers: Answers = {}, more: Pick<DaemonClientParts, 'admit'> = {}) {
    this.answers = answers;
    this.client = new DaemonClient({
      ...more,
      connect: ({ signal }) => {
        this.told.push('connect');
        const failure = this.failures.shift();
        if (failure) return Promise.reject(failure);
        if (signal.aborted) return Promise.reject(signal.reason as Error);
        const link = new FakeLink(this.answers);
        this.links.push(link);
        return Promise.resolve(link);
      },
      endDaemon: () => {
        this.told.push('endDaemon');
        this.links.at(-1)?.crash();
        return Promise.resolve();
      },
      onRecovered: () => {
        this.told.push('recovered');
      },
      onGivenUp: ({ code }) => {
        this.told.push(`given up: ${code}`);
      },
      onBug: (error) => {
        this.told.push(`bug: ${String(error)}`);
      },
      clock: this.clock,
    });
  }

  get link(): FakeLink {
    const link = this.links.at(-1);
    if (!link) throw new Error('nobody has connected yet');
    return link;
  }
}

/** Lets everything happen that needs no time. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) {
    await new Promise((resolve) => {
      setImmediate(resolve);
    });
  }
}
