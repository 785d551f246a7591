/**
 * Entry of `npm run bench -- peers`: the same weights on the daemon's path and in the published loop on PyTorch, the same pictures, on as many
 * cores. Needs the Python packages of models/requirements.txt. Started by ../../bench.mjs.
 */
import { existsSync } from 'node:fs';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { frugal } from '../../../daemon/base/processes.ts';
import { run } from '../../lib/console.mjs';
import { dist, root, runVideoProgram } from '../bench.ts';
import { MemoryWatch, type MemoryPeak } from '../memory.ts';
import type { PeerRun } from './ours.ts';

type Shape = 'miniature' | 'medium';

/** One row of the table: both sides at one precision, on so many cores. */
interface Pairing {
  readonly shape: Shape;
  /** Of our pack; q8_0 has nothing beside it on the other side, and stands beside float32. */
  readonly ours: 'f32' | 'f16' | 'q8_0';
  readonly theirs: 'float32' | 'bfloat16';
  readonly cores: 1 | 2;
}

const pairings: readonly Pairing[] = (['miniature', 'medium'] as const).flatMap((shape) => [
  ...([1, 2] as const).flatMap((cores): Pairing[] => [
    { shape, ours: 'f32', theirs: 'float32', cores },
    { shape, ours: 'f16', theirs: 'bfloat16', cores },
  ]),
  { shape, ours: 'q8_0', theirs: 'float32', cores: 2 },
]);

/** Long enough for the cost of a long stream to show. With the medium weights the other side takes five to eight minutes for them. */
const usualFrames = 1200;

/** What both sides see: raw pictures in a file, and how many frames of them. */
interface Shown {
  readonly pictures: string;
  readonly frames: number;
}

interface Side {
  readonly framesPerSecond: number;
  /** A frame's cost around frame 100 and at the end, ms. */
  readonly earlyMs: number;
  readonly lateMs: number;
  readonly firstTokenMs: number;
  /** Of all its processes together. */
  readonly peakMegabytes: number | undefined;
  readonly silences: readonly number[];
  readonly positions: number;
}

const folder = path.join(root, '.cache', 'peers');
const python = path.join(root, 'models', '.venv', 'bin', 'python');
const size = { width: 640, height: 360 };

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      frames: { type: 'string' },
      only: { type: 'string' },
    },
  });
  if (!existsSync(python)) {
    throw new Error('The Python packages are not installed: run "npm run test:models" once.');
  }
  const pictures = await makePictures();
  const frames = values.frames ? Number(values.frames) : usualFrames;
  const loads = [loadavg()[0]!];
  const rows = [];
  // What stands beside two of ours is run once.
  const theirRuns = new Map<string, Side>();
  for (const pairing of pairings) {
    const name = nameOf(pairing);
    if (values.only !== undefined && !name.startsWith(values.only)) continue;
    await makeWeights(pairing.shape);
    tell(name);
    const ours = await runOurs(pairing, { pictures, frames });
    const { shape, theirs: precision, cores } = pairing;
    const key = [shape, precision, cores].join();
    const theirs = theirRuns.get(key) ?? (await runTheirs(pairing, { pictures, frames }));
    theirRuns.set(key, theirs);
    loads.push(loadavg()[0]!);
    rows.push({ name, ...pairing, frames, ...compare(ours, theirs) });
  }
  const same = rows.filter(({ ours }) => ours !== 'q8_0');
  const result = {
    // Of the worst row with the same precision on both sides.
    framesPerSecondRatio: Math.min(...same.map(({ framesPerSecondRatio: one }) => one)),
    peakMemoryRatio: Math.max(...same.map(({ peakMemoryRatio: one }) => one)),
    rows,
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    loadAverages: loads.map((one) => Math.round(one * 10) / 10),
  };
  if (values.json !== undefined) {
    await writeFile(values.json, `${JSON.stringify(result, undefined, 2)}\n`);
  }
  process.stdout.write(`${JSON.stringify(result, undefined, 2)}\n`);
}

const nameOf = ({ shape, ours, theirs, cores }: Pairing): string =>
  `${shape}, ${ours} against ${theirs}, ${cores} ${cores === 1 ? 'core' : 'cores'}`;

function compare(ours: Side, theirs: Side) {
  const differences = ours.silences.map((one, index) => Math.abs(one - theirs.silences[index]!));
  const { silences: _, ...our } = ours;
  const { silences: __, ...their } = theirs;
  return {
    framesPerSecondRatio: ours.framesPerSecond / theirs.framesPerSecond,
    peakMemoryRatio: (ours.peakMegabytes ?? NaN) / (theirs.peakMegabytes ?? NaN),
    // Both must have computed the same, else the rest means nothing.
    largestDifference: Math.max(...differences),
    ...{ us: our, them: their },
  };
}

async function runOurs({ shape, ours, cores }: Pairing, shown: Shown): Promise<Side> {
  const pack = path.join(folder, shape, 'packs', `peer-${ours}`);
  const cache = ours === 'f32' ? 'f32' : 'f16';
  const engine = path.join(dist, 'engine.js');
  const args = [pack, '--engine', engine, '--cache', cache, ...argumentsOf(shown)];
  const node = [process.execPath, ...frugal.nodeFlags, await bundle()];
  return measure([...node, ...args], { cores, cwd: root, environment: frugal.environment });
}

/** As the daemon is: what turns TypeScript into JavaScript takes memory of its own. @returns the file */
async function bundle(): Promise<string> {
  const outfile = path.join(folder, 'ours.mjs');
  const entryPoints = [path.join(import.meta.dirname, 'ours.ts')];
  await build({
    ...{ entryPoints, outfile, bundle: true },
    ...{ platform: 'node', format: 'esm' },
  });
  return outfile;
}

function runTheirs({ shape, theirs, cores }: Pairing, shown: Shown): Promise<Side> {
  const args = ['--precision', theirs, '--threads', String(cores), ...argumentsOf(shown)];
  const command = [python, '-m', 'convert.peers', 'run', path.join(folder, shape), ...args];
  return measure(command, { cores, cwd: path.join(root, 'models') });
}

const argumentsOf = ({ pictures, frames }: Shown): string[] => [
  ...['--pictures', pictures, '--size', `${size.width}x${size.height}`],
  ...['--frames', String(frames)],
];

interface SideOptions {
  readonly cores: number;
  readonly cwd: string;
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs a side on the first cores alone, so that no library takes more than it was given. */
async function measure(
  command: readonly string[],
  { cores, cwd, environment = {} }: SideOptions,
): Promise<Side> {
  const out = path.join(folder, 'run.json');
  const { memory } = await runWatched('taskset', {
    args: ['-c', `0-${cores - 1}`, ...command, '--out', out],
    ...{ cwd, env: { ...process.env, ...environment } },
  });
  const { frameEndsMs, firstTokenMs, silences, positions } = JSON.parse(
    await readFile(out, 'utf8'),
  ) as PeerRun;
  const count = frameEndsMs.length;
  const span = Math.min(100, Math.floor(count / 4));
  const half = Math.floor(span / 2);
  const costMs = (from: number, to: number): number =>
    (frameEndsMs[to]! - frameEndsMs[from]!) / (to - from);
  return {
    framesPerSecond: (1000 * count) / frameEndsMs.at(-1)!,
    earlyMs: costMs(half, half + span),
    lateMs: costMs(count - 1 - span, count - 1),
    ...{ firstTokenMs, silences, positions },
    peakMegabytes: memory?.megabytes,
  };
}

async function makeWeights(shape: Shape): Promise<void> {
  const made = path.join(folder, shape);
  if (existsSync(path.join(made, 'packs', 'peer-q8_0', 'manifest.json'))) return;
  tell(`making the weights: ${shape}`);
  await mkdir(folder, { recursive: true });
  await runWatched(python, {
    args: ['-m', 'convert.peers', 'make', made, '--shape', shape],
    cwd: path.join(root, 'models'),
  });
}

/** @returns the most memory that it took, with all below it. @throws Error when it fails, which names its log */
async function runWatched(
  program: string,
  { args, ...options }: { args: readonly string[]; cwd: string; env?: NodeJS.ProcessEnv },
): Promise<{ readonly memory: MemoryPeak | undefined }> {
  const log = path.join(folder, 'run.log');
  let watch: MemoryWatch | undefined;
  const onStart = (pid: number): void => {
    watch = new MemoryWatch(pid);
  };
  try {
    const code = await run(program, args, { ...options, log, onStart });
    if (code !== 0) throw new Error(`${program} ended with ${code}: read ${log}`);
    return { memory: watch?.peak };
  } finally {
    watch?.[Symbol.dispose]();
  }
}

/** The sample at two pictures a second, raw. */
async function makePictures(): Promise<string> {
  const file = path.join(folder, 'pictures.rgb');
  if (await stat(file).catch(() => undefined)) return file;
  await mkdir(folder, { recursive: true });
  const { width, height } = size;
  const filter = `fps=2,scale=${width}:${height}`;
  const sample = path.join(root, 'samples', 'pantry.mp4');
  const raw = ['-vf', filter, '-f', 'rawvideo', '-pix_fmt', 'rgb24', file];
  await runVideoProgram(['-i', sample, ...raw], { signal: new AbortController().signal });
  return file;
}

/** Progress goes beside the result, which may be read by a program. */
function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

await main();
