/** What the session manager is given from other rooms: packs that can watch and answer, and the library of watched videos. */
import type {
  ChapterRow,
  CueRow,
  FileSource,
  KeptSession,
  LiveFacts,
  LiveSource,
  MediaMs,
  NewRow,
  SessionOptions,
  SourceSpec,
} from '../../protocol/index.ts';
import type { Cue } from '../media/captionSource.ts';
import type { FrameListener } from './localStreamingModel.ts';
import type { RecallModel, RecallTimeline } from './recall.ts';
import type { UnfinishedTimeline } from './earlierWatching.ts';
import type { TimelineWriter } from './recorder.ts';
import type { ScreenReader } from './screenReader.ts';
import type { StreamingModel } from './streamingModel.ts';
import type { FindRequest, FoundMoment } from '../timeline/momentSearch.ts';
import type { Stretch } from '../timeline/nameSearch.ts';
import type { LineAt } from '../timeline/screenLines.ts';
import type { ChapterChange } from '../timeline/timelineStore.ts';

/** What a model pack's manifest says; nothing of the pack has to run for it. */
export interface PackDescription {
  /** Name and version, as shown wherever it speaks. */
  readonly name: string;
  /** The rate that the model was trained at. */
  readonly frameRateFps: number;
  /** The model's own limit between silence and speech, 0 … 1. */
  readonly silenceThreshold: number;
  /** The same while an instruction of the user's own is in force; undefined: as ever. */
  readonly requestSilenceThreshold: number | undefined;
  /** Lower-case words that its guidance may use without their standing on screen. */
  readonly plainWords: ReadonlySet<string> | undefined;
  /** The sign before and behind what its guidance quotes, if it does. */
  readonly quote: string | undefined;
  /** Its guidance is withheld below this likelihood, 0 … 1. */
  readonly minReplyLikelihood: number | undefined;
  /** Media time after something was said in which nothing more is; the usual when left out, ms. */
  readonly refractoryMs?: number;
  /** Whether the pack calls itself a demonstration. */
  readonly isDemonstration: boolean;
}

/** A model pack on disk, or a model on a server. */
export interface Pack extends PackDescription {
  /** Answers from stored rows. What runs the model is started by the first question that needs it. */
  readonly recall: RecallModel;
  /** Starts what runs the model, unless it runs. @throws AppError model.*, engine.* */
  load(options: { signal: AbortSignal }): Promise<LoadedPack>;
}

/** How a model watches one video. */
export interface ModelOptions extends Pick<SessionOptions, 'instruction' | 'isUngrounded'> {
  /**
   * What is live goes on for hours and does not wait: frames that show nothing new may take no positions, though the pack does not ask
   * for it, and the engine does what is asked for it before anything else.
   */
  readonly isLive?: boolean;
  /** Hears what a local model's decoder is given. */
  readonly onFrame?: FrameListener;
  readonly signal: AbortSignal;
}

/** A model pack that is loaded and ready. */
export interface LoadedPack extends PackDescription {
  /** Answers from stored rows. */
  readonly recall: RecallModel;
  createModel(options: ModelOptions): Promise<StreamingModel>;
  createScreenReader(): ScreenReader & AsyncDisposable;
  /** How often the process that runs it was started anew. */
  readonly engineRestarts: number;
}

export interface PackFinder {
  /**
   * @param model folder or name of a pack, or the address of a server; the shipped pack when undefined
   * @param options.key opens that server
   * @throws AppError model.*
   */
  find(
    model: string | undefined,
    options: { readonly key?: string | undefined; readonly signal: AbortSignal },
  ): Promise<Pack>;
}

/** The stored timeline of one video as one pack sees it. */
export interface StoredVideo extends TimelineWriter, RecallTimeline, UnfinishedTimeline {
  readonly videoId: string;
  /** Unique for content, pack and frame rate. */
  readonly key: string;
  readonly isComplete: boolean;
  /** Watching begins, or goes on: rows behind the last frame that an earlier run has recorded are forgotten. */
  beginIndexing(): void;
  markComplete(durationMs: MediaMs): void;
  /** Captions that came beside a video after it was watched. Does nothing for one that has captions, or is unfinished. */
  addCaptions(cues: readonly NewRow<CueRow>[]): void;
  /** A chapter of the model is open until it is told to end. @returns the row as it is now */
  changeChapter(rowId: number, change: ChapterChange): ChapterRow;
  /** What stood on screen at a frame. */
  linesAt(ptsMs: MediaMs): readonly LineAt[];
  /** Finds moments by words, best first. */
  find(request: FindRequest): readonly FoundMoment[];
  /** Where the video lies now. */
  rememberPath(path: string): void;
  /** Set when this is a live session that has begun. */
  readonly live: LiveFacts | undefined;
  /** The first picture of a live session came. */
  beginLive(facts: LiveFacts): void;
  /** Nobody watches a live session any more: it is complete as far as it was watched. */
  settle(): void;
  /** Watching ended before the video did: another daemon may begin. Does nothing once complete. */
  endIndexing(): void;
}

/** A video together with the pack that watches it: what a request is about. */
export interface Subject<Source extends SourceSpec = SourceSpec> {
  readonly source: Source;
  readonly options: SessionOptions;
  readonly pack: Pack;
  readonly video: StoredVideo;
}

export interface VideoLibrary {
  /** Finds the content of a source; what is live is another video each time. @throws AppError source.notFound */
  identify(source: FileSource | LiveSource, options: { signal: AbortSignal }): Promise<string>;
  /** Captions that lie beside a source now, in the order of their start. Those that cannot be read are left out. */
  captionsOf(source: FileSource, options: { signal: AbortSignal }): Promise<readonly Cue[]>;
  /** Options that change what is seen or said make another timeline of the same content. */
  openVideo(videoId: string, pack: PackDescription, options: SessionOptions): StoredVideo;
  /** A live session, with what it is watched with. @throws AppError source.notKept */
  openKept(videoId: string): { readonly video: StoredVideo; readonly frameRateFps: number };
  /** Live sessions that are kept, newest first. */
  listKept(): readonly KeptSession[];
  /** Deletes all that is kept of a live session. @throws AppError source.notKept, source.inUse while it is watched */
  deleteKept(videoId: string): Promise<void>;
  /** Stretches in which a name stood on screen, in the order of their starts; looks only at what is stored. */
  findName(videoId: string, name: string): readonly Stretch[];
  /** Finds moments of all videos by words, best first; looks only at what is stored. */
  find(request: FindRequest): readonly FoundMoment[];
}

/** What a watching is done with: the options, and what the pack says where they are silent. */
export function watchedWith(
  options: SessionOptions,
  pack: PackDescription,
): { readonly frameRateFps: number; readonly silenceThreshold: number } {
  const ofRequests = options.instruction === undefined ? undefined : pack.requestSilenceThreshold;
  return {
    frameRateFps: options.frameRateFps ?? pack.frameRateFps,
    silenceThreshold: options.silenceThreshold ?? ofRequests ?? pack.silenceThreshold,
  };
}
