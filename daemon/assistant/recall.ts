/** What answers and summaries rest on: a stored timeline, and a model that speaks from its rows. */
import type { MediaMs, NewRow, TimelineKind, TimelineRow } from '../../protocol/index.ts';
import type { RecallPrompt } from '../llm/streamTemplate.ts';
import type { SearchHit } from '../timeline/searchIndex.ts';

export interface RecallOptions {
  readonly signal: AbortSignal;
  /** Called with every new piece of text. */
  readonly onText?: (text: string) => void;
}

/** A model that speaks from stored rows instead of pictures. */
export interface RecallModel {
  /** Name and version, as shown wherever the model speaks. */
  readonly name: string;
  /** What it says, word for word, when the evidence holds no answer. */
  readonly notSeenReply: string;
  /** @throws AppError question.tooLong */
  recall(prompt: RecallPrompt, options: RecallOptions): Promise<{ readonly text: string }>;
}

/** What answers and summaries need of a stored timeline. */
export interface RecallTimeline {
  readonly durationMs: MediaMs | undefined;
  read(range: {
    readonly kinds?: readonly TimelineKind[];
    readonly fromMs?: MediaMs;
    readonly toMs?: MediaMs;
    readonly untilMs?: MediaMs;
  }): readonly TimelineRow[];
  search(request: {
    readonly query: string;
    readonly untilMs?: MediaMs;
    readonly limit: number;
  }): readonly SearchHit[];
  append<Row extends TimelineRow>(row: NewRow<Row>): Row;
}
