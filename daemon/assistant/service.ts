/** What the daemon does for a client, without a word of JSON-RPC: the server, a test or another front end call it alike. */
import type {
  AdjustSessionParams,
  AnswerRow,
  AskParams,
  CodeAtMoment,
  DoctorReport,
  KeptSession,
  LiveCondition,
  DoctorParams,
  ListScreensParams,
  ListScreensResult,
  ListSoundsResult,
  MediaMs,
  ReadCodeParams,
  ReadScreenParams,
  ReadTimelineParams,
  ScreenLineAt,
  SearchHit,
  SearchParams,
  SessionState,
  SessionStats,
  StartSessionParams,
  StartSessionResult,
  StoredSource,
  SummarizeParams,
  SummaryRow,
  TimelineRow,
  WireError,
} from '../../protocol/index.ts';
import type { Stretch } from '../timeline/nameSearch.ts';

/** Where a client is told what happens in the work it asked for. Calls are cheap and never throw. */
export interface ClientEvents {
  timelineRow(sessionId: string, row: TimelineRow): void;
  /** Every stored row has been told; those that follow are new. */
  sessionReplayed(sessionId: string): void;
  sessionStats(sessionId: string, stats: SessionStats): void;
  liveCondition(sessionId: string, condition: LiveCondition): void;
  sessionState(sessionId: string, state: SessionState, error?: WireError): void;
  answerDelta(requestId: string, text: string): void;
  watchProgress(source: StoredSource, positionMs: MediaMs, durationMs?: MediaMs): void;
  /** How far work on a video has come that is not watching. @param done 0 … 1 */
  workProgress(source: StoredSource, progress: { readonly message: string; done: number }): void;
  /**
   * Resolves when everything told so far is written, or the client has left; never fails. Whoever tells much at once waits
   * for it in between, so that no more lies in memory than the client can take.
   */
  drained(): Promise<void>;
}

export interface DaemonService extends AsyncDisposable {
  /** Sessions that have not ended. */
  readonly sessionCount: number;
  /** Returns as soon as the source is open; events follow afterwards. Sessions of a client end with `clientSignal`. */
  startSession(
    params: StartSessionParams,
    client: ClientEvents,
    options: { signal: AbortSignal; clientSignal: AbortSignal },
  ): Promise<StartSessionResult>;
  /** Does nothing when the session has ended. @throws AppError session.notFound when there never was one */
  stopSession(sessionId: string): Promise<void>;
  /** Pauses a live session, or goes on, for all who follow it. Does nothing when it has ended. @throws AppError session.notFound */
  pauseSession(sessionId: string, isPaused: boolean): void;
  /** Changes how a session speaks, for all who follow it. Does nothing when it has ended. @throws AppError session.notFound */
  adjustSession(params: AdjustSessionParams): void;
  ask(
    params: AskParams,
    client: ClientEvents,
    options: { signal: AbortSignal },
  ): Promise<AnswerRow>;
  summarize(
    params: SummarizeParams,
    client: ClientEvents,
    options: { signal: AbortSignal },
  ): Promise<SummaryRow>;
  readTimeline(
    params: ReadTimelineParams,
    options: { signal: AbortSignal },
  ): Promise<readonly TimelineRow[]>;
  /** The lines on screen at a moment; watches the video up to there first. */
  readScreen(
    params: ReadScreenParams,
    client: ClientEvents,
    options: { signal: AbortSignal },
  ): Promise<readonly ScreenLineAt[]>;
  /** The code on screen at a moment; watches the video up to there first. */
  readCode(
    params: ReadCodeParams,
    client: ClientEvents,
    options: { signal: AbortSignal },
  ): Promise<CodeAtMoment>;
  /** Moments with the words of a query, best first; watches a single video first, unless it is being watched. */
  search(
    params: SearchParams,
    client: ClientEvents,
    options: { signal: AbortSignal },
  ): Promise<readonly SearchHit[]>;
  /**
   * Stretches in which a name stood on screen, in the order of their starts. Looks only at what is stored: starts nothing, waits for
   * nothing.
   */
  findName(videoId: string, name: string): readonly Stretch[];
  /** Live sessions that are kept, newest first. */
  listKept(): readonly KeptSession[];
  /** Deletes a live session that is over. @throws AppError source.notKept, source.inUse */
  deleteKept(videoId: string): Promise<void>;
  /** What can be captured of a display. @throws AppError capture.* */
  listScreens(
    display: ListScreensParams,
    options: { signal: AbortSignal },
  ): Promise<ListScreensResult>;
  /** What can be heard beside a screen. @throws AppError ffmpeg.missing */
  listSounds(options: { signal: AbortSignal }): Promise<ListSoundsResult>;
  /** @param display that capturing the screen is tried on */
  doctor(params: DoctorParams, options: { signal: AbortSignal }): Promise<DoctorReport>;
}
