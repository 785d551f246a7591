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
}

/**
 * How a session ended. finished: the video was seen to its end. failed: `error` says why. stopped: someone stopped it; what was
 * seen is kept, but the video counts as not indexed.
 */
export type SessionState = 'finished' | 'failed' | 'stopped';

/** Counters of a running session, newest only, at most four times a second. */
export interface SessionStats {
  readonly positionMs: MediaMs;
  /** Length of the video; absent when the container does not say. */
  readonly durationMs?: MediaMs;
  readonly framesSeen: number;
  readonly framesPerSecond: number;
  /** How far the model is behind the moment that is being watched; 0 for `max`. */
  readonly lagMs: number;
  readonly queueDepths: { readonly sampled: number; readonly encoded: number };
  readonly framesDropped: number;
  readonly tokensInCache: TokenCount;
  readonly tokensEvicted: TokenCount;
  readonly guidanceCount: number;
  /** Mean milliseconds a frame spent in each stage. */
  readonly stageMs: {
    readonly decode: number;
    readonly vision: number;
    readonly reading: number;
    readonly llm: number;
    readonly reply: number;
  };
  readonly engineRestarts: number;
}
