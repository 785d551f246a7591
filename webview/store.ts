/** Holds the page's state and says when it has changed. */
import { reduce, type Event } from './reduce.ts';
import type { State } from './state.ts';

/** The one value, and who wants to know of it. */
export class Store {
  #state: State;
  readonly #listeners = new Set<(state: State) => void>();

  constructor(initial: State) {
    this.#state = initial;
  }

  get state(): State {
    return this.#state;
  }

  dispatch(event: Event): void {
    const next = reduce(this.#state, event);
    if (next === this.#state) return;
    this.#state = next;
    // A listener may dispatch too: those after it are told what is true by then.
    for (const listener of this.#listeners) listener(this.#state);
  }

  /** @returns ends it */
  subscribe(listener: (state: State) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }
}
