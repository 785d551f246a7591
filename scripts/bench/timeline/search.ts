/** How soon a library of a hundred hours is searched, as a client sees it. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '../../../daemon/base/clock.ts';
import type { Bench } from '../bench.ts';
import { DaemonRun } from '../daemonRun.ts';
import { median, percentile } from '../statistics.ts';
import type { Measurement } from '../table.ts';
import { collectTexts, fillLibrary, queriesFor } from './library.ts';

/** Milliseconds from a query to its hits, over all videos; goal 50. */
export async function measureSearch(
  bench: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Measurement[]> {
  const { libraryHours, searches } = bench.settings;
  const home = path.join(bench.folder, 'library');
  await mkdir(home, { recursive: true, mode: 0o700 });
  const texts = await collectTexts();
  const startMs = systemClock.monotonicMs();
  const rows = fillLibrary(path.join(home, 'timeline.db'), texts, {
    ...{ hours: libraryHours, model: bench.pack.name },
  });
  const fillingMs = systemClock.monotonicMs() - startMs;
  await using daemon = await DaemonRun.start(bench, { signal, home });
  // The first one opens the file.
  await daemon.search('main', { signal });
  const tookMs: number[] = [];
  let found = 0;
  for (const query of queriesFor(texts, searches)) {
    const askedMs = systemClock.monotonicMs();
    const hits = await daemon.search(query, { signal });
    tookMs.push(systemClock.monotonicMs() - askedMs);
    if (hits.length > 0) found++;
  }
  const name = `Search over ${libraryHours} h of video`;
  return [
    {
      ...{ key: 'searchMedian', name, unit: 'ms', sample: median(tookMs) },
      note: `median of ${searches} queries, ${found} with hits; ${rows} rows; goal ≤ 50 ms`,
    },
    {
      ...{ key: 'search95', name: `${name}, 95 %`, unit: 'ms', sample: percentile(tookMs, 0.95) },
      note: `slowest ${Math.max(...tookMs).toFixed(0)} ms`,
    },
    {
      ...{ key: 'storeRow', name: 'Storing a row', unit: 'ms', sample: fillingMs / rows },
      note: 'with both indexes, in transactions of a whole video',
    },
  ];
}
