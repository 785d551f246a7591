/** What watching leaves on the disk. */
import path from 'node:path';
import { Database } from '../../../daemon/timeline/database.ts';
import { migrations } from '../../../daemon/timeline/migrations.ts';
import type { Bench } from '../bench.ts';
import { openVideo } from '../bench.ts';
import { DaemonRun } from '../daemonRun.ts';
import type { Measurement } from '../table.ts';

const megabyte = 1024 * 1024;
const hourMs = 3_600_000;
/** Tables that the note names. */
const named = 4;

/** The store after the sample was watched once, as if it went on like that for an hour. */
export async function measureIndexSize(
  bench: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Measurement[]> {
  const home = path.join(bench.folder, 'index');
  await using daemon = await DaemonRun.start(bench, { signal, home });
  const file = path.join(home, 'timeline.db');
  const before = bytesByTable(file);
  await daemon.watch(bench.sample, { signal });
  const after = bytesByTable(file);
  const { durationMs = 0 } = await openVideo(bench.sample).probe({ signal });
  const anHour = (bytes: number): number => (bytes / megabyte / durationMs) * hourMs;
  // An empty store has its tables too.
  const grown = [...after].map(([name, bytes]) => ({
    name,
    bytes: bytes - (before.get(name) ?? 0),
  }));
  grown.sort((a, b) => b.bytes - a.bytes);
  const all = grown.reduce((sum, { bytes }) => sum + bytes, 0);
  const parts = grown
    .slice(0, named)
    .map(({ name, bytes }) => `${name} ${anHour(bytes).toFixed(1)}`);
  return [
    {
      ...{
        key: 'indexSize',
        name: 'Index of an hour of video',
        unit: 'megabytes',
        sample: anHour(all),
      },
      note: `${parts.join(', ')}; the sample, scaled`,
    },
  ];
}

/** Pages of each table and index. @source https://sqlite.org/dbstat.html */
function bytesByTable(file: string): Map<string, number> {
  using database = Database.open({ file, migrations, onDamage: () => undefined });
  const records = database.all('SELECT name, sum(pgsize) AS bytes FROM dbstat GROUP BY name');
  return new Map(records.map(({ name, bytes }) => [String(name), Number(bytes)]));
}
