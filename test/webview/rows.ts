/** Rows and messages as the host sends them, with only what a test names. */
import {
  mediaMs,
  type AnswerRow,
  type GuidanceRow,
  type MediaInfo,
  type QueryRow,
  type SessionStats,
} from '../../protocol/index.ts';
import { reduce, type Event } from '../../webview/reduce.ts';
import { initialState, type State } from '../../webview/state.ts';

/** A sentence said at a second. */
export function guidance(id: number, seconds: number, text = `step ${id}`): GuidanceRow {
  const atMs = mediaMs(seconds * 1000);
  const rest = { silenceProbability: 0.1, evidence: [], model: 'test' };
  return { kind: 'guidance', id, startMs: atMs, endMs: atMs, atMs, text, ...rest };
}

/** A stored question. */
export function query(id: number, text: string, seconds = 0): QueryRow {
  const atMs = mediaMs(seconds * 1000);
  return { kind: 'query', id, startMs: atMs, endMs: atMs, atMs, text };
}

/** The answer to a question; `seconds` are the moments that it cites. */
export function answer(id: number, queryId: number, ...seconds: readonly number[]): AnswerRow {
  const atMs = mediaMs(0);
  const citations = seconds.map((second) => ({
    rowId: second,
    startMs: mediaMs(second * 1000),
    endMs: mediaMs(second * 1000 + 500),
    text: `seen at ${second}`,
  }));
  return {
    ...{ kind: 'answer', id, startMs: atMs, endMs: atMs, atMs, queryId, text: `answer ${id}` },
    ...{ citations, abstained: seconds.length === 0, model: 'test' },
  };
}

/** Counters: where the watching is, after so many seconds of work. */
export function stats(positionSeconds: number, workSeconds: number): SessionStats {
  const dropped = { framesDropped: 0, droppedBy: { pace: 0, unseen: 0, still: 0, behind: 0 } };
  const zero = {
    ...dropped,
    lagMs: 0,
    silentMs: 0,
    framesStill: 0,
    guidanceCount: 0,
    engineRestarts: 0,
  };
  const unsaid = {
    ...{ repliesWithheld: 0, repliesUngrounded: 0, repliesUnfinished: 0 },
    ...{ repliesRepeated: 0, repliesContradicted: 0 },
  };
  return {
    ...{ ...zero, ...unsaid },
    positionMs: mediaMs(positionSeconds * 1000),
    durationMs: mediaMs(100_000),
    framesSeen: workSeconds * 10,
    framesPerSecond: 10,
    queueDepths: { sampled: 0, encoded: 0 },
    tokensInCache: 0 as SessionStats['tokensInCache'],
    tokensEvicted: 0 as SessionStats['tokensEvicted'],
    tokensKeptPercent: 100,
    stageMs: { decode: 0, vision: 0, reading: 0, llm: 0, reply: 0 },
  };
}

/** A video of 100 s that plays. */
export const media: MediaInfo = {
  durationMs: mediaMs(100_000),
  width: 1280,
  height: 720,
  chapters: [],
  videoUrl: 'http://127.0.0.1:1/first/video.mp4',
  hasSound: true,
  state: 'ready',
  notices: [],
  frameUrl: 'http://127.0.0.1:1/first/frame',
};

/** The first message of a host. */
export const init: Event = {
  kind: 'init',
  body: {
    path: '/videos/pantry.mp4',
    name: 'pantry.mp4',
    settings: { revealGuidance: 'asIndexed', announceGuidance: true, chattiness: 'usual' },
    l10n: {},
  },
};

/** The page after events, from the start. */
export const after = (...events: readonly Event[]): State => afterFrom(initialState, ...events);

/** The page after events. */
export const afterFrom = (state: State, ...events: readonly Event[]): State =>
  events.reduce<State>((before, event) => reduce(before, event), state);
