/** A test double of the model that speaks from rows: no model at all, it says what the test tells it to. */
import type { RecallModel, RecallOptions } from '../../daemon/assistant/recall.ts';
import type { RecallPrompt } from '../../daemon/llm/streamTemplate.ts';

export type RecallCall = RecallPrompt;

export class ScriptedRecall implements RecallModel {
  readonly name = 'scripted 0.0.0';
  readonly notSeenReply = 'Not seen in this video.';
  /** What it was asked, in order. */
  readonly calls: RecallCall[] = [];
  readonly #reply: (call: RecallCall) => string;

  constructor(reply: string | ((call: RecallCall) => string)) {
    this.#reply = typeof reply === 'string' ? () => reply : reply;
  }

  recall(
    call: RecallPrompt,
    { signal, onText }: RecallOptions,
  ): Promise<{ readonly text: string }> {
    signal.throwIfAborted();
    this.calls.push(call);
    const text = this.#reply(call);
    onText?.(text);
    return Promise.resolve({ text });
  }
}
