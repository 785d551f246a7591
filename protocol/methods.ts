/** Every message between a client and the daemon, as one typed constant each. */
import type { WireError } from './errors.ts';
import type { Manner } from './manner.ts';
import { notification, request } from './message.ts';
import type {
  LiveCondition,
  LiveState,
  ScreenSource,
  SessionOptions,
  SessionState,
  SessionStats,
  SoundSource,
  SourceSpec,
  StoredSource,
} from './session.ts';
import type {
  AnswerRow,
  PixelRectangle,
  ScreenRegion,
  ScreenTextRow,
  SummaryRow,
  TimelineKind,
  TimelineRow,
  VisibleWindow,
} from './timeline.ts';
import type { MediaMs, WallMs } from './units.ts';

/** Raised with every change that an older client could not follow; carried in the handshake. */
export const protocolVersion = 1;

/** Travels in LSP `initialize` as `initializationOptions`; anything else first closes the connection. */
export interface Handshake {
  readonly protocolVersion: number;
  readonly buildId: string;
  readonly token: string;
}

export interface StartSessionParams {
  readonly source: SourceSpec;
  readonly options: SessionOptions;
}
export interface StartSessionResult {
  readonly sessionId: string;
  /**
   * Key of the video's content; the same file under another name has the same. Of a live source: a new one, by which the session
   * is asked about meanwhile and afterwards (`KeptSource`).
   */
  readonly videoId: string;
  /** True when the timeline of this content is complete: nothing is watched again, stored rows are replayed. */
  readonly isIndexed: boolean;
  /**
   * The session's silence threshold at the usual chattiness, 0 … 1. Guidance with a `silenceProbability` at or above what
   * `silenceThresholdOf` makes of it was said when more was wanted.
   */
  readonly silenceThreshold: number;
  /** Of a kept live session: when its first picture came. */
  readonly startedMs?: WallMs;
  /** Of a live session: what is watched, in words, as `LiveFacts` has it. */
  readonly name?: string;
}
/** Watches a source, or replays its stored rows. Rows, stats and state follow as notifications, after the answer. */
export const startSession = request<StartSessionParams, StartSessionResult>(
  'codealong/startSession',
);

export interface StopSessionParams {
  readonly sessionId: string;
}
/** Stops watching; everything seen so far stays stored. Does nothing when the session has ended. */
export const stopSession = request<StopSessionParams, null>('codealong/stopSession');

export interface PauseSessionParams {
  readonly sessionId: string;
  readonly isPaused: boolean;
}
/**
 * Ends the capture of a live session for a while, or begins it again, for all who follow it; what it missed is a gap. Does nothing
 * when the session has ended, or is none of something live.
 */
export const pauseSession = request<PauseSessionParams, null>('codealong/pauseSession');

export interface AdjustSessionParams extends Manner {
  readonly sessionId: string;
}
/**
 * Changes the manner in which a session speaks, from its next frame on and for all who follow it; what is left out stays as it is. Does
 * nothing when the session has ended.
 */
export const adjustSession = request<AdjustSessionParams, null>('codealong/adjustSession');

/** LSP's work-done progress: with a token, `$/progress` notifications tell how far the work has come, in words and percent. */
export interface WorkDoneParams {
  readonly workDoneToken?: string | number;
}

export interface AskParams extends WorkDoneParams {
  readonly source: StoredSource;
  readonly question: string;
  /** Only what was seen up to this moment may be used; everything when left out. */
  readonly atMs?: MediaMs;
  /** Only rows that reach into this stretch may be used; the whole video when left out. */
  readonly fromMs?: MediaMs;
  readonly toMs?: MediaMs;
  /** The question is about this part of the picture at `atMs`, which must be given too: only lines that stand in it are used. */
  readonly box?: PixelRectangle;
  /** Id of the answer that this question follows up; its thread is kept in mind. One that is not stored is `request.invalid`. */
  readonly followUpOf?: number;
  /** Chosen by the client; `answerDelta` notifications carry it. */
  readonly requestId?: string;
  readonly options?: SessionOptions;
}
/** Answers a question about a video; watches it first when it is not indexed. */
export const ask = request<AskParams, AnswerRow>('codealong/ask');

export interface SummarizeParams extends WorkDoneParams {
  readonly source: StoredSource;
  readonly fromMs?: MediaMs;
  readonly toMs?: MediaMs;
  readonly options?: SessionOptions;
}
/** Summarises a stretch of a video, the whole when left out; watches it first when it is not indexed. */
export const summarize = request<SummarizeParams, SummaryRow>('codealong/summarize');

export interface ReadTimelineParams {
  readonly source: StoredSource;
  readonly kinds?: readonly TimelineKind[];
  readonly fromMs?: MediaMs;
  readonly toMs?: MediaMs;
  /** Those of the session whose rows are wanted: another pack, frame rate or threshold is another timeline. */
  readonly options?: SessionOptions;
}
/** Stored rows of a video, in time order. */
export const readTimeline = request<ReadTimelineParams, { readonly rows: readonly TimelineRow[] }>(
  'codealong/readTimeline',
);

export interface ReadScreenParams {
  readonly source: StoredSource;
  readonly atMs: MediaMs;
  /** All regions when left out. */
  readonly region?: ScreenRegion;
  readonly options?: SessionOptions;
}
/** A line as it stood on screen at a moment. */
export interface ScreenLineAt extends Pick<
  ScreenTextRow,
  'text' | 'box' | 'confidence' | 'region' | 'indentColumns' | 'provenance'
> {
  readonly rowId: number;
  /** The window that the moment lies in. */
  readonly startMs: VisibleWindow[0];
  readonly endMs: VisibleWindow[1];
}
/** The lines on screen at a moment, from the top, each row from the left; watches the video first when that moment was not seen yet. */
export const readScreen = request<
  ReadScreenParams,
  { readonly atMs: MediaMs; readonly lines: readonly ScreenLineAt[] }
>('codealong/readScreen');

export interface ReadCodeParams extends Omit<ReadScreenParams, 'region'> {
  /** The code in the editor when left out. */
  readonly region?: 'editor' | 'terminal';
}
export interface CodeLine {
  /** With its indentation; empty for an empty line between others. */
  readonly text: string;
  /** The row it was read from; absent for an empty line. */
  readonly rowId?: number;
  /** The reader's confidence, 0 … 1; 1 for an empty line. */
  readonly confidence: number;
  /** The number that stands beside it in the editor. */
  readonly lineNumber?: number;
  /** Something lies over it: this is how it read just before that came. */
  readonly seenBefore?: true;
}
/** The code that stood on screen at a moment, ready to be pasted. */
export interface CodeAtMoment {
  readonly atMs: MediaMs;
  readonly region: 'editor' | 'terminal';
  /** The lines, joined; empty when no code was to be seen. */
  readonly text: string;
  readonly lines: readonly CodeLine[];
  /** VS Code's identifier of the language, when the file's name or the text tells it. */
  readonly languageId?: string;
  /** Name of the file as the active tab shows it. */
  readonly fileName?: string;
  /** Whether the text parses in its language; absent when that has no grammar here. */
  readonly parses?: boolean;
}
/** The code on screen at a moment; watches the video first when that moment was not seen yet. */
export const readCode = request<ReadCodeParams, CodeAtMoment>('codealong/readCode');

/** What is known of a live session beside its rows. */
export interface LiveFacts {
  /** What was watched, in words: an address without what opens it, or a part of a screen. */
  readonly name: string;
  /** When its first picture came, which is 0 in its media time. */
  readonly startedMs: WallMs;
}

export interface KeptSession extends LiveFacts {
  readonly videoId: string;
  /** How far it was watched. */
  readonly watchedMs: MediaMs;
  /** It is being watched now. */
  readonly isRunning: boolean;
}
/** Live sessions that are kept, newest first. */
export const listKept = request<
  Record<string, never>,
  { readonly sessions: readonly KeptSession[] }
>('codealong/listKept');

export interface DeleteKeptParams {
  readonly videoId: string;
}
/** Deletes a live session that is over: its timeline and its recording. There is no way back. */
export const deleteKept = request<DeleteKeptParams, null>('codealong/deleteKept');

export type ListScreensParams = Pick<ScreenSource, 'display' | 'authority'>;
export interface ScreenPart {
  readonly kind: 'display' | 'monitor' | 'window';
  /** For people: the name of the monitor, the title of the window. */
  readonly name: string;
  /** Of a window: what its program calls itself, where that is known. */
  readonly application?: string;
  /** Where it stands, in pixels of the display; empty (0, 0, 0, 0) where only its name is known. */
  readonly box: PixelRectangle;
  /** Starts watching it. */
  readonly source: ScreenSource;
}
export interface ListScreensResult {
  readonly parts: readonly ScreenPart[];
  /** What cannot be listed, and why: one sentence each. */
  readonly notices: readonly string[];
}
/** What can be captured of a display. */
export const listScreens = request<ListScreensParams, ListScreensResult>('codealong/listScreens');

export interface SoundDevice {
  /** For people. */
  readonly name: string;
  readonly source: SoundSource;
}
export interface ListSoundsResult {
  readonly microphones: readonly SoundDevice[];
  /** What the machine plays can be heard, too. */
  readonly isMachineHeard: boolean;
}
/** What can be heard beside a screen. */
export const listSounds = request<Record<string, never>, ListSoundsResult>('codealong/listSounds');

export interface SearchParams {
  /** Operators and quotes are plain text. */
  readonly query: string;
  /** The video to search; every video that was ever watched when left out. */
  readonly source?: StoredSource;
  /** Rows of these kinds only. */
  readonly kinds?: readonly TimelineKind[];
  /** 20 when left out, at most 100. */
  readonly limit?: number;
  readonly options?: SessionOptions;
}
/** Why a row was found; each part 0 … 1. */
export interface ScoreParts {
  /** BM25, relative to the best row of the same kind: rare words of the query count more. */
  readonly words: number;
  /** Share of the query's words that the row has. */
  readonly coverage: number;
  /** How literally the row contains the query, misread characters forgiven. */
  readonly literal: number;
}
export interface SearchHit {
  readonly rowId: number;
  readonly kind: TimelineKind;
  readonly text: string;
  /** The window of the row that fits best, for a line that was visible several times. */
  readonly startMs: MediaMs;
  readonly endMs: MediaMs;
  /** Of a line of screen text. */
  readonly region?: ScreenRegion;
  /** As in `CueRow`. */
  readonly origin?: 'speech';
  readonly score: number;
  readonly parts: ScoreParts;
  readonly video: {
    readonly videoId: string;
    /** Where the video lay when it was watched last; absent when that is not known, and for a live session. */
    readonly path?: string;
    /** Of a live session. */
    readonly live?: LiveFacts;
  };
}
/** Finds rows by their words, best first. A single video is watched first when it is not indexed; a library is searched as it is. */
export const search = request<SearchParams, { readonly hits: readonly SearchHit[] }>(
  'codealong/search',
);

export interface OpenMediaParams {
  readonly source: StoredSource;
}
/** A chapter that the container names. */
export interface Chapter {
  readonly startMs: MediaMs;
  readonly endMs: MediaMs;
  readonly title: string;
}
/** How an editor's player plays a video. */
export interface MediaInfo {
  readonly durationMs?: MediaMs;
  /** Size of the pictures, px. */
  readonly width: number;
  readonly height: number;
  readonly chapters: readonly Chapter[];
  /** Loopback address of what plays now, with byte ranges; absent as long as nothing does. Changes when a better copy is ready. */
  readonly videoUrl?: string;
  /** Of a live session: loopback address of its recording, see `LiveListing`; absent when nothing of it was recorded. */
  readonly liveUrl?: string;
  /** Whether `videoUrl` plays the sound of the video; also true when there is none to play. */
  readonly hasSound: boolean;
  /** preparing: a playable copy is being made, `progress` of it done. failed: `notices` says why. */
  readonly state: 'ready' | 'preparing' | 'failed';
  /** 0 … 1 */
  readonly progress?: number;
  /** What cannot be played, and why: one sentence each, ready to be shown. */
  readonly notices: readonly string[];
  /** Loopback address of single pictures: `<frameUrl>/<milliseconds>.jpg` is what is on screen at that moment, `?width=` so
   * many px wide, `?crop=x,y,width,height` a part of it, in pixels of the video. Of a live session 410 is the answer where nothing was recorded,
   * and the address is empty when nothing was at all. */
  readonly frameUrl: string;
}
/**
 * What is recorded of a live session, as `<liveUrl>/list` tells it: with `?from=<ms>` the fragments from the one that a player must
 * begin with to show that moment, with `?behind=<id>` those behind one. `<liveUrl>/init/<id>` is the beginning of an MP4 that some of
 * the fragments need, `<liveUrl>/fragment/<id>` a fragment. Times are media time in milliseconds.
 */
export interface LiveListing {
  readonly startMs: number;
  readonly endMs: number;
  /** Absent when the session is over. */
  readonly live?: {
    /** The present. */
    readonly liveMs: number;
    readonly state: LiveState;
  };
  /** With their codecs as browsers name them. */
  readonly inits: readonly { readonly id: number; readonly codecs: string }[];
  /** In time order; not more than a player can take at once. */
  readonly fragments: readonly {
    readonly id: number;
    readonly init: number;
    readonly startMs: number;
    readonly endMs: number;
    /** Added to the times inside it gives media time. */
    readonly offsetMs: number;
  }[];
}
/**
 * Makes a video playable in an editor, which has few decoders; `mediaChanged` follows until the state is no longer `preparing`.
 * What has failed is tried again when anybody opens the video.
 */
export const openMedia = request<OpenMediaParams, MediaInfo>('codealong/openMedia');
/** The player was closed: stops preparing, and its addresses end. Does nothing when it is not open. */
export const closeMedia = request<OpenMediaParams, null>('codealong/closeMedia');

export interface DoctorCheck {
  readonly name: string;
  readonly status: 'ok' | 'warning' | 'missing';
  /** What was found, in words. */
  readonly detail: string;
  /** How to mend it; absent when `ok`. */
  readonly remedy?: string;
}
export interface DoctorReport {
  readonly version: string;
  readonly checks: readonly DoctorCheck[];
}
/** The display that is tried is the client's, transcriber and model those of its sessions. */
export interface DoctorParams
  extends ListScreensParams, Pick<SessionOptions, 'transcriber' | 'model' | 'modelKey'> {}
/** Looks at everything the program needs and says what is missing. */
export const doctor = request<DoctorParams, DoctorReport>('codealong/doctor');

export interface ReadLogParams {
  readonly maxLines?: number;
}
/** The last lines of the daemon's log, oldest first, each a JSON object. */
export const readLog = request<ReadLogParams, { readonly lines: readonly string[] }>(
  'codealong/readLog',
);

/** Asks the daemon to leave as soon as no other client is connected. */
export const retire = request<Record<string, never>, null>('codealong/retire');

/** restart: connect again at once, another daemon is wanted. stopped: connect again when there is something to do. */
export type LeavingReason = 'restart' | 'stopped';
/** Ends the daemon for all its clients, who are told first (`leaving`) and start another. */
export const restart = request<Record<string, never>, null>('codealong/restart');
/** As `restart`, but nobody starts another before it is needed. */
export const stop = request<Record<string, never>, null>('codealong/stop');

export interface DaemonStatus {
  readonly pid: number;
  readonly version: string;
  readonly buildId: string;
  readonly home: string;
  /** Open connections, the asking one included. */
  readonly clients: number;
  /** Sessions that have not ended. */
  readonly sessions: number;
}
/** What the daemon is and whom it serves. */
export const daemonStatus = request<Record<string, never>, DaemonStatus>('codealong/daemonStatus');

/**
 * Daemon → client: the connection ends soon because somebody wanted it, not because something broke. Work is cancelled at once;
 * the connection is closed as soon as everything is let go, so that whoever connects again after that meets nobody.
 */
export const leaving = notification<{ readonly reason: LeavingReason }>('codealong/leaving');
/** Daemon → client: how a video that this client has open plays now. */
export const mediaChanged = notification<{
  readonly source: StoredSource;
  readonly media: MediaInfo;
}>('codealong/mediaChanged');
/** Daemon → client: a row was stored in a session that this client started. */
export const timelineRow = notification<{ readonly sessionId: string; readonly row: TimelineRow }>(
  'codealong/timelineRow',
);
/** Daemon → client: every row that was stored before has been told; those that follow are new. Once for each session. */
export const sessionReplayed = notification<{ readonly sessionId: string }>(
  'codealong/sessionReplayed',
);
/** Daemon → client: counters of a session. */
export const sessionStats = notification<{
  readonly sessionId: string;
  readonly stats: SessionStats;
}>('codealong/sessionStats');
/** Daemon → client: how the source of a live session is from now on; also told of one that is followed later. */
export const liveCondition = notification<{
  readonly sessionId: string;
  readonly condition: LiveCondition;
}>('codealong/liveCondition');
/** Daemon → client: the session ended or failed. Nothing follows for it. */
export const sessionState = notification<{
  readonly sessionId: string;
  readonly state: SessionState;
  readonly error?: WireError;
}>('codealong/sessionState');
/** Daemon → client: the next words of an answer that is being generated. */
export const answerDelta = notification<{ readonly requestId: string; readonly text: string }>(
  'codealong/answerDelta',
);
/** Daemon → client: how far the watching that a request waits for has come. */
export const watchProgress = notification<{
  readonly source: StoredSource;
  readonly positionMs: MediaMs;
  readonly durationMs?: MediaMs;
}>('codealong/watchProgress');
