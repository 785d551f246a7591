/** The local kind of recall: the pack's own decoder, given stored rows instead of pictures. */
import { recall, type RecallParts } from '../llm/recall.ts';
import type { RecallEvidence } from '../llm/streamTemplate.ts';
import { defaultPrompts } from './prompts.ts';
import type { RecallModel, RecallOptions } from './questionAnswering.ts';

export interface LocalRecallParts extends RecallParts {
  readonly name: string;
}

export class LocalRecall implements RecallModel {
  readonly name: string;
  readonly notSeenReply: string;
  readonly #parts: LocalRecallParts;

  constructor(parts: LocalRecallParts) {
    this.name = parts.name;
    this.notSeenReply = parts.manifest.notSeenReply ?? defaultPrompts.notSeen;
    this.#parts = parts;
  }

  async recall(
    evidence: readonly RecallEvidence[],
    question: string,
    options: RecallOptions,
  ): Promise<{ readonly text: string }> {
    const reply = await recall(this.#parts, { evidence, question }, options);
    options.signal.throwIfAborted();
    // What a looping decoder says is worth nothing; what was merely cut is still what it found.
    return { text: reply.ending === 'looping' ? this.notSeenReply : reply.text.trim() };
  }
}
