/** What becomes of failures of a server: those that pass are waited out as long as somebody has patience, all are told by its name. */
import { serverPlace } from '../../protocol/index.ts';
import { backOff } from '../base/backOff.ts';
import type { Clock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import {
  isSafeForKeys,
  longestWaitMs,
  ServerOutage,
  ServerRefusal,
} from '../base/foreignServer.ts';
import { UnreadableAnswer } from './chatAnswer.ts';

/** Waits after failures, ms; the last one is kept to. */
const backOffMs = [500, 1000, 2000, 4000, 8000, 15_000, 30_000];

export interface AskingOptions {
  /** Aborting closes the request. */
  readonly signal: AbortSignal;
  /** How long an outage is waited out, ms; a failure is told at once when left out. */
  readonly patienceMs?: number;
}

export interface OutagesParts {
  /** Of the server. */
  readonly address: string;
  /** A server may say the key that it was shown: nobody else is. */
  readonly key?: string | undefined;
  readonly clock: Clock;
}

export class Outages {
  readonly #parts: OutagesParts;
  /** Failures in a row. */
  #failures = 0;
  #retryAtMs = -Infinity;

  constructor(parts: OutagesParts) {
    this.#parts = parts;
  }

  /** It did not answer when it was asked last. */
  get isAway(): boolean {
    return this.#failures > 0;
  }

  /** It is away, and is not to be asked just yet. */
  get isResting(): boolean {
    return this.#parts.clock.monotonicMs() < this.#retryAtMs;
  }

  /**
   * Whatever fails by an outage is done again, as long as the patience lasts.
   * @throws AppError endpoint.*; ServerRefusal as it is
   */
  async patiently<Value>(
    { signal, patienceMs = 0 }: AskingOptions,
    work: () => Promise<Value>,
  ): Promise<Value> {
    const { clock } = this.#parts;
    const startMs = clock.monotonicMs();
    for (;;) {
      try {
        const value = await work();
        this.#failures = 0;
        this.#retryAtMs = -Infinity;
        return value;
      } catch (error) {
        signal.throwIfAborted();
        if (!(error instanceof ServerOutage)) throw this.told(error);
        const waitMs = this.failed(error);
        if (clock.monotonicMs() - startMs + waitMs > patienceMs) throw this.told(error);
        await clock.sleep(waitMs, { signal });
      }
    }
  }

  /** @returns how long it is to be left alone, ms */
  failed({ retryAfterMs }: ServerOutage): number {
    const wantedMs = Math.min(retryAfterMs ?? 0, longestWaitMs);
    const waitMs = Math.max(wantedMs, backOff(backOffMs, this.#failures++));
    this.#retryAtMs = this.#parts.clock.monotonicMs() + waitMs;
    return waitMs;
  }

  /** As it is told to people; a refusal that another request may mend stays as it is. */
  told(error: unknown): unknown {
    const { address } = this.#parts;
    const { host } = serverPlace(address);
    if (error instanceof ServerOutage) {
      if (error.isBusy) return this.#expected('endpoint.busy', 'takes no more requests', error);
      return this.#expected('endpoint.away', `does not answer: ${error.message}`, error);
    }
    if (error instanceof UnreadableAnswer) {
      return this.#expected('endpoint.unreadable', error.message.replace(/^it /, ''), error);
    }
    if (error instanceof ServerRefusal && [401, 403].includes(error.status)) {
      if (!isSafeForKeys(address)) {
        const message = `The server ${host} wants a key, and keys go over HTTPS or to this machine only.`;
        return new AppError('endpoint.keyWithheld', message);
      }
      const message = `The server ${host} does not accept the key, or wants one.`;
      return new AppError('endpoint.keyRefused', message);
    }
    return error;
  }

  /** A refusal that nothing mends, as it is told to people; anything else as it is. */
  explained(error: unknown): unknown {
    if (!(error instanceof ServerRefusal)) return error;
    return this.#expected('endpoint.refused', error.message.replace(/^it /, ''), error);
  }

  #expected(
    code: 'endpoint.away' | 'endpoint.busy' | 'endpoint.refused' | 'endpoint.unreadable',
    why: string,
    cause: Error,
  ): AppError {
    const { address, key } = this.#parts;
    const safe = key === undefined ? why : why.replaceAll(key, '…');
    const sentence = `The server ${serverPlace(address).host} ${safe.replace(/[.\s]+$/, '')}.`;
    return new AppError(code, sentence, safe === why ? { cause } : {});
  }
}
