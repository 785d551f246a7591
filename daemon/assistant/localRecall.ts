/** The local kind of recall: the pack's own decoder, given stored rows instead of pictures. */
import { recall, type RecallParts, type RecallReply, type RecallRequest } from '../llm/recall.ts';
import { defaultPrompts } from './prompts.ts';
import type { RecallModel, RecallOptions } from './recall.ts';

export interface LocalRecallParts extends RecallParts {
  readonly name: string;
  readonly relevance?: RecallModel['relevance'];
}

/** What a pack's manifest says of its recall; nothing of the pack has to run for it. */
export function describeRecall({
  notSeenReply,
  summaryPrompt,
  recall: layout,
}: RecallParts['manifest']): Pick<RecallModel, 'notSeenReply' | 'limits' | 'prompts'> {
  return {
    notSeenReply: notSeenReply ?? defaultPrompts.notSeen,
    limits: {
      ...{ maxRows: layout?.refs.length ?? 0, order: layout?.order ?? 'time' },
      ...(layout?.past && {
        past: {
          stretches: layout.past.candidates ?? layout.past.stretches,
          lengthMs: layout.past.seconds * 1000,
        },
      }),
    },
    prompts: {
      summary: summaryPrompt ?? defaultPrompts.summary,
      title: layout?.titlePrompt ?? defaultPrompts.title,
      lists: layout?.listPrompts ?? defaultPrompts.lists,
    },
  };
}

export class LocalRecall implements RecallModel {
  readonly name: string;
  readonly notSeenReply: string;
  readonly limits: RecallModel['limits'];
  readonly prompts: RecallModel['prompts'];
  readonly relevance?: NonNullable<RecallModel['relevance']>;
  readonly #parts: LocalRecallParts;

  constructor(parts: LocalRecallParts) {
    const { notSeenReply, limits, prompts } = describeRecall(parts.manifest);
    this.name = parts.name;
    this.notSeenReply = notSeenReply;
    this.limits = limits;
    this.prompts = prompts;
    if (parts.relevance) this.relevance = parts.relevance;
    this.#parts = parts;
  }

  async recall(request: RecallRequest, options: RecallOptions): Promise<RecallReply> {
    const reply = await recall(this.#parts, request, options);
    options.signal.throwIfAborted();
    return reply;
  }
}
