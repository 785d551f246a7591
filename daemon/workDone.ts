/** LSP's work-done progress of one request: begin, reports, end. */
import {
  formatMediaTime,
  type MediaMs,
  type NotificationMethod,
  type WorkDoneParams,
} from '../protocol/index.ts';
import type { Clock } from './base/clock.ts';
import { Throttle } from './throttle.ts';

export type WorkDoneToken = NonNullable<WorkDoneParams['workDoneToken']>;

/** @source LSP 3.17, "Work Done Progress" */
type Payload =
  | { kind: 'begin'; title: string; cancellable: boolean; percentage: number }
  | { kind: 'report'; message: string; percentage?: number }
  | { kind: 'end' };
const progress: NotificationMethod<{ token: WorkDoneToken; value: Payload }> = {
  method: '$/progress',
};

/** A bar that moves more often is not read either. */
const reportIntervalMs = 250;

interface WorkDoneOptions {
  readonly send: <Params>(method: NotificationMethod<Params>, params: Params) => void;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Begins when it is made; after `end` it says nothing. */
export class WorkDone {
  readonly #tell: (value: Payload) => void;
  readonly #reports: Throttle<Payload>;
  #hasEnded = false;

  constructor(token: WorkDoneToken, title: string, { send, clock, signal }: WorkDoneOptions) {
    this.#tell = (value) => {
      send(progress, { token, value });
    };
    this.#reports = new Throttle(
      (value) => {
        if (!this.#hasEnded) this.#tell(value);
      },
      { intervalMs: reportIntervalMs, join: (_before, newest) => newest },
      { clock, signal },
    );
    this.#tell({ kind: 'begin', title, cancellable: true, percentage: 0 });
  }

  /** @param durationMs without it there is no share to tell */
  watched(positionMs: MediaMs, durationMs?: MediaMs): void {
    const position = formatMediaTime(positionMs);
    if (durationMs === undefined || durationMs === 0) {
      this.#reports.push({ kind: 'report', message: `Watching ${position}` });
      return;
    }
    const message = `Watching ${position} of ${formatMediaTime(durationMs)}`;
    this.report({ message, done: positionMs / durationMs });
  }

  /** @param done 0 … 1 */
  report({ message, done }: { readonly message: string; readonly done: number }): void {
    const percentage = Math.floor(100 * Math.min(1, Math.max(0, done)));
    this.#reports.push({ kind: 'report', message, percentage });
  }

  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#tell({ kind: 'end' });
  }
}
