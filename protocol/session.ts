/** A session is one video being watched. */
import type { Manner } from './manner.ts';
import type { ServerPlace } from './serverAddress.ts';
import type { PixelRectangle } from './timeline.ts';
import type { MediaMs, TokenCount, WallMs } from './units.ts';

/** A video file. */
export interface FileSource {
  readonly kind: 'file';
  /** Absolute path on the daemon's machine. */
  readonly path: string;
}

/** What stands on a screen of the daemon's machine, from now on: all of it, a part, or one window. */
export interface ScreenSource {
  readonly kind: 'screen';
  /** The display as the system names it: `:0` for X11, the number of a screen elsewhere; the system's first when left out. */
  readonly display?: string;
  /** X11: absolute path of the file that opens the display (XAUTHORITY); the daemon's own when left out. */
  readonly authority?: string;
  /** Id of a window, as `listScreens` gives it: its content, wherever it stands. */
  readonly window?: string;
  /** The part of the display, or of the window, in its pixels; all of it when left out. */
  readonly box?: PixelRectangle;
  /** What people know it by: the title of the window, the name of the monitor. */
  readonly title?: string;
}

/** Windows that are left out of what is captured of a screen, wherever they stand: nobody gets to see them, no recording has them. */
export interface ExcludedWindows {
  /** Names of applications, or parts of the titles of windows; letter case does not matter. */
  readonly names: readonly string[];
  /** The window of the editor that shows what is watched. */
  readonly own?: {
    /** All of them stand in its title. */
    readonly titleParts: readonly string[];
    /** Of the editor: when no title tells, all its windows are left out. */
    readonly processId?: number;
  };
}

/** What comes over the network, from now on. */
export interface StreamSource {
  readonly kind: 'stream';
  /** One of `streamSchemes`. The address of a page is resolved by yt-dlp or streamlink where one is installed. */
  readonly url: string;
}

/** What can be watched only while it happens: each session with it is a video of its own. */
export type LiveSource = ScreenSource | StreamSource;

/** A live session of which the timeline is kept, running or over. */
export interface KeptSource {
  readonly kind: 'kept';
  /** As `startSession` has given it. */
  readonly videoId: string;
}

/** What has a stored timeline, or gets one by being watched: what questions are about. */
export type StoredSource = FileSource | KeptSource;

export type SourceSpec = StoredSource | LiveSource;

/**
 * How a live source is. live: pictures come. silent: it gave none for some seconds. reconnecting: it broke off and is being opened
 * again. paused: somebody wants nothing of it to be seen. full: pictures come, and nothing of them is watched, because the disk has no
 * room for it.
 */
export type LiveState = 'live' | 'silent' | 'reconnecting' | 'paused' | 'full';

export interface LiveCondition {
  readonly state: LiveState;
  /** Since when. */
  readonly sinceMs: WallMs;
  /** Why it is being opened again: one sentence. */
  readonly reason?: string;
}

/** Schemes of the addresses that can be watched. */
export const streamSchemes = ['http', 'https', 'rtmp', 'rtmps', 'rtsp', 'srt', 'udp'] as const;

/**
 * Whether an address can be watched. It is given to programs that take much else for an address, such as `concat:` or a file: so it
 * has one of the known schemes, a host, and no character that ends a word.
 */
export function isStreamAddress(url: string): boolean {
  const scheme = /^([a-z]+):\/\/[^\s\p{C}/?#]/u.exec(url)?.[1];
  const isKnown = streamSchemes.some((known) => known === scheme);
  return isKnown && !/[\s\p{C}"`\\<>]/u.test(url);
}

/** What is heard beside a screen: a microphone, or what the machine plays. */
export interface SoundSource {
  readonly kind: 'microphone' | 'machine';
  /** The microphone as `listSounds` names it; the system's own choice when left out. */
  readonly device?: string;
}

/** What became of what was spoken. */
export interface SpeechStats extends ServerPlace {
  /** What is heard beside a screen; absent for the sound of a stream. */
  readonly sound?: SoundSource['kind'];
  /** Why nothing is heard: one sentence. Watching goes on without, and it is tried again. */
  readonly trouble?: string;
  /** Utterances that were transcribed. */
  readonly sent: number;
  /** Utterances that were left out: the transcriber was too slow for them, away, or refused them. */
  readonly dropped: number;
  /** It does not answer, or refuses; it is asked again from time to time. */
  readonly isAway: boolean;
}

/** What a server is sent that a model runs on. */
export interface ServerStats extends ServerPlace {
  /** As the server calls it. */
  readonly model: string;
  /** Requests since the daemon knows the server, and those with pictures among them. */
  readonly requests: number;
  readonly pictures: number;
  /** It does not answer; it is asked again from time to time. */
  readonly isAway: boolean;
}

/** Ids of live sessions; hashes of files look otherwise. */
export const liveIdPattern = /^live-[0-9a-f]{12}$/;

/** What a name stands for wherever videos are named: the id of a live session, or the path of a file. */
export function storedSource(name: string): StoredSource {
  return liveIdPattern.test(name) ? { kind: 'kept', videoId: name } : { kind: 'file', path: name };
}

export function isLive(source: SourceSpec): source is LiveSource {
  return source.kind === 'screen' || source.kind === 'stream';
}

/** Tells sources apart: the same for equal ones. */
export function sourceKey(source: SourceSpec): string {
  switch (source.kind) {
    case 'file':
      return source.path;
    case 'kept':
      return source.videoId;
    case 'stream':
      return source.url;
    case 'screen': {
      const { display, authority, window, box } = source;
      return JSON.stringify([display, authority, window, box]);
    }
  }
}

/** What a session is begun with. Its manner changes nothing of which timeline it writes, all else does. */
export interface SessionOptions extends Manner {
  /** Sampled frames a second; the model pack's own rate when left out. */
  readonly frameRateFps?: number;
  /** `max` reads as fast as the machine can, `realtime` keeps the video's own pace. Default `max`. Live sources have their own. */
  readonly speed?: 'max' | 'realtime';
  /** Silent at or above this probability of silence, 0 … 1, at the usual chattiness; the model pack's own when left out. */
  readonly silenceThreshold?: number;
  /**
   * Folder or name of a model pack, or the address of a server with the name of a model on it: `https://host/v1#name`. The shipped pack when
   * left out. To a server goes what is watched: its pictures, and the text that was read in them.
   */
  readonly model?: string;
  /** What opens that server; it is kept nowhere. */
  readonly modelKey?: string;
  /** What the model is told before the video, such as "Tell me when the tests pass."; the pack's own instruction when left out. */
  readonly instruction?: string;
  /** Guidance may use words that stood nowhere, and unlikely guidance is shown too: what holding back is worth is measured so. */
  readonly isUngrounded?: boolean;
  /** Of a screen: what is left out of it. Refused where this system cannot do that. */
  readonly excluded?: ExcludedWindows;
  /** Of a live source: the address of a server that what is spoken is sent to; nothing is heard without it. */
  readonly transcriber?: string;
  /** Of a screen, with `transcriber`: what is heard beside it; nothing when left out. */
  readonly sound?: SoundSource;
  /** Absolute path of a file to which is written what the model is given of each frame, one JSON object a line: for training. */
  readonly framesFile?: string;
}

/**
 * How a session ended. finished: the video was seen to its end, or the live source came to its own. failed: `error` says why. stopped: someone stopped it; what was
 * seen is kept and the next session goes on there, but the video counts as not indexed. A live session is kept however it ended.
 */
export type SessionState = 'finished' | 'failed' | 'stopped';

/** Counters of a running session, newest only, at most four times a second. */
export interface SessionStats {
  /** Presentation time of the newest frame that the model has seen. */
  readonly positionMs: MediaMs;
  /** Length of the video; absent when the container does not say. */
  readonly durationMs?: MediaMs;
  /** New frames that the model has seen since the session began; repeated pictures count. */
  readonly framesSeen: number;
  /** `framesSeen` for each second of the user's clock, over the whole session. */
  readonly framesPerSecond: number;
  /** Of a live session: when its first picture came, which is 0 in its media time. */
  readonly startedMs?: WallMs;
  /** How far the model is behind the moment that is being watched, on the user's clock; 0 for `max`. */
  readonly lagMs: number;
  /**
   * How long a live source has given nothing, in milliseconds of the user's clock; 0 for a file. Counters are told every second while it
   * does, with a lag that grows: for so long nobody watches.
   */
  readonly silentMs: number;
  /** Frames that wait: sampled ones for the vision encoder, encoded ones for the decoder. */
  readonly queueDepths: { readonly sampled: number; readonly encoded: number };
  /** Frames that were not looked at, because they show nothing that the one before did not: noise and a blinking caret aside. */
  readonly framesStill: number;
  /** Frames that were left out because they came too late, the sum of `droppedBy`; 0 for `max`. */
  readonly framesDropped: number;
  /** Why they were left out, in the order in which frames go to make room. */
  readonly droppedBy: {
    /** A file at its own pace: a newer one was due already. */
    readonly pace: number;
    /** Live: not looked at, since perception was busy. */
    readonly unseen: number;
    /** Live: without new text, and the decoder was busy. */
    readonly still: number;
    /** Live: read, but too old for the decoder; the timeline has a gap there. */
    readonly behind: number;
  };
  /** Presentation time of the newest frame with other text than the frame before: until it is some time past, somebody types. */
  readonly textChangedMs?: MediaMs;
  /** Positions that the decoder's memory holds now. */
  readonly tokensInCache: TokenCount;
  /** Positions that it has let go since the session began, oldest first. */
  readonly tokensEvicted: TokenCount;
  /** Of the positions that frames would take, the percentage that they took, text aside: unchanged ones may take none. */
  readonly tokensKeptPercent: number;
  /** Sentences that were said unasked and stored. */
  readonly guidanceCount: number;
  /** Sentences that were not shown, because the model was not sure enough of its words. */
  readonly repliesWithheld: number;
  /** Sentences that were not shown, because they name what did not stand on screen. */
  readonly repliesUngrounded: number;
  /** Sentences that were not shown, because they had just been said, or said nothing. */
  readonly repliesRepeated: number;
  /** Sentences that were not shown, because they speak of what the screen has long ceased to show. */
  readonly repliesContradicted: number;
  /** Sentences that came to no end: they repeated themselves, or grew longer than the model may speak. */
  readonly repliesUnfinished: number;
  /** Mean milliseconds that a stage took: for each frame, in `reply` for each unasked reply. 0 when it never ran. */
  readonly stageMs: {
    /** Waiting for the source. */
    readonly decode: number;
    /** Picture → embedding rows. */
    readonly vision: number;
    /** Picture → lines of text. */
    readonly reading: number;
    /** Rows and lines → probability of silence. */
    readonly llm: number;
    /** Writing one reply. */
    readonly reply: number;
  };
  /** Of a live session with a transcriber. */
  readonly speech?: SpeechStats;
  /** Of a session with a model on a server. */
  readonly server?: ServerStats;
  /** How often the engine process was started anew since the model pack was loaded. */
  readonly engineRestarts: number;
}

/** So long announcing waits at most for a pause of who types, in the editor or on the screen that is watched. */
export const boundaryLimitMs = 5000;
/** Text that has not changed for so long, in media time, stands still: two frames at 2 fps. */
const stillTextMs = 1000;

/** Whether somebody is in the middle of something on the screen that is watched: its text was just changing. */
export function isTypedOnScreen(stats: SessionStats | undefined): boolean {
  if (stats?.textChangedMs === undefined) return false;
  return stats.positionMs - stats.textChangedMs < stillTextMs;
}
