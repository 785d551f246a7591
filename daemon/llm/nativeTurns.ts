/** Whose native call is next in the engine: one runs at a time, and what watches does not wait for what answers. */

/** urgent: of a stream that does not wait. ordinary: of questions, titles, and files. */
export type Turn = 'urgent' | 'ordinary';

export class NativeTurns {
  /** Each begins when it is called. */
  readonly #waiting: Record<Turn, (() => void)[]> = { urgent: [], ordinary: [] };
  #isBusy = false;
  #holds = 0;

  /** Runs work when its turn comes: in the order they came, urgent ones before all others. One failure does not stop the next. */
  async run<Result>(turn: Turn, work: () => Promise<Result>): Promise<Result> {
    await new Promise<void>((start) => {
      this.#waiting[turn].push(start);
      this.#next();
    });
    try {
      return await work();
    } finally {
      this.#isBusy = false;
      this.#next();
    }
  }

  /**
   * Keeps ordinary work waiting between several pieces of urgent work that belong together and ask a moment apart.
   * @returns ends it; further calls do nothing
   */
  hold(): () => void {
    this.#holds++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#holds--;
      this.#next();
    };
  }

  #next(): void {
    if (this.#isBusy) return;
    const next =
      this.#waiting.urgent.shift() ??
      (this.#holds === 0 ? this.#waiting.ordinary.shift() : undefined);
    if (!next) return;
    this.#isBusy = true;
    next();
  }
}
