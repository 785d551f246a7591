/** What a page asks for again and again, and of which only the newest matters: what is found, what stands on screen. */
import * as vscode from 'vscode';
import type { ShownError } from '../protocol/index.ts';
import { isCancelled, toShownError } from './messages.ts';

export interface NewestParts<Wish, Result> {
  /** @throws AppError; vscode.CancellationError */
  readonly find: (wish: Wish, token: vscode.CancellationToken) => Promise<Result>;
  readonly found: (wish: Wish, result: Result) => void;
  readonly failed: (wish: Wish, error: ShownError) => void;
}

/** Grants the newest wish; the one before is given up. */
export class Newest<Wish, Result> implements vscode.Disposable {
  readonly #parts: NewestParts<Wish, Result>;
  #running: vscode.CancellationTokenSource | undefined;

  constructor(parts: NewestParts<Wish, Result>) {
    this.#parts = parts;
  }

  /** Never fails: whoever wished is told. */
  async grant(wish: Wish): Promise<void> {
    this.dispose();
    const running = new vscode.CancellationTokenSource();
    this.#running = running;
    try {
      const result = await this.#parts.find(wish, running.token);
      if (running === this.#running) this.#parts.found(wish, result);
    } catch (error) {
      if (running !== this.#running || isCancelled(error)) return;
      this.#parts.failed(wish, toShownError(error));
    }
  }

  /** Gives up what is being looked for. */
  dispose(): void {
    this.#running?.cancel();
    this.#running?.dispose();
    this.#running = undefined;
  }
}
