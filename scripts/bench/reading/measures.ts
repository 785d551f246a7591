/** The comparisons of reading that the benchmark prints. */
import { segmentLines } from '../../../daemon/perception/segmenter.ts';
import type { Bench } from '../bench.ts';
import { DaemonRun } from '../daemonRun.ts';
import type { Comparison, ComparisonRow } from '../table.ts';
import { picturesAt, readClip, readClips, type Clip, type ClipReading } from './clips.ts';
import { groups, ratesIn } from './observations.ts';
import { recallOfProgram } from './programRecall.ts';
import { engineNames, openRivals, type EngineName, type Rivals } from './rivals.ts';
import { readSyntheticScreens, type ReadingTime } from './synthetic.ts';
import type { Rates } from './truth.ts';

/** Character errors and exact lines on screens with known text, against other engines on the same boxes. */
export async function measureSyntheticScreens(
  bench: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Comparison[]> {
  await using rivals = await openRivals(bench, { signal });
  if (!rivals) return [];
  const { observations, times, fonts, pictures, comparedPictures } = await readSyntheticScreens(
    bench,
    rivals,
    { signal },
  );
  const rows = groups.map((group): ComparisonRow => {
    const all = ratesIn(observations, group, { engine: 'ours', onlyCompared: false });
    const compared = engineNames.map((engine) =>
      ratesIn(observations, group, { engine, onlyCompared: true }),
    );
    const { key, name } = group;
    return { key, name, unit: 'share', cells: [all, ...compared].map(cellOf) };
  });
  const namesOf = (wasSeen: boolean): string =>
    [...fonts].flatMap(([name, seen]) => (seen === wasSeen ? name : [])).join(', ') || 'none';
  return [
    {
      key: 'syntheticScreens',
      heading: 'Screens with known text: wrong characters without / with spaces / lines exact',
      columns: [`ours, ${pictures} screens`, ...engineNames.map(onSame(comparedPictures))],
      rows: [
        // A quick run does not show everything.
        ...rows.filter(({ cells }) => cells.some((cell) => cell !== undefined)),
        timeRow([undefined, ...engineNames.map(perLine(times))]),
      ],
      notes: [
        `Held out of training: ${namesOf(false)}; drawn in training: ${namesOf(true)}.`,
        'Code of kinds of files that training never opens; every engine reads the same boxes.',
        ...absentRivals(rivals),
      ],
    },
  ];
}

const onSame =
  (count: number) =>
  (engine: EngineName): string =>
    `${engine}, ${count}`;

function cellOf(rates: Rates | undefined): readonly number[] | undefined {
  return rates && [rates.characterErrors, rates.spacedErrors, rates.exactLines];
}

/** Of the pictures that every engine read. */
const perLine =
  (times: readonly ReadingTime[]) =>
  (engine: EngineName): readonly number[] | undefined => {
    const own = times.filter((time) => time.engine === engine);
    const boxes = own.reduce((sum, time) => sum + time.boxes, 0);
    return boxes === 0 ? undefined : [own.reduce((sum, time) => sum + time.tookMs, 0) / boxes];
  };

function timeRow(cells: ComparisonRow['cells']): ComparisonRow {
  return { key: 'msPerLine', name: 'Time for a line', unit: 'ms', cells };
}

function absentRivals({ engines }: Rivals): string[] {
  return engineNames.filter((name) => !engines[name]).map((name) => `${name} is not installed.`);
}

/** Texts of annotated recordings that can be read at the middle of their window; nothing without `--clips`. */
export async function measureClips(
  bench: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Comparison[]> {
  if (bench.clips === undefined) return [];
  await using rivals = await openRivals(bench, { signal });
  if (!rivals) return [];
  await using daemon = await DaemonRun.start(bench, { signal });
  const { manifest, engines } = rivals;
  const clips = await readClips(bench.clips);
  const results: { clip: Clip; program: readonly boolean[]; read: Map<EngineName, ClipReading> }[] =
    [];
  for (const clip of clips) {
    const moments = clip.texts.map(({ atMs }) => atMs);
    const pictures = await picturesAt(clip.file, moments, { signal });
    const read = new Map<EngineName, ClipReading>();
    for (const name of engineNames) {
      const engine = engines[name];
      if (!engine) continue;
      const findBoxes = (picture: Parameters<typeof segmentLines>[0]) =>
        segmentLines(picture, manifest.segmenter).boxes;
      read.set(name, await readClip(clip, pictures, { engine, findBoxes }));
    }
    results.push({ clip, program: await recallOfProgram(daemon, clip, { signal }), read });
  }
  const share = (found: readonly boolean[]): number[] => [
    found.filter(Boolean).length / found.length,
  ];
  const engineCell = (chosen: typeof results, name: EngineName): number[] | undefined => {
    const found = chosen.flatMap(({ read }) => read.get(name)?.found ?? []);
    return found.length === 0 ? undefined : share(found);
  };
  const row = (key: string, name: string, chosen: typeof results): ComparisonRow => ({
    ...{ key, name, unit: 'share' },
    cells: [
      share(chosen.flatMap(({ program }) => program)),
      ...engineNames.map((engine) => engineCell(chosen, engine)),
    ],
  });
  const times = engineNames.map((engine) =>
    perLine(results.flatMap(({ read }) => ({ engine, boxes: 0, tookMs: 0, ...read.get(engine) })))(
      engine,
    ),
  );
  const texts = clips.flatMap((clip) => clip.texts).length;
  return [
    {
      key: 'clips',
      heading: `Real recordings: share of ${texts} texts found at the middle of their window`,
      columns: ['whole program', ...engineNames.map((engine) => `${engine}, our boxes`)],
      rows: [
        row('all', 'All recordings', results),
        ...results.map((result) => row(result.clip.slug, result.clip.slug, [result])),
        timeRow([undefined, ...times]),
      ],
      notes: [
        'The engines read one picture, the program tells the lines of a whole watching within half a second.',
        ...absentRivals(rivals),
      ],
    },
  ];
}
