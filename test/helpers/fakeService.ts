/** A `DaemonService` whose behaviour is chosen by the name of the video and the words of the question; it keeps a journal. */
import path from 'node:path';
import type { ClientEvents, DaemonService } from '../../daemon/assistant/service.ts';
import { AppError, toWireError } from '../../daemon/base/errors.ts';
import { systemClock } from '../../daemon/base/clock.ts';
import {
  mediaMs,
  sourceKey,
  tokenCount,
  wallMs,
  type AnswerRow,
  type AskParams,
  type DoctorReport,
  type ReadTimelineParams,
  type SessionStats,
  type SourceSpec,
  type StartSessionParams,
  type StartSessionResult,
  type SummarizeParams,
  type SummaryRow,
  type TimelineRow,
} from '../../protocol/index.ts';

const durationMs = mediaMs(20_000);

export const rows: readonly TimelineRow[] = [
  {
    kind: 'screenText',
    id: 1,
    startMs: mediaMs(6000),
    endMs: mediaMs(9000),
    text: 'export function add',
    box: [10, 20, 300, 16],
    confidence: 0.98,
    region: 'editor',
    indentColumns: 0,
    windows: [[mediaMs(6000), mediaMs(9000)]],
    provenance: { sightings: 6, readings: 1 },
  },
  {
    kind: 'guidance',
    id: 2,
    startMs: mediaMs(6000),
    endMs: mediaMs(7000),
    atMs: mediaMs(7000),
    text: 'A function named add appears.',
    silenceProbability: 0.1,
    evidence: [1],
    model: 'fake 1',
  },
  { kind: 'cue', id: 3, startMs: mediaMs(8000), endMs: mediaMs(9000), text: 'now the test' },
  { kind: 'gap', id: 4, startMs: mediaMs(12_000), endMs: mediaMs(15_000), reason: 'damaged' },
];

/** Counters at a moment of the video. */
export function statsAt(positionMs: number): SessionStats {
  return {
    positionMs: mediaMs(positionMs),
    durationMs,
    framesSeen: positionMs / 500,
    framesPerSecond: 12,
    lagMs: 0,
    silentMs: 0,
    queueDepths: { sampled: 0, encoded: 0 },
    ...{ framesStill: 0, framesDropped: 0, droppedBy: { pace: 0, unseen: 0, still: 0, behind: 0 } },
    repliesWithheld: 0,
    repliesUngrounded: 0,
    ...{ repliesRepeated: 0, repliesContradicted: 0 },
    repliesUnfinished: 0,
    tokensInCache: tokenCount(100),
    tokensEvicted: tokenCount(0),
    tokensKeptPercent: 100,
    guidanceCount: 1,
    stageMs: { decode: 1, vision: 2, reading: 3, llm: 4, reply: 5 },
    engineRestarts: 0,
  };
}

/** As real things take a moment to be let go. */
const letGoMs = 100;

interface CallOptions {
  readonly signal: AbortSignal;
}

/** What a source is called in the journal. */
function nameOf(source: SourceSpec): string {
  return path.basename(sourceKey(source));
}

/** @param journal told what happens, one word and its subject at a time */
export function createFakeService(
  journal: (event: string) => void = () => undefined,
): DaemonService {
  const sessions = new Map<string, AbortController>();
  let count = 0;

  const startSession = (
    { source }: StartSessionParams,
    client: ClientEvents,
    { clientSignal }: CallOptions & { clientSignal: AbortSignal },
  ): Promise<StartSessionResult> => {
    const name = nameOf(source);
    if (name === 'missing.mp4') throw new AppError('source.notFound', `There is no ${name}.`);
    if (name === 'bug.mp4') throw new TypeError('a bug in the fake');
    const sessionId = `session-${++count}`;
    const controller = new AbortController();
    sessions.set(sessionId, controller);
    journal(`started ${name}`);
    const isStubborn = name === 'stubborn.mp4';
    const stop = isStubborn ? clientSignal : AbortSignal.any([controller.signal, clientSignal]);
    if (name === 'endless.mp4' || isStubborn) void watchForever(sessionId, client, stop);
    else if (name === 'chatty.mp4')
      void watchForever(sessionId, client, stop, () => {
        client.timelineRow(sessionId, rows[1]!);
      });
    else if (name === 'broken.mp4')
      client.sessionState(sessionId, 'failed', toWireError(new AppError('engine.crashLoop')));
    else watchAll(sessionId, client);
    return Promise.resolve({
      sessionId,
      videoId: 'video-1',
      isIndexed: false,
      silenceThreshold: 0.5,
    });
  };

  const watchAll = (sessionId: string, client: ClientEvents): void => {
    for (const row of rows) {
      client.sessionStats(sessionId, statsAt(row.startMs));
      client.timelineRow(sessionId, row);
    }
    client.sessionStats(sessionId, statsAt(durationMs));
    client.sessionState(sessionId, 'finished');
  };

  const watchForever = async (
    sessionId: string,
    client: ClientEvents,
    signal: AbortSignal,
    always: () => void = () => undefined,
  ): Promise<void> => {
    for (const row of rows) client.timelineRow(sessionId, row);
    for (let position = 0; !signal.aborted; position += 500) {
      always();
      client.sessionStats(sessionId, statsAt(position));
      await systemClock.sleep(20, { signal }).catch(() => undefined);
    }
    journal(`stopped ${sessionId}`);
    client.sessionState(sessionId, 'stopped');
  };

  const ask = async (
    { question, requestId, atMs }: AskParams,
    client: ClientEvents,
    { signal }: CallOptions,
  ): Promise<AnswerRow> => {
    journal(`asked ${question}`);
    if (question === 'bug') throw new TypeError('a bug in the fake');
    if (question === 'slow') {
      await new Promise((_resolve, reject) => {
        signal.addEventListener('abort', () => {
          journal('aborted slow');
          reject(signal.reason as Error);
        });
      });
    }
    const text = 'It is named add.';
    for (const letter of text) if (requestId !== undefined) client.answerDelta(requestId, letter);
    const abstained = question === 'unanswerable';
    const at = atMs ?? durationMs;
    return {
      kind: 'answer',
      id: 11,
      queryId: 10,
      startMs: at,
      endMs: at,
      atMs: at,
      text: abstained ? 'Not seen in this video.' : text,
      citations: abstained
        ? []
        : [{ rowId: 1, startMs: mediaMs(6000), endMs: mediaMs(9000), text: 'export function add' }],
      abstained,
      model: 'fake 1',
    };
  };

  const summarize = ({ fromMs, toMs }: SummarizeParams): Promise<SummaryRow> =>
    Promise.resolve({
      kind: 'summary',
      id: 12,
      startMs: fromMs ?? mediaMs(0),
      endMs: toMs ?? durationMs,
      markdown: '## 0:00\n\nA function is written.',
      citations: [],
      model: 'fake 1',
    });

  return {
    get sessionCount() {
      return sessions.size;
    },
    startSession: (...all) => Promise.resolve().then(() => startSession(...all)),
    stopSession: (sessionId) => {
      journal('asked to stop');
      sessions.get(sessionId)?.abort();
      if (!sessions.has(sessionId)) throw new AppError('session.notFound');
      return Promise.resolve();
    },
    pauseSession: (sessionId, isPaused) => {
      journal(`${isPaused ? 'paused' : 'resumed'} ${sessionId}`);
    },
    adjustSession: ({ sessionId, ...manner }) => {
      journal(`adjusted ${sessionId} ${JSON.stringify(manner)}`);
    },
    ask,
    summarize,
    readTimeline: ({ kinds }: ReadTimelineParams) =>
      Promise.resolve(rows.filter((row) => kinds?.includes(row.kind) ?? true)),
    readScreen: ({ atMs, region }) =>
      Promise.resolve(
        rows.flatMap((row) => {
          if (row.kind !== 'screenText' || row.startMs > atMs || row.endMs < atMs) return [];
          if (region !== undefined && row.region !== region) return [];
          return [{ ...row, rowId: row.id }];
        }),
      ),
    readCode: ({ source, atMs, region = 'editor' }) => {
      const isEmpty = nameOf(source) === 'empty.mp4';
      return Promise.resolve({
        ...{ atMs, region, text: isEmpty ? '' : 'export function add\n  retum 1' },
        lines: isEmpty
          ? []
          : [
              { text: 'export function add', rowId: 1, confidence: 0.98 },
              { text: '  retum 1', rowId: 2, confidence: 0.614 },
            ],
        ...(isEmpty ? {} : { fileName: 'add.js', languageId: 'javascript', parses: false }),
      });
    },
    search: ({ query, source, limit = 20 }) =>
      Promise.resolve(
        rows.flatMap((row) => {
          if (!('text' in row) || !row.text.includes(query)) return [];
          const { id: rowId, kind, text, startMs, endMs } = row;
          const video = {
            videoId: 'video-1',
            ...(source?.kind === 'file' ? { path: source.path } : {}),
          };
          const parts = { words: 1, coverage: 1, literal: 1 };
          return [{ rowId, kind, text, startMs, endMs, score: 3, parts, video }];
        }),
      ).then((hits) => hits.slice(0, limit)),
    findName: (videoId, name) =>
      rows.filter(
        (row) => videoId === 'video-1' && row.kind === 'screenText' && row.text.includes(name),
      ),
    listKept: () => [
      {
        ...{
          videoId: 'live-0123456789ab',
          name: 'screen :0',
          startedMs: wallMs(1_700_000_000_000),
        },
        ...{ watchedMs: mediaMs(90_000), isRunning: true },
      },
    ],
    deleteKept: (videoId) =>
      videoId === 'live-0123456789ab'
        ? Promise.resolve()
        : Promise.reject(new AppError('source.notKept')),
    listSounds: () => {
      const source = { kind: 'microphone', device: 'usb' } as const;
      return Promise.resolve({ microphones: [{ name: 'USB', source }], isMachineHeard: true });
    },
    listScreens: ({ display = ':0' }) => {
      const source = { kind: 'screen', display } as const;
      const box = [0, 0, 800, 600] as const;
      return Promise.resolve({
        parts: [
          { kind: 'display', name: display, box, source },
          { kind: 'monitor', name: 'DP-1', box, source: { ...source, box } },
          { kind: 'window', name: 'a terminal', box, source: { ...source, window: '0x20000c' } },
        ],
        notices: ['Something cannot be listed.'],
      });
    },
    doctor: (): Promise<DoctorReport> =>
      Promise.resolve({
        version: '0.0.1',
        checks: [
          { name: 'ffmpeg', status: 'ok', detail: 'version 7' },
          { name: 'engine', status: 'warning', detail: 'slow', remedy: 'Buy a faster machine.' },
        ],
      }),
    [Symbol.asyncDispose]: async () => {
      await systemClock.sleep(letGoMs, { signal: new AbortController().signal });
      journal('disposed');
    },
  };
}

/** A service whose session `one` says nothing by itself: the test speaks to its client. */
export function createSpokenService(): { service: DaemonService; client: () => ClientEvents } {
  let told: ClientEvents | undefined;
  const service: DaemonService = {
    ...createFakeService(),
    startSession: (_params, client) => {
      told = client;
      return Promise.resolve({
        sessionId: 'one',
        videoId: 'v',
        isIndexed: false,
        silenceThreshold: 0.5,
      });
    },
  };
  return {
    service,
    client: () => {
      if (!told) throw new Error('no session was started');
      return told;
    },
  };
}
