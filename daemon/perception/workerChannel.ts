/** Requests to one worker thread, which starts with the first request and again after it was lost. */
import type { Worker } from 'node:worker_threads';
import { AppError } from '../base/errors.ts';
import {
  unpackError,
  type WorkerMethod,
  type WorkerMethods,
  type WorkerReply,
} from './workerMessages.ts';

interface Pending {
  readonly resolve: (result: unknown) => void;
  readonly reject: (error: Error) => void;
}

/** Sends typed requests and matches the replies. */
export class WorkerChannel implements AsyncDisposable {
  readonly #start: () => Worker;
  readonly #pending = new Map<number, Pending>();
  #worker: Worker | undefined;
  #nextId = 1;
  #isClosed = false;

  constructor(start: () => Worker) {
    this.#start = start;
  }

  /**
   * Native work cannot stop midway: after an abort the request ends at once, its result is dropped.
   * @throws AppError perception.workerLost when the thread ends before it answered
   */
  async request<Method extends WorkerMethod>(
    method: Method,
    params: WorkerMethods[Method]['params'],
    { signal }: { signal: AbortSignal },
  ): Promise<WorkerMethods[Method]['result']> {
    signal.throwIfAborted();
    if (this.#isClosed) throw new AppError('perception.workerLost');
    const worker = (this.#worker ??= this.#open());
    const id = this.#nextId++;
    const onAbort = (): void => {
      this.#take(id)?.reject(signal.reason as Error);
    };
    try {
      return await new Promise<WorkerMethods[Method]['result']>((resolve, reject) => {
        this.#pending.set(id, { resolve: resolve as Pending['resolve'], reject });
        signal.addEventListener('abort', onAbort, { once: true });
        worker.postMessage({ id, method, params });
      });
    } finally {
      this.#pending.delete(id);
      signal.removeEventListener('abort', onAbort);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isClosed = true;
    const worker = this.#worker;
    this.#lose(worker, undefined);
    await worker?.terminate();
  }

  #open(): Worker {
    const worker = this.#start();
    worker.on('message', (reply: WorkerReply) => {
      const pending = this.#take(reply.id);
      if ('error' in reply) pending?.reject(unpackError(reply.error));
      else pending?.resolve(reply.result);
    });
    worker.on('error', (cause) => {
      this.#lose(worker, cause);
    });
    worker.on('exit', () => {
      this.#lose(worker, undefined);
    });
    return worker;
  }

  #take(id: number): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }

  #lose(worker: Worker | undefined, cause: unknown): void {
    if (worker !== this.#worker) return;
    this.#worker = undefined;
    const lost = [...this.#pending.values()];
    this.#pending.clear();
    for (const { reject } of lost) {
      reject(new AppError('perception.workerLost', undefined, { cause }));
    }
  }
}
