/** A test double of the model that speaks from rows: no model at all, it names and says what the test tells it to. */
import type { RecallModel, RecallOptions } from '../../daemon/assistant/recall.ts';
import { defaultPrompts } from '../../daemon/assistant/prompts.ts';
import type { RecallReply, RecallRequest } from '../../daemon/llm/recall.ts';

export type RecallCall = RecallRequest;

/** What is said, and the texts of the rows that are named; those that it is not given are left out. */
export interface Scripted {
  readonly says?: string;
  readonly names: readonly string[];
}

export class ScriptedRecall implements RecallModel {
  readonly name = 'scripted 0.0.0';
  readonly notSeenReply = 'Not seen in this video.';
  readonly limits: RecallModel['limits'];
  readonly prompts = defaultPrompts;
  /** What it was asked, in order. */
  readonly calls: RecallCall[] = [];
  readonly #reply: (call: RecallCall) => Scripted;

  constructor(
    reply: Scripted | ((call: RecallCall) => Scripted),
    order: RecallModel['limits']['order'] = 'time',
  ) {
    this.limits = { maxRows: 24, order };
    this.#reply = typeof reply === 'function' ? reply : () => reply;
  }

  recall(call: RecallRequest, { signal, onText }: RecallOptions): Promise<RecallReply> {
    signal.throwIfAborted();
    this.calls.push(call);
    const { says = '', names } = this.#reply(call);
    const texts = call.evidence.map(({ text }) => text);
    const rows = call.about ?? names.map((name) => texts.indexOf(name)).filter((row) => row >= 0);
    const shares = texts.map((_, row) => (rows.includes(row) ? 1 : 0));
    if (rows.length === 0) return Promise.resolve({ rows, shares, text: '', notSeen: 1 });
    const text = call.isSilent ? '' : says;
    if (text !== '') onText?.(text);
    return Promise.resolve({ rows, shares, text, notSeen: 0 });
  }
}
