/** What the panel's page and the extension tell each other, keyed by the name of the message. */
import type { WireError } from './errors.ts';
import type { Chattiness } from './manner.ts';
import type { CodeAtMoment, MediaInfo, SearchHit } from './methods.ts';
import type { LiveCondition, SessionStats } from './session.ts';
import type { AnswerRow, PixelRectangle, TimelineRow } from './timeline.ts';
import type { MediaMs, WallMs } from './units.ts';

/** The part of the video that a question is about. */
export type QuestionScope =
  | { readonly kind: 'whole' }
  /** What was seen up to this moment. */
  | { readonly kind: 'now'; readonly atMs: MediaMs }
  | { readonly kind: 'range'; readonly fromMs: MediaMs; readonly toMs: MediaMs };

/**
 * connecting: not asked the daemon yet. watching, finished, stopped, failed: as the session. lost: the connection broke and is being
 * made anew.
 */
export type WatchState = 'connecting' | 'watching' | 'finished' | 'stopped' | 'failed' | 'lost';

/** Of `SessionStats.lagMs`: from here on page and status bar say how far behind the model is; nobody notices less. */
export const noticeableLagMs = 2000;

/** Something that went wrong, for people: a sentence, an action, and the button that does it where there is one. */
export interface ShownError extends Pick<WireError, 'message' | 'remedy'> {
  readonly action?: PanelAction;
}

/** What a button of the panel may ask the extension to do, beside what has a message of its own. */
export type PanelAction =
  | 'showLog'
  | 'doctor'
  | 'restartDaemon'
  | 'setModelKey'
  | 'openExternally'
  | 'openSettings'
  | 'retry';

/** Settings that the page itself heeds. */
export interface PanelSettings {
  /** Guidance is listed as soon as it is known, or when the video has played up to it. */
  readonly revealGuidance: 'asIndexed' | 'asPlayed';
  /** New guidance is told to screen readers. */
  readonly announceGuidance: boolean;
  /** How much is said; the list shows of what was said before what would be said now. */
  readonly chattiness: Chattiness;
}

/** Guidance is listed and not announced; what was asked for still is. Without an end it lasts until somebody ends it. */
export interface SnoozeState {
  readonly untilMs?: WallMs;
}

/** Whether this is a moment to draw attention. */
export interface Attention {
  /** Set while guidance is snoozed. */
  readonly snooze?: SnoozeState;
  /** Somebody types in a text editor of this window. */
  readonly isTyping: boolean;
}

/** In which manner a video is watched, beside what the settings say. */
export interface WatchedManner {
  /** As `StartSessionResult` has it; absent before the first session. */
  readonly silenceThreshold?: number;
  /** Standing requests, in the order in which they were made. */
  readonly requests: readonly string[];
}

export interface HostToWebview {
  /** First message, after `ready`. */
  readonly init: {
    /** Absolute path of the video, or the id of a live session: what the page has kept for another one is void. */
    readonly path: string;
    /** Name to show. */
    readonly name: string;
    /** It is watched while it happens, or was. */
    readonly isLive?: boolean;
    readonly settings: PanelSettings;
    /** Where the video was left the last time. */
    readonly positionMs?: MediaMs;
    /** Translations of the page's texts, by the English text; empty in English. */
    readonly l10n: Readonly<Record<string, string>>;
  };
  readonly settings: PanelSettings;
  readonly attention: Attention;
  readonly manner: WatchedManner;
  /** Brings a row of guidance into sight, and puts the cursor on it. */
  readonly reveal: { readonly rowId: number };
  /** Addresses are ready for the page to load. */
  readonly media: MediaInfo;
  /**
   * Rows in the order of storing, after those that are told anew: a known id replaces. `isReset` means that the rows so far are
   * void. At most one message each animation frame.
   */
  readonly rows: { readonly rows: readonly TimelineRow[]; readonly isReset: boolean };
  readonly status: {
    readonly state: WatchState;
    readonly stats?: SessionStats;
    /** How the source of a live session is, while it is being watched. */
    readonly live?: LiveCondition;
    readonly error?: ShownError;
  };
  /** Moves the player; `play` starts it. */
  readonly seek: { readonly atMs: MediaMs; readonly play: boolean };
  /** Puts the cursor into the ask box. */
  readonly focusAsk: Record<string, never>;
  /** A question was asked elsewhere, by command: the page shows it as its own. */
  readonly asked: {
    readonly requestId: string;
    readonly question: string;
    readonly scope: QuestionScope;
    readonly followUpOf?: number;
    readonly box?: PixelRectangle;
  };
  readonly answerDelta: { readonly requestId: string; readonly text: string };
  /** What a search of the page has found, best first; with an error, why it could not be searched. */
  readonly hits: {
    readonly requestId: string;
    readonly hits: readonly SearchHit[];
    readonly error?: ShownError;
  };
  /** The code that a page asked for; with an error, why there is none to show. */
  readonly codeSeen: {
    readonly requestId: string;
    readonly code?: CodeAtMoment;
    readonly error?: ShownError;
  };
  readonly answer: { readonly requestId: string; readonly answer: AnswerRow };
  /** Without an error it was stopped. */
  readonly answerFailed: { readonly requestId: string; readonly error?: ShownError };
}

export interface WebviewToHost {
  /** The page listens; everything it should know follows. */
  readonly ready: Record<string, never>;
  /** Where the player is; at most once a second while playing, at once when something changes. */
  readonly player: {
    readonly positionMs: MediaMs;
    readonly isPlaying: boolean;
    /** Selected on the lane. */
    readonly range?: { readonly fromMs: MediaMs; readonly toMs: MediaMs };
  };
  readonly ask: {
    /** Unique in this page; every message about the answer carries it. */
    readonly requestId: string;
    readonly question: string;
    readonly scope: QuestionScope;
    readonly followUpOf?: number;
    /** The part of the picture, drawn on the paused frame, that is asked about; its moment is the scope's. */
    readonly box?: PixelRectangle;
  };
  readonly stopAnswer: { readonly requestId: string };
  readonly startWatching: Record<string, never>;
  readonly stopWatching: Record<string, never>;
  /** Of a live session: ends its capture for a while, or begins it again. */
  readonly pauseWatching: { readonly isPaused: boolean };
  /** Kept as a setting; the running session heeds it from its next frame on. */
  readonly setChattiness: { readonly chattiness: Chattiness };
  /** The extension asks for a standing request. */
  readonly tellMeWhen: Record<string, never>;
  readonly forgetRequest: { readonly request: string };
  /** The extension asks for how long; `isOver` ends it. */
  readonly snooze: { readonly isOver: boolean };
  /** Without bounds the extension asks which part. */
  readonly summarize: { readonly fromMs?: MediaMs; readonly toMs?: MediaMs };
  /** What the buttons beside the player do with the code at this moment. */
  readonly code: {
    readonly atMs: MediaMs;
    readonly action: 'copy' | 'insert' | 'compare';
  };
  /** The code on screen at a moment, to be shown; a later request takes the place of one that still runs. */
  readonly readCode: {
    readonly requestId: string;
    readonly atMs: MediaMs;
    readonly region: CodeAtMoment['region'];
  };
  /** Finds rows of this video by their words; a later search takes the place of one that still runs. */
  readonly search: { readonly requestId: string; readonly query: string };
  /** Opens the search over all videos, with words to begin with. */
  readonly findInVideos: { readonly query?: string };
  /** Puts a link to this moment on the clipboard. */
  readonly copyLink: { readonly atMs: MediaMs };
  readonly action: { readonly action: PanelAction };
  /** Goes to the log: what the page could not do, or what its content security policy refused. */
  readonly report: {
    readonly kind: 'error' | 'policy' | 'media';
    readonly detail: string;
  };
}

/** One message of either map as it travels. */
export type MessageOf<Map> = {
  readonly [Kind in keyof Map]: { readonly kind: Kind; readonly body: Map[Kind] };
}[keyof Map];
