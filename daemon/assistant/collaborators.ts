/** What the session manager is given from other rooms: packs that can watch and answer, and the library of watched videos. */
import type {
  AnswerRow,
  MediaMs,
  NewRow,
  SessionOptions,
  SourceSpec,
  SummaryRow,
  TimelineKind,
  TimelineRow,
} from '../../protocol/index.ts';
import type { FrameSource } from '../media/frameSource.ts';
import type { ScreenReader } from './screenReader.ts';
import type { TimelineWriter } from './session.ts';
import type { StreamingModel } from './streamingModel.ts';

/** A model pack that is loaded and ready. */
export interface LoadedPack {
  /** Name and version, as shown wherever it speaks. */
  readonly name: string;
  /** The rate that the model was trained at. */
  readonly frameRateFps: number;
  /** The model's own limit between silence and speech, 0 … 1. */
  readonly silenceThreshold: number;
  createModel(options: { signal: AbortSignal }): Promise<StreamingModel>;
  createScreenReader(): ScreenReader;
  /** How often the process that runs it was started anew. */
  readonly engineRestarts: number;
}

export interface PackLoader {
  /** @param model folder or name; the shipped pack when undefined. */
  load(model: string | undefined, options: { signal: AbortSignal }): Promise<LoadedPack>;
}

/** The stored timeline of one video as one pack sees it. */
export interface StoredVideo extends TimelineWriter {
  readonly videoId: string;
  /** Unique for content, pack and frame rate. */
  readonly key: string;
  readonly isComplete: boolean;
  /** Forgets the rows of an earlier run that did not come to its end. */
  beginIndexing(): void;
  markComplete(durationMs: MediaMs): void;
  read(range: {
    readonly kinds?: readonly TimelineKind[];
    readonly fromMs?: MediaMs;
    readonly toMs?: MediaMs;
  }): readonly TimelineRow[];
}

export interface VideoLibrary {
  /** Finds the content of a source. @throws AppError source.notFound */
  identify(source: SourceSpec, options: { signal: AbortSignal }): Promise<string>;
  openVideo(videoId: string, pack: LoadedPack, frameRateFps: number): StoredVideo;
  openSource(source: SourceSpec): FrameSource;
  /** Caption rows found beside the source. */
  readCues(source: SourceSpec, options: { signal: AbortSignal }): Promise<readonly NewRow[]>;
}

export interface Question {
  readonly text: string;
  /** Nothing after this moment may be used. */
  readonly untilMs?: MediaMs;
  /** Words the model has already found inside the running stream; only the citations are looked up then. */
  readonly liveText?: string;
}

/** Answers and summaries from the stored timeline. */
export interface Recall {
  answer(
    video: StoredVideo,
    pack: LoadedPack,
    question: Question,
    options: { signal: AbortSignal; onText?: (text: string) => void },
  ): Promise<AnswerRow>;
  summarize(
    video: StoredVideo,
    pack: LoadedPack,
    range: { readonly fromMs?: MediaMs; readonly toMs?: MediaMs },
    options: { signal: AbortSignal },
  ): Promise<SummaryRow>;
}

/** Options that make the same video another watching. */
export function frameRateOf(options: SessionOptions, pack: LoadedPack): number {
  return options.frameRateFps ?? pack.frameRateFps;
}
