/**
 * Watches held-out videos as a user does, asks about them, and scores what comes back. It stands beside the command line and not in
 * scripts/, because a verb that ships cannot rest on what does not; no room of the daemon knows of it.
 */
import path from 'node:path';
import {
  ask,
  mediaMs,
  type SessionOptions,
  type SessionStats,
  type TimelineRow,
} from '../../protocol/index.ts';
import type { DaemonConnection } from '../client/connection.ts';
import { Scoring, type Answer, type Reply, type Summary, type WatchedClip } from './scoring.ts';
import type { Clip, Truth } from './truth.ts';
import { watch, type Video, type Watched } from './watch.ts';

export { formatQuality } from './report.ts';
export { readTruth } from './truth.ts';

export interface QualityOptions {
  readonly truth: Truth;
  /** Where the videos lie, absolute. */
  readonly folder: string;
  readonly session: SessionOptions;
  /** Told how far it has come, in ms of all videos. */
  readonly onProgress: (doneMs: number, totalMs: number) => void;
}

export interface Quality {
  /** Everything that was said, beside what was due: can be scored again. */
  readonly clips: readonly WatchedClip[];
  readonly summary: Summary;
}

/** @throws AppError of the daemon; AbortError */
export async function measureQuality(
  connection: DaemonConnection,
  { truth, folder, session, onProgress }: QualityOptions,
  { signal }: { signal: AbortSignal },
): Promise<Quality> {
  const scoring = new Scoring(truth);
  const speed = new Speed();
  const clips: WatchedClip[] = [];
  const totalMs = secondsOf(truth.clips) * 1000;
  for (const clip of truth.clips) {
    const { instruction } = clip;
    const video: Video = {
      source: { kind: 'file', path: path.join(folder, clip.file) },
      options: { ...session, ...(instruction === undefined ? {} : { instruction }) },
    };
    const watched = await watch(connection, video, {
      onPosition: (positionMs) => {
        onProgress(secondsOf(clips) * 1000 + positionMs, totalMs);
      },
      signal,
    });
    speed.add(clip, watched);
    const answers = await askAll(connection, video, clip, { signal });
    const heard = {
      ...clip,
      ...unheardIn(watched.stats),
      replies: repliesIn(watched.rows),
      answers,
    };
    clips.push(heard);
    scoring.add(heard);
  }
  const { summary } = scoring;
  const { meanDelaySeconds: timeDiffSeconds } = summary;
  return {
    clips,
    summary: {
      clips: clips.length,
      ...summary,
      ...(timeDiffSeconds === undefined ? {} : { timeDiffSeconds }),
      ...speed.figures,
    },
  };
}

const secondsOf = (clips: readonly Pick<Clip, 'seconds'>[]): number =>
  clips.reduce((sum, { seconds }) => sum + seconds, 0);

/** Asks every question as somebody does who has paused the video at its moment. */
async function askAll(
  connection: DaemonConnection,
  video: Video,
  { questions }: Clip,
  options: { signal: AbortSignal },
): Promise<readonly Answer[]> {
  const answers: Answer[] = [];
  for (const { text: question, atSeconds } of questions) {
    const params = { ...video, question, atMs: mediaMs(atSeconds * 1000) };
    const { text, abstained, citations } = await connection.request(ask, params, options);
    answers.push({ text, abstained, seconds: citations.map(({ startMs }) => startMs / 1000) });
  }
  return answers;
}

function repliesIn(rows: readonly TimelineRow[]): readonly Reply[] {
  return rows.flatMap((row) =>
    row.kind === 'guidance' ? [{ seconds: row.atMs / 1000, text: row.text }] : [],
  );
}

function unheardIn(
  stats: SessionStats | undefined,
): Pick<WatchedClip, 'withheld' | 'ungrounded' | 'looping'> {
  return {
    withheld: stats?.repliesWithheld ?? 0,
    ungrounded: stats?.repliesUngrounded ?? 0,
    looping: stats?.repliesUnfinished ?? 0,
  };
}

/** How fast the videos were watched, starts of the model left out. */
class Speed {
  #frames = 0;
  #mediaSeconds = 0;
  #seconds = 0;
  #keptPercent = 0;
  readonly #stageMs = new Map<string, number>();

  add({ seconds }: Clip, { stats, tookMs }: Watched): void {
    const frames = stats?.framesSeen ?? 0;
    this.#frames += frames;
    this.#mediaSeconds += seconds;
    this.#seconds += tookMs / 1000;
    this.#keptPercent += (stats?.tokensKeptPercent ?? 100) * frames;
    const { reply: _, ...stages } = stats?.stageMs ?? { reply: 0 };
    for (const [stage, ms] of Object.entries(stages)) {
      this.#stageMs.set(stage, (this.#stageMs.get(stage) ?? 0) + ms * frames);
    }
  }

  get figures(): Summary {
    if (this.#frames === 0) return {};
    const tenths = (value: number): number => Math.round(value * 10) / 10;
    const stages = [...this.#stageMs].map(
      ([stage, ms]) => [stage, tenths(ms / this.#frames)] as const,
    );
    return {
      framesPerSecond: tenths(this.#frames / this.#seconds),
      timesRealTime: tenths(this.#mediaSeconds / this.#seconds),
      tokensKeptPercent: tenths(this.#keptPercent / this.#frames),
      stageMs: Object.fromEntries(stages),
    };
  }
}
