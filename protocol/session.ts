/** A session is one video being watched. */
import type { MediaMs, TokenCount } from './units.ts';

/** Where frames come from. Live sources will join this union. */
export interface FileSource {
  readonly kind: 'file';
  /** Absolute path on the daemon's machine. */
  readonly path: string;
}

export type SourceSpec = FileSource;

export interface SessionOptions {
  /** Sampled frames a second; the model pack's own rate when left out. */
  readonly frameRateFps?: number;
  /** `max` reads as fast as the machine can, `realtime` keeps the video's own pace. Default `max`. */
  readonly speed?: 'max' | 'realtime';
  /** Silent at or above this probability of silence, 0 … 1; the model pack's own when left out. */
  readonly silenceThreshold?: number;
  /** Folder or name of a model pack; the shipped one when left out. */
  readonly model?: string;
  /** What the model is told before the video, such as "Tell me when the tests pass."; the pack's own instruction when left out. */
  readonly instruction?: string;
  /** Guidance may use words that stood nowhere, and unlikely guidance is shown too: what holding back is worth is measured so. */
  readonly isUngrounded?: boolean;
  /** Absolute path of a file to which is written what the model is given of each frame, one JSON object a line: for training. */
  readonly framesFile?: string;
}

/**
 * How a session ended. finished: the video was seen to its end. failed: `error` says why. stopped: someone stopped it; what was
 * seen is kept and the next session goes on there, but the video counts as not indexed.
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
  /** How far the model is behind the moment that is being watched, on the user's clock; 0 for `max`. */
  readonly lagMs: number;
  /** Frames that wait: sampled ones for the vision encoder, encoded ones for the decoder. */
  readonly queueDepths: { readonly sampled: number; readonly encoded: number };
  /** Frames that were never looked at because they came too late; 0 for `max`. */
  readonly framesDropped: number;
  /** Positions that the decoder's memory holds now. */
  readonly tokensInCache: TokenCount;
  /** Positions that it has let go since the session began, oldest first. */
  readonly tokensEvicted: TokenCount;
  /** Sentences that were said unasked and stored. */
  readonly guidanceCount: number;
  /** Sentences that were not shown, because the model was not sure enough of its words. */
  readonly repliesWithheld: number;
  /** Sentences that were not shown, because they name what did not stand on screen. */
  readonly repliesUngrounded: number;
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
  /** How often the engine process was started anew since the model pack was loaded. */
  readonly engineRestarts: number;
}
