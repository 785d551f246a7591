/** Everything the page shows, as one value. */
import {
  mediaMs,
  type Attention,
  type CodeAtMoment,
  type HostToWebview,
  type MediaInfo,
  type MediaMs,
  type PanelSettings,
  type PixelRectangle,
  type QuestionScope,
  type SearchHit,
  type ShownError,
  type WatchedManner,
  type WatchState,
  type WebviewToHost,
} from '../protocol/index.ts';
import type { Exchange } from './conversation.ts';
import type { FeedNews } from './liveFeed.ts';
import { noRows, type Rows } from './rows.ts';

/** The daemon knows what is watched: all but `connecting` and `lost`. */
export type ConnectedState = Exclude<WatchState, 'connecting' | 'lost'>;
/** Selected on the lane. */
export type TimeRange = NonNullable<WebviewToHost['player']['range']>;
/** What stands beside the player. */
export const tabs = ['guidance', 'questions', 'code', 'chapters', 'search'] as const;
export type Tab = (typeof tabs)[number];

/** A part of the picture at a moment. */
export interface BoxAt {
  readonly atMs: MediaMs;
  readonly box: PixelRectangle;
}

/** Why the player shows nothing: its address died and another will come, or it cannot play what it got. */
export interface PlayerProblem {
  readonly kind: 'address' | 'decoder';
  /** For the log. */
  readonly detail: string;
}

/** What the editor keeps of the page for this panel. */
export interface SavedState {
  /** Of the video: what was saved for another is void. */
  readonly path: string;
  readonly positionMs: number;
  readonly furthestMs: number;
  readonly isPlaying: boolean;
  readonly rate: number;
  readonly volume: number;
  readonly isMuted: boolean;
  readonly showsCaptions: boolean;
  readonly range?: TimeRange;
  readonly draft: string;
  readonly scope?: NonNullable<State['ask']['scope']>;
  readonly followUpOf?: number;
  readonly tab: Tab;
  readonly filter: string;
  readonly isFollowing: boolean;
  /** Id of the row at the top of the list. */
  readonly topRowId?: number;
  readonly sidePx?: number;
}

/** Never changed: each event makes another. */
export interface State {
  /** False until the host has said what this page is about. */
  readonly isReady: boolean;
  readonly path: string;
  readonly name: string;
  readonly settings: PanelSettings;
  readonly attention: Attention;
  readonly manner: WatchedManner;
  /** It is watched while it happens, or was. */
  readonly isLive: boolean;
  readonly media: MediaInfo | undefined;
  /** What is recorded of it, and how far the player is behind the present. */
  readonly feed: (FeedNews & { readonly lagMs: number }) | undefined;
  readonly watch: HostToWebview['status'];
  /** Where the watching began, in the media and in seconds of work, so that its pace can be told; absent before any counters. */
  readonly watchedFrom: { readonly positionMs: MediaMs; readonly seconds: number } | undefined;
  readonly rows: Rows;
  readonly exchanges: readonly Exchange[];
  readonly player: {
    readonly positionMs: MediaMs;
    /** The latest moment that was reached. */
    readonly furthestMs: MediaMs;
    /** Wanted, even while it loads. */
    readonly isPlaying: boolean;
    readonly rate: number;
    /** 0 … 1 */
    readonly volume: number;
    readonly isMuted: boolean;
    readonly showsCaptions: boolean;
    /** The player has nothing to show yet. */
    readonly isWaiting: boolean;
    /** It keeps to the newest of what is live. */
    readonly followsLive: boolean;
    /** As the player says, once it has loaded something. */
    readonly durationMs: MediaMs | undefined;
    readonly problem: PlayerProblem | undefined;
  };
  /** The last wish to move the player; `serial` grows with each. */
  readonly seek: HostToWebview['seek'] & { readonly serial: number };
  readonly range: TimeRange | undefined;
  readonly ask: {
    readonly draft: string;
    /** As a person has chosen; undefined leaves it to where the player is. */
    readonly scope: QuestionScope['kind'] | undefined;
    /** The answer that the next question follows up. */
    readonly followUpOf: number | undefined;
    /** The part of the picture that the next question is about. */
    readonly box: BoxAt | undefined;
    /** A part of the picture is being drawn. */
    readonly isDrawing: boolean;
    /** Grows with each wish to put the cursor into the box. */
    readonly focusSerial: number;
  };
  /** The search inside this video. */
  readonly search: {
    readonly query: string;
    /** Of the last one that was sent. */
    readonly requestId: string | undefined;
    readonly isWaiting: boolean;
    /** Best first; those of the search before stay until others come. */
    readonly hits: readonly SearchHit[];
    readonly error: ShownError | undefined;
  };
  /** What is shown of the code on screen. */
  readonly code: {
    readonly region: CodeAtMoment['region'];
    /** Of the last request that was sent. */
    readonly requestId: string | undefined;
    readonly isWaiting: boolean;
    /** What was read last stays until something else was. */
    readonly code: CodeAtMoment | undefined;
    readonly error: ShownError | undefined;
  };
  readonly view: {
    readonly tab: Tab;
    readonly filter: string;
    /** The list keeps the current step in sight. */
    readonly isFollowing: boolean;
    readonly topRowId: number | undefined;
    /** A row that somebody wants to be shown, until the list has it in sight. */
    readonly revealRowId: number | undefined;
    /** How wide a person has made the list, px. */
    readonly sidePx: number | undefined;
  };
  /** What the page was before it was loaded; used by the first `init`. */
  readonly saved: SavedState | undefined;
}

/** A page that has been told nothing yet. */
export const initialState: State = {
  isReady: false,
  path: '',
  name: '',
  settings: { revealGuidance: 'asIndexed', announceGuidance: true, chattiness: 'usual' },
  attention: { isTyping: false },
  manner: { requests: [] },
  isLive: false,
  media: undefined,
  feed: undefined,
  watch: { state: 'connecting' },
  watchedFrom: undefined,
  rows: noRows,
  exchanges: [],
  player: {
    ...{ positionMs: mediaMs(0), furthestMs: mediaMs(0), isPlaying: false },
    ...{ rate: 1, volume: 1, isMuted: false, showsCaptions: false },
    ...{ isWaiting: false, followsLive: true },
    ...{ durationMs: undefined, problem: undefined },
  },
  seek: { atMs: mediaMs(0), play: false, serial: 0 },
  range: undefined,
  ask: {
    ...{ draft: '', scope: undefined, followUpOf: undefined, focusSerial: 0 },
    ...{ box: undefined, isDrawing: false },
  },
  search: { query: '', requestId: undefined, isWaiting: false, hits: [], error: undefined },
  code: {
    ...{ region: 'editor', requestId: undefined, isWaiting: false },
    ...{ code: undefined, error: undefined },
  },
  view: {
    ...{ tab: 'guidance', filter: '', isFollowing: true },
    ...{ topRowId: undefined, revealRowId: undefined, sidePx: undefined },
  },
  saved: undefined,
};
