/** Whether somebody is in the middle of typing in this window: no moment to be spoken to. */
import * as vscode from 'vscode';

/** So long without a change is a pause: at 40 words a minute keys are 0.3 s apart, and one thinks before a line. */
export const typingPauseMs = 1000;

/**
 * A change of the file in front of the person counts as typed. The editor does not tell who made it, so a formatter that runs on
 * saving counts too, for a second; what changes in other files does not.
 */
export class Typing implements vscode.Disposable {
  readonly #emitter = new vscode.EventEmitter<undefined>();
  readonly #registration: vscode.Disposable;
  #timer: NodeJS.Timeout | undefined;

  /** It began, or paused. */
  readonly onDidChange: vscode.Event<undefined> = this.#emitter.event;

  constructor() {
    this.#registration = vscode.workspace.onDidChangeTextDocument(
      ({ document, contentChanges }) => {
        const isSeen = document === vscode.window.activeTextEditor?.document;
        if (isSeen && contentChanges.length > 0) this.#onKey();
      },
    );
  }

  get isTyping(): boolean {
    return this.#timer !== undefined;
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#registration.dispose();
    this.#emitter.dispose();
  }

  #onKey(): void {
    const wasTyping = this.isTyping;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#emitter.fire(undefined);
    }, typingPauseMs);
    if (!wasTyping) this.#emitter.fire(undefined);
  }
}
