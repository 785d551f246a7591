/** The things that are measured: an engine with the pack in it, the videos, and pictures from them. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock } from '../../daemon/base/clock.ts';
import { DisposalStack } from '../../daemon/base/lifetime.ts';
import { EngineProcess } from '../../daemon/engine/engineProcess.ts';
import { createFfmpegFinder, FfmpegProcess } from '../../daemon/media/ffmpegProcess.ts';
import { FfmpegSource, ffmpegSourceDefaults } from '../../daemon/media/ffmpegSource.ts';
import { FrameSampler } from '../../daemon/media/frameSampler.ts';
import type { Frame } from '../../daemon/media/frameSource.ts';
import { LocalPack } from '../../daemon/packs.ts';
import { ModelStore, type ModelPack } from '../../daemon/weights/modelStore.ts';
import type { BenchSettings } from './settings.ts';

/** The clone's top folder. */
export const root = path.resolve(import.meta.dirname, '..', '..');
/** Where the build lies: what is measured is what is shipped. */
export const dist = path.join(root, 'dist');

export interface Bench extends AsyncDisposable {
  readonly settings: BenchSettings;
  /** Everything that the benchmark writes lies below. */
  readonly folder: string;
  readonly engine: EngineProcess;
  readonly pack: LocalPack;
  readonly modelPack: ModelPack;
  /** Videos, absolute. */
  readonly sample: string;
  readonly longRun: string;
  /** Different screens of the sample. */
  readonly screens: readonly Frame[];
  /** Folder of annotated recordings, absolute. */
  readonly clips: string | undefined;
}

/** What the caller chooses. */
export interface BenchSubject {
  /** Folder of a model pack; the shipped one when undefined. */
  readonly model: string | undefined;
  /** Folder of annotated recordings; they are left out when undefined. */
  readonly clips: string | undefined;
}

/** Starts the engine and makes what is measured with. */
export async function openBench(
  settings: BenchSettings,
  { model, clips }: BenchSubject,
  { signal }: { signal: AbortSignal },
): Promise<Bench> {
  await using opening = new DisposalStack();
  const folder = await mkdtemp(path.join(tmpdir(), 'codealong-bench-'));
  opening.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }));
  const store = new ModelStore({
    folders: [path.join(root, 'models')],
    defaultPack: 'live-tiny',
    cacheFile: path.join(folder, 'hashes.json'),
  });
  const modelPack = await store.locate(model && path.resolve(model), { signal });
  const engine = opening.use(
    new EngineProcess({
      nodePath: process.execPath,
      scriptPath: path.join(dist, 'engine.js'),
      clock: systemClock,
      log: () => undefined,
    }),
  );
  const parts = { store, engine, stateFolder: path.join(folder, 'state') };
  const pack = opening.use(await LocalPack.open(modelPack, parts, { signal }));
  const sample = path.join(root, 'samples', 'pantry.mp4');
  const longRun = path.join(folder, 'long.mp4');
  await loopVideo({ from: sample, to: longRun, times: settings.loops }, { signal });
  const screens = await collectScreens(sample, {
    count: settings.screens,
    frameRateFps: pack.frameRateFps,
    signal,
  });
  const owned = opening.move();
  return {
    ...{ settings, folder, engine, pack, modelPack, sample, longRun, screens },
    clips: clips && path.resolve(clips),
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}

const findVideoProgram = createFfmpegFinder(undefined);

export function openVideo(file: string): FfmpegSource {
  return new FfmpegSource({
    ...ffmpegSourceDefaults,
    path: file,
    ffmpeg: findVideoProgram,
    clock: systemClock,
  });
}

/** Writes a video that shows another one several times; no picture is encoded anew. */
async function loopVideo(
  { from, to, times }: { readonly from: string; readonly to: string; readonly times: number },
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const input = ['-stream_loop', String(times - 1), '-i', from];
  await runVideoProgram([...input, '-c', 'copy', to], { signal });
}

/** Runs ffmpeg to its end. @throws Error when it fails, with its last words */
export async function runVideoProgram(
  args: readonly string[],
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const program = await findVideoProgram({ signal });
  await using run = new FfmpegProcess(program, ['-nostdin', '-hide_banner', ...args]);
  run.stdout.resume();
  const { code } = await run.exited();
  if (code !== 0) throw new Error(`ffmpeg ${args.join(' ')}: ${run.report.tail}`);
}

/** Frames that differ from the one before, spread evenly over the video. */
async function collectScreens(
  file: string,
  options: { readonly count: number; readonly frameRateFps: number; readonly signal: AbortSignal },
): Promise<readonly Frame[]> {
  const { count, frameRateFps, signal } = options;
  const source = openVideo(file);
  const { durationMs = 0 } = await source.probe({ signal });
  const sampler = new FrameSampler({ speed: 'max', frameRateFps, clock: systemClock });
  const screens: Frame[] = [];
  for await (const item of sampler.sample(source.open({ frameRateFps, signal }), { signal })) {
    if (item.kind === 'gap' || item.isRepeat) continue;
    if (item.frame.ptsMs >= (screens.length / count) * durationMs) screens.push(item.frame);
    if (screens.length === count) break;
  }
  return screens;
}
