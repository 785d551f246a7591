/** What answers and summaries rest on: a stored timeline, and a model that speaks from its rows. */
import type {
  MediaMs,
  NewRow,
  PixelRectangle,
  TimelineKind,
  TimelineRow,
} from '../../protocol/index.ts';
import type { RecallLists, RecallReply, RecallRequest } from '../llm/recall.ts';
import type { PlacedText } from '../perception/perception.ts';
import type { GivenFrame } from '../timeline/givenFrames.ts';
import type { SearchedRow } from '../timeline/rows.ts';
import type { SearchHit } from '../timeline/searchIndex.ts';
import type { PastRequest } from './pastFrames.ts';

export interface RecallOptions {
  readonly signal: AbortSignal;
  /** Called with every new piece of the sentence. */
  readonly onText?: (text: string) => void;
}

/** A model that speaks from stored rows instead of pictures. */
export interface RecallModel {
  /** Name and version, as shown wherever the model speaks. */
  readonly name: string;
  /** What it says, word for word, when the evidence holds no answer. */
  readonly notSeenReply: string;
  /** Rows that can be put before it at once, and the order that it expects those of a question in. */
  readonly limits: {
    readonly maxRows: number;
    readonly order: 'rank' | 'time';
    /** Stretches of what was watched that a question brings back; none when left out. */
    readonly past?: Pick<PastRequest, 'stretches' | 'lengthMs'>;
    /** Pictures of moments that a question brings back; none when left out. Such a model is told times, too. */
    readonly pictures?: number;
  };
  /** The pack's questions for a summary, a title and lists. */
  readonly prompts: RecallPrompts;
  /**
   * How likely each row answers the question, about -1 … 1 in units of a search's score; one number per row, same order. Absent when
   * the model has no retriever.
   */
  readonly relevance?: (
    question: string,
    rows: readonly PlacedText[],
    options: { readonly signal: AbortSignal },
  ) => Promise<ArrayLike<number>>;
  /** @throws AppError question.tooLong */
  recall(request: RecallQuestion, options: RecallOptions): Promise<RecallReply>;
}

/** What a model is asked, with what only some of them take. */
export interface RecallQuestion extends RecallRequest {
  /** When each of the evidence came on screen, or was said, in its order. */
  readonly times?: readonly MediaMs[];
  /** In time order. */
  readonly pictures?: readonly MomentPicture[];
}

/** What was on screen at a moment. */
export interface MomentPicture {
  readonly atMs: MediaMs;
  readonly jpeg: Buffer;
}

/** Questions that a pack was trained on, for what is asked of every video. */
export interface RecallPrompts {
  readonly summary: string;
  readonly title: string;
  readonly lists: RecallLists;
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
  }): readonly SearchHit<SearchedRow>[];
  /** Frames of a stretch as the decoder was given them, in time order; left out where none are kept. */
  framesIn?(fromMs: MediaMs, toMs: MediaMs): readonly GivenFrame[];
  /** What stood on screen at a moment, and where. */
  linesAt(
    atMs: MediaMs,
  ): readonly { readonly row: { readonly id: number }; readonly box: PixelRectangle }[];
  append<Row extends TimelineRow>(row: NewRow<Row>): Row;
}
