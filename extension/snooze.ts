/** For how long guidance is listed and not announced. Kept over a reload of the window; other windows have their own. */
import * as vscode from 'vscode';
import { wallMs, type SnoozeState } from '../protocol/index.ts';

const key = 'codealong.snooze';
/** The longest that a timer of JavaScript waits; what lasts longer is looked at again then. */
const maxTimerMs = 2 ** 31 - 1;

export class Snooze implements vscode.Disposable {
  readonly #memory: vscode.Memento;
  readonly #emitter = new vscode.EventEmitter<undefined>();
  #state: SnoozeState | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** It began, was changed, or is over. */
  readonly onDidChange: vscode.Event<undefined> = this.#emitter.event;

  constructor(memory: vscode.Memento) {
    this.#memory = memory;
    const kept = memory.get<unknown>(key);
    if (isSnoozeState(kept)) this.#set(kept);
  }

  /** Undefined when nothing is snoozed. */
  get state(): SnoozeState | undefined {
    return this.#state;
  }

  /** @param minutes undefined: until somebody ends it */
  begin(minutes?: number): void {
    this.#set(minutes === undefined ? {} : { untilMs: wallMs(Date.now() + minutes * 60_000) });
    this.#changed();
  }

  end(): void {
    this.#set(undefined);
    this.#changed();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#emitter.dispose();
  }

  #set(state: SnoozeState | undefined): void {
    clearTimeout(this.#timer);
    const restMs = state?.untilMs === undefined ? Infinity : state.untilMs - Date.now();
    this.#state = restMs > 0 ? state : undefined;
    if (this.#state?.untilMs === undefined) return;
    this.#timer = setTimeout(
      () => {
        this.#set(state);
        if (!this.#state) this.#changed();
      },
      Math.min(restMs, maxTimerMs),
    );
  }

  #changed(): void {
    void this.#memory.update(key, this.#state);
    this.#emitter.fire(undefined);
  }
}

/** The store may hold what another version wrote. */
function isSnoozeState(value: unknown): value is SnoozeState {
  if (typeof value !== 'object' || value === null) return false;
  const { untilMs } = value as { readonly untilMs?: unknown };
  return untilMs === undefined || Number.isFinite(untilMs);
}
