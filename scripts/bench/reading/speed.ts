/** What reading a frame costs, by what has changed since the one before: as a session reads, through the engine process. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { mediaMs } from '../../../protocol/index.ts';
import { systemClock } from '../../../daemon/base/clock.ts';
import type { Bench } from '../bench.ts';
import { median } from '../statistics.ts';
import type { Comparison, ComparisonRow } from '../table.ts';
import { drawStates, filmScreens, states, type Compression } from './screens.ts';

const sizes = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const;

/** Where nothing but the change changes, and where a codec touches up the rest meanwhile. */
const films = ['clean', 'H.264'] as const;

const unchanged = 'the same once more';
type Change = (typeof states)[number] | typeof unchanged;

/** Milliseconds a frame, at 720p and 1080p, after H.264. */
export async function measureReadingSpeed(
  bench: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Comparison[]> {
  if (!bench.modelPack.manifest.reader) return [];
  const columns = new Map<string, Map<Change, number[]>>();
  for (const { width, height } of sizes) {
    const folder = path.join(bench.folder, `states-${height}`);
    await mkdir(folder, { recursive: true });
    const drawn = await drawStates(folder, {
      width,
      height,
      count: bench.settings.syntheticScreens,
    });
    for (const compression of films) {
      const times = await timeReading(bench, { folder, count: drawn, compression, signal });
      columns.set(`${height}p, ${compression}`, times);
    }
  }
  const changes: readonly Change[] = [...states, unchanged];
  const rows = changes.map((change): ComparisonRow => {
    const cells = [...columns.values()].map((times) => [median(times.get(change)!)]);
    return { key: change, name: `A frame: ${change}`, unit: 'ms', cells };
  });
  return [
    {
      ...{
        key: 'readingSpeed',
        heading: 'Reading a frame, median',
        columns: [...columns.keys()],
        rows,
      },
      notes: [
        'Editors with tree, terminal and status bar, with the way to the engine; H.264 at crf 28 goes on changing a still picture.',
      ],
    },
  ];
}

async function timeReading(
  { pack }: Bench,
  film: {
    readonly folder: string;
    readonly count: number;
    readonly compression: Compression;
    readonly signal: AbortSignal;
  },
): Promise<Map<Change, number[]>> {
  const { folder, signal } = film;
  const changes: readonly Change[] = [...states, unchanged];
  const times = new Map(changes.map((change) => [change, [] as number[]]));
  // A screen that is new to its reader: the next editor shows other lines, and its cache knows none of them.
  await using reader = pack.createScreenReader();
  let ptsMs = 0;
  let index = 0;
  for await (const picture of filmScreens(folder, film)) {
    const read = async (change: Change): Promise<void> => {
      const startMs = systemClock.monotonicMs();
      ptsMs += 500;
      await reader.read({ ...picture, ptsMs: mediaMs(ptsMs) }, { isRepeat: false, signal });
      // The first one loads the network.
      if (ptsMs > 500) times.get(change)!.push(systemClock.monotonicMs() - startMs);
    };
    await read(states[index++ % states.length]!);
    await read(unchanged);
  }
  return times;
}
