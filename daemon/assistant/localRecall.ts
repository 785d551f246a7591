/** The local kind of recall: the pack's own decoder, given stored rows instead of pictures. */
import { recall, type RecallParts } from '../llm/recall.ts';
import type { RecallPrompt } from '../llm/streamTemplate.ts';
import { defaultPrompts } from './prompts.ts';
import type { RecallModel, RecallOptions } from './recall.ts';

export interface LocalRecallParts extends RecallParts {
  readonly name: string;
}

export class LocalRecall implements RecallModel {
  readonly name: string;
  readonly notSeenReply: string;
  readonly #parts: LocalRecallParts;

  constructor(parts: LocalRecallParts) {
    this.name = parts.name;
    this.notSeenReply = notSeenReplyOf(parts.manifest);
    this.#parts = parts;
  }

  async recall(request: RecallPrompt, options: RecallOptions): Promise<{ readonly text: string }> {
    const reply = await recall(this.#parts, request, options);
    options.signal.throwIfAborted();
    // What a looping decoder says is worth nothing; what was merely cut is still what it found.
    return { text: reply.ending === 'looping' ? this.notSeenReply : reply.text.trim() };
  }
}

/** What a pack says when the evidence holds no answer. */
export function notSeenReplyOf(manifest: Pick<RecallParts['manifest'], 'notSeenReply'>): string {
  return manifest.notSeenReply ?? defaultPrompts.notSeen;
}
