/**
 * A session of many hours in minutes: the clock is the source's, everything behind the reader is the product's own: stillness, decoder,
 * recorder, chapters, store. Screens are those of the sample, encoded and read once each; needles are lines that the reader gives for 3 s.
 */
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ChapterKeeper } from '../../../daemon/assistant/chapterKeeper.ts';
import { RecallChapterTitler } from '../../../daemon/assistant/chapterTitler.ts';
import { defaultResumeConfig } from '../../../daemon/assistant/earlierWatching.ts';
import { answerQuestion } from '../../../daemon/assistant/questionAnswering.ts';
import { defaultSceneCutConfig } from '../../../daemon/assistant/sceneCuts.ts';
import { Session } from '../../../daemon/assistant/session.ts';
import type { EncodedFrame, StreamingModel } from '../../../daemon/assistant/streamingModel.ts';
import { TrackedScreenReader } from '../../../daemon/assistant/trackedScreenReader.ts';
import { systemClock, type Clock } from '../../../daemon/base/clock.ts';
import { RemotePerception } from '../../../daemon/engine/remotePerception.ts';
import { defaultSpeakConfig } from '../../../daemon/llm/speakPolicy.ts';
import { FrameSampler } from '../../../daemon/media/frameSampler.ts';
import type { Frame, FrameSource, SourceItem } from '../../../daemon/media/frameSource.ts';
import type { ScreenLine } from '../../../daemon/perception/perception.ts';
import {
  defaultTrackerConfig,
  ScreenTextTracker,
} from '../../../daemon/perception/screenTextTracker.ts';
import { Stillness } from '../../../daemon/perception/stillness.ts';
import { TimelineStore, type VideoTimeline } from '../../../daemon/timeline/timelineStore.ts';
import { guidanceConfigOf, liveConfig, liveQueues } from '../../../daemon/watchSession.ts';
import { mediaMs, wallMs, type SessionStats, type WallMs } from '../../../protocol/index.ts';
import { Dice } from '../../lib/dice.mjs';
import type { Bench } from '../bench.ts';
import { processorSecondsOf, residentMegabytesOf } from '../memory.ts';
import { questions } from '../settings.ts';
import { median } from '../statistics.ts';

export interface SimulationOptions {
  readonly hours: number;
  readonly onHour: (hour: number) => void;
  readonly signal: AbortSignal;
}

export interface SimulationResult {
  readonly hours: number;
  /** Processor time of a frame in the last minutes, against the first ones behind minute 3 that show the same screens. */
  readonly stepCostHour8OverMinute5: number | null;
  readonly stepMsMinute5: number | null;
  /** Resident memory of this process and the engine at the end, against minute 20. */
  readonly memoryHour8OverMinute20: number | null;
  readonly memoryMegabytes: { readonly minute20: Megabytes; readonly end: Megabytes } | null;
  /** Share of the strings shown for 3 s in the first two hours that a search finds at their moment. */
  readonly needleRecall: number;
  readonly needles: number;
  /** Share of ten of them that an answer cites. */
  readonly needlesCited: number;
  readonly firstTokenMs: number;
  readonly diskMegabytesAnHour: number;
  readonly tokensKeptPercent: number;
  /** Jumps of the user's clock that were simulated, and gaps or rows out of order that came of them. */
  readonly clockJumps: number;
  readonly clockJumpFaults: number;
  readonly tookSeconds: number;
}

const frameMs = 500;
const minuteFrames = 120;
const hourFrames = 60 * minuteFrames;
/** Another screen, every line of it new, comes so often, in frames: every minute. */
const screenFrames = 120;
const needleFrames = 6;
const needleCount = 40;
const askedNeedles = 10;

/** By process; `heap` is the part of this one that its own objects take. */
type Megabytes = Readonly<Record<string, number>>;

interface Needle {
  readonly text: string;
  /** The first frame that shows it. */
  readonly frame: number;
  /** Where it stands, px. */
  readonly y: number;
}

export async function simulate(
  bench: Bench,
  { hours, onHour, signal }: SimulationOptions,
): Promise<SimulationResult> {
  const startMs = systemClock.monotonicMs();
  const { pack } = bench;
  const frames = Math.round(hours * hourFrames);
  const dice = new Dice(20_261_122);
  const needles = drawNeedles(Math.min(frames, 2 * hourFrames), dice);
  const file = path.join(bench.folder, 'live.sqlite');
  using store = new TimelineStore({ file, onDamage: () => undefined });
  const video = store.openVideo({
    ...{ videoId: 'live-000000000001', model: pack.name, frameRateFps: 2 },
    silenceThreshold: pack.silenceThreshold,
  });
  const jumps = new Set(Array.from({ length: 5 }, () => dice.below(frames)));
  const clock = new SourceClock();
  const screens = await readScreens(bench, { signal });
  await using model = await pack.createModel({ isLive: true, signal });
  const rows = await model.encode(bench.screens, { signal });
  const windows = costWindows(frames, screens.length);
  const source = new PacedSource({ frames, screens: screens.length, clock, jumps });
  let stats: SessionStats | undefined;
  const readings: Reading[] = [];
  source.onFrame = async (number) => {
    if (number % hourFrames === 0) onHour(number / hourFrames);
    const at = [...windows.early, ...windows.late, 20 * minuteFrames, frames - 1];
    if (at.includes(number)) readings.push(await takeReading(number));
  };
  await using session = openSession(bench, {
    ...{ source, clock, video, signal },
    model: shownScreens(model, rows),
    screen: new TrackedScreenReader({
      reader: needleReader(screens, needles),
      tracker: new ScreenTextTracker({
        ...defaultTrackerConfig,
        minConfidence: bench.modelPack.manifest.reader?.minConfidence ?? 0,
        stableFrames: bench.modelPack.manifest.reader?.stableFrames ?? 1,
      }),
    }),
    onStats: (newest) => {
      stats = newest;
      source.handled();
    },
  });
  await session.run({ signal });
  video.settle();
  const found = needles.filter((needle) => isFound(video, needle));
  const cited = await askForNeedles(bench, video, needles.slice(0, askedNeedles), { signal });
  const firstTokenMs = await firstToken(bench, video, { signal });
  const gaps = video.read({ kinds: ['gap'] }).length;
  return {
    ...{ hours, ...costs(readings, frames, windows) },
    ...{ needleRecall: found.length / needles.length, needles: needles.length },
    ...{ needlesCited: cited, firstTokenMs },
    diskMegabytesAnHour: bytesOf(file) / 1024 / 1024 / hours,
    tokensKeptPercent: stats?.tokensKeptPercent ?? 100,
    ...{ clockJumps: jumps.size, clockJumpFaults: gaps + (stats?.framesDropped ?? 0) },
    tookSeconds: Math.round((systemClock.monotonicMs() - startMs) / 1000),
  };
}

/** A store, with what it has not yet taken over from its log. */
function bytesOf(file: string): number {
  return [file, `${file}-wal`].reduce(
    (sum, one) => sum + (existsSync(one) ? statSync(one).size : 0),
    0,
  );
}

/** Counters of this process and the engine below it. */
interface Reading {
  readonly frame: number;
  readonly seconds: number | undefined;
  readonly megabytes: Megabytes | undefined;
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

async function takeReading(frame: number): Promise<Reading> {
  collectGarbage();
  // What was collected is given back to the system a little later.
  await systemClock.sleep(200, { signal: new AbortController().signal });
  const megabytes = residentMegabytesOf(process.pid);
  return {
    frame,
    seconds: processorSecondsOf(process.pid),
    megabytes: megabytes && { ...megabytes, heap: process.memoryUsage().heapUsed / 1024 / 1024 },
  };
}

interface CostWindows {
  /** Frames at which each begins and ends. */
  readonly early: readonly [number, number];
  readonly late: readonly [number, number];
}

/** Whole rounds of the screens, at least five minutes: a frame costs what its screen has of text. */
function costWindows(frames: number, screens: number): CostWindows {
  const round = screens * screenFrames;
  const length = round * Math.ceil((5 * minuteFrames) / round);
  const begin = round * Math.ceil((3 * minuteFrames) / round);
  const end = round * Math.floor((frames - 1) / round);
  return { early: [begin, begin + length], late: [end - length, end] };
}

function costs(
  readings: readonly Reading[],
  frames: number,
  windows: CostWindows,
): Pick<
  SimulationResult,
  'stepCostHour8OverMinute5' | 'stepMsMinute5' | 'memoryHour8OverMinute20' | 'memoryMegabytes'
> {
  const at = (frame: number): Reading | undefined => readings.find((one) => one.frame === frame);
  const msBetween = (from: number, to: number): number | null => {
    const [start, end] = [at(from)?.seconds, at(to)?.seconds];
    return start === undefined || end === undefined ? null : ((end - start) * 1000) / (to - from);
  };
  const [early, late] = [msBetween(...windows.early), msBetween(...windows.late)];
  const [minute20, end] = [at(20 * minuteFrames)?.megabytes, at(frames - 1)?.megabytes];
  const hasMemory = minute20 !== undefined && end !== undefined;
  return {
    stepCostHour8OverMinute5: early === null || late === null ? null : late / early,
    stepMsMinute5: early,
    memoryHour8OverMinute20: hasMemory ? totalOf(end) / totalOf(minute20) : null,
    memoryMegabytes: hasMemory ? { minute20, end } : null,
  };
}

const totalOf = ({ heap: _, ...processes }: Megabytes): number =>
  Object.values(processes).reduce((sum, one) => sum + one, 0);

/** Media time is the clock; the user's clock jumps with it when it is told to. */
class SourceClock implements Clock {
  atMs = 0;
  jumpedMs = 0;
  now(): WallMs {
    return wallMs(1_800_000_000_000 + this.atMs + this.jumpedMs);
  }
  monotonicMs(): number {
    return this.atMs;
  }
  sleep(): Promise<void> {
    return new Promise(() => undefined);
  }
}

interface PacedSourceOptions {
  readonly frames: number;
  readonly screens: number;
  readonly clock: SourceClock;
  /** Frames at which the user's clock jumps by an hour, back and forth. */
  readonly jumps: ReadonlySet<number>;
}

/** Gives a frame when the one before has been seen: no simulated second is overrun. */
class PacedSource implements FrameSource {
  onFrame: (number: number) => Promise<void> = () => Promise.resolve();
  readonly #options: PacedSourceOptions;
  #seen = Promise.withResolvers<undefined>();

  constructor(options: PacedSourceOptions) {
    this.#options = options;
  }

  handled(): void {
    this.#seen.resolve(undefined);
  }

  probe(): Promise<{ width: number; height: number }> {
    return Promise.resolve({ width: pictureSize, height: pictureSize });
  }

  async *open(): AsyncGenerator<SourceItem> {
    const { frames, screens, clock, jumps } = this.#options;
    const pictures = Array.from({ length: screens }, (_, index) => pictureOf(index));
    for (let number = 0; number < frames; number++) {
      if (jumps.has(number)) clock.jumpedMs = clock.jumpedMs === 0 ? 3_600_000 : 0;
      clock.atMs = number * frameMs;
      this.#seen = Promise.withResolvers();
      const data = pictures[screenAt(number, screens)]!;
      const size = { width: pictureSize, height: pictureSize };
      yield { kind: 'frame', frame: { ptsMs: mediaMs(clock.atMs), ...size, data } };
      await this.#seen.promise;
      await this.onFrame(number);
    }
  }
}

const pictureSize = 16;

/** One grey for each screen: far enough apart to be told from its neighbours. */
function pictureOf(index: number): Uint8Array {
  return new Uint8Array(pictureSize * pictureSize * 3).fill((index * 97) % 251);
}

const screenAt = (frame: number, screens: number): number =>
  Math.floor(frame / screenFrames) % screens;

function shownScreens(model: StreamingModel, rows: readonly EncodedFrame[]): StreamingModel {
  return {
    name: model.name,
    get usage() {
      return model.usage;
    },
    encode: (frames) =>
      Promise.resolve(
        frames.map(({ ptsMs }) => ({ ...rows[screenAt(ptsMs / frameMs, rows.length)]!, ptsMs })),
      ),
    appendFrame: (frame, lines, options) => model.appendFrame(frame, lines, options),
    reply: (options) => model.reply(options),
    recite: (text, options) => model.recite(text, options),
    rollback: (options) => model.rollback(options),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

async function readScreens(
  { engine, modelPack, screens }: Bench,
  { signal }: { signal: AbortSignal },
): Promise<(readonly ScreenLine[])[]> {
  const perception = new RemotePerception(engine, modelPack.folder);
  const read: (readonly ScreenLine[])[] = [];
  for (const screen of screens) {
    await using reader = perception.openStream();
    read.push(await reader.readLines(screen, { signal }));
  }
  return read;
}

/** The lines of the screen that is shown, with a needle among them while one is. */
function needleReader(screens: readonly (readonly ScreenLine[])[], needles: readonly Needle[]) {
  return {
    readLines: ({ ptsMs }: Frame): Promise<readonly ScreenLine[]> => {
      const frame = ptsMs / frameMs;
      const lines = screens[screenAt(frame, screens.length)]!;
      const shown = needles.filter((one) => frame >= one.frame && frame < one.frame + needleFrames);
      return Promise.resolve([...lines, ...shown.map(toLine)]);
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  };
}

const toLine = ({ text, y }: Needle): ScreenLine => ({
  ...{ text, box: { x: 400, y, width: 300, height: 16 }, confidence: 0.97 },
  ...{ indentColumns: 0, region: 'terminal' },
});

const words = ['ember', 'quartz', 'willow', 'falcon', 'saffron', 'cobalt', 'meadow', 'tundra'];

function drawNeedles(frames: number, dice: Dice): Needle[] {
  return Array.from({ length: needleCount }, (_, index) => {
    const word = words[index % words.length]!;
    const number = 1000 + dice.below(9000);
    // On the frames of one screen, so that the needle comes and goes alone.
    const screen = dice.below(Math.floor(frames / screenFrames));
    return {
      text: `release ${word}-${number}-${index}`,
      frame: screen * screenFrames + 12,
      y: 40 + 30 * (index % 20),
    };
  });
}

function isFound(video: VideoTimeline, { text, frame }: Needle): boolean {
  const hits = video.find({ query: text, limit: 5 });
  return hits.some(({ startMs }) => Math.abs(startMs - frame * frameMs) < 5000);
}

async function askForNeedles(
  { pack }: Bench,
  timeline: VideoTimeline,
  needles: readonly Needle[],
  options: { signal: AbortSignal },
): Promise<number> {
  let cited = 0;
  for (const { text, frame } of needles) {
    const name = text.split(' ')[1]!;
    const asked = { text: `When was ${name} released?` };
    const { citations } = await answerQuestion(asked, { timeline, model: pack.recall }, options);
    if (citations.some(({ startMs }) => Math.abs(startMs - frame * frameMs) < 5000)) cited++;
  }
  return cited / needles.length;
}

async function firstToken(
  { pack }: Bench,
  timeline: VideoTimeline,
  { signal }: { signal: AbortSignal },
): Promise<number> {
  const tookMs: number[] = [];
  for (const text of questions) {
    const startMs = systemClock.monotonicMs();
    let firstMs: number | undefined;
    const onText = (): void => {
      firstMs ??= systemClock.monotonicMs();
    };
    await answerQuestion({ text }, { timeline, model: pack.recall }, { signal, onText });
    tookMs.push((firstMs ?? systemClock.monotonicMs()) - startMs);
  }
  return Math.round(median(tookMs));
}

interface OpenedWith {
  readonly source: FrameSource;
  readonly clock: Clock;
  readonly video: VideoTimeline;
  readonly model: StreamingModel;
  readonly screen: TrackedScreenReader;
  readonly onStats: (stats: SessionStats) => void;
  readonly signal: AbortSignal;
}

function openSession({ pack }: Bench, opened: OpenedWith): Session & AsyncDisposable {
  const { source, clock, video, model, screen, onStats } = opened;
  const frameRateFps = 2;
  video.beginIndexing();
  const session = new Session({
    ...{ source, model, screen, clock, cues: [], timeline: video },
    sampler: new FrameSampler({ speed: 'max', frameRateFps, clock }),
    stillness: { hasChanged: withNeedles(new Stillness()) },
    chapters: new ChapterKeeper({
      ...{ timeline: video, titler: new RecallChapterTitler(pack.recall), named: [] },
      ...{ frameRateFps, cuts: defaultSceneCutConfig, onProblem: () => undefined },
      isLive: true,
    }),
    listener: { row: () => undefined, stats: onStats },
    onBegin: (startedMs) => {
      video.beginLive({ name: 'simulation', startedMs });
    },
    engineRestarts: () => 0,
    config: {
      ...{ ...liveQueues, speed: 'realtime', live: liveConfig, frameRateFps },
      speak: { ...defaultSpeakConfig, silenceThreshold: pack.silenceThreshold },
      guidance: guidanceConfigOf(pack, {}),
      resume: defaultResumeConfig,
    },
  });
  return Object.assign(session, { [Symbol.asyncDispose]: () => screen[Symbol.asyncDispose]() });
}

/** The pictures do not show the needles: their frames count as changed where one comes or goes. */
function withNeedles(stillness: Stillness): (frame: Frame) => boolean {
  const start = 12;
  return (frame) => {
    const place = (frame.ptsMs / frameMs) % screenFrames;
    const mayChange = place === start || place === start + needleFrames;
    return stillness.hasChanged(frame) || mayChange;
  };
}
