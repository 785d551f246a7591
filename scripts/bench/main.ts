/** Entry of the benchmark: runs every measure once, prints tables and writes --json's file. Started by ../bench.mjs. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { isAppError, isCancellation } from '../../daemon/base/errors.ts';
import { openBench, type Bench } from './bench.ts';
import { measureDecisions } from './decisions.ts';
import { measureDecoder } from './decoderSteps.ts';
import { measureEncodingDuringReplies } from './encodingDuringReplies.ts';
import { measureEndToEnd } from './endToEnd.ts';
import { measurePaceDuringReplies } from './paceDuringReplies.ts';
import { fullSettings, quickSettings } from './settings.ts';
import { measureDecoding, measureEncoding, measureReading } from './stages.ts';
import { comparisonToMarkdown, toMarkdown, type Comparison, type Measurement } from './table.ts';
import { measureAnswers } from './answers/measure.ts';
import { measureClips, measureSyntheticScreens } from './reading/measures.ts';
import { measureCode } from './code/measure.ts';
import { measureReadingSpeed } from './reading/speed.ts';
import { measureIndexSize } from './timeline/indexSize.ts';
import { measureSearch } from './timeline/search.ts';
import { measureBundles, measureInEditor, measurePage } from './userInterface.ts';
import { measureWholeFile } from './wholeFile.ts';

type Measure = (
  bench: Bench,
  options: { signal: AbortSignal },
) => Promise<readonly (Measurement | Comparison)[]>;

const measures: Readonly<Record<string, Measure>> = {
  decoding: measureDecoding,
  'vision encoding': measureEncoding,
  reading: measureReading,
  'reading speed': measureReadingSpeed,
  screens: measureSyntheticScreens,
  clips: measureClips,
  answers: measureAnswers,
  code: measureCode,
  'index size': measureIndexSize,
  search: measureSearch,
  decoder: measureDecoder,
  decisions: measureDecisions,
  'encoding during replies': measureEncodingDuringReplies,
  'pace during replies': measurePaceDuringReplies,
  'end to end': measureEndToEnd,
  'whole file': measureWholeFile,
  bundles: measureBundles,
  'the panel’s page': measurePage,
  'the editor': measureInEditor,
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'string' },
      model: { type: 'string' },
      clips: { type: 'string' },
      only: { type: 'string' },
    },
  });
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    // Not once: a second signal must not cut the clearing up short.
    process.on(name, () => {
      interrupted.abort();
    });
  }
  const { signal } = interrupted;
  const settings = values.quick ? quickSettings : fullSettings;
  const startedMs = performance.now();
  const loadBefore = loadavg()[0]!;
  const chosen = choose(values.only);
  const { model, clips } = values;
  await using bench = await openBench(settings, { model, clips }, { signal });
  const results: (Measurement | Comparison)[] = [];
  for (const [name, measure] of chosen) {
    tell(`measuring: ${name}`);
    results.push(...(await measure(bench, { signal })));
  }
  const comparisons = results.filter((result) => 'columns' in result);
  const measurements = results.filter((result): result is Measurement => !('columns' in result));
  const machine = {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    platform: `${process.platform}-${process.arch}`,
    loadBefore: round(loadBefore),
    loadAfter: round(loadavg()[0]!),
  };
  const tookSeconds = Math.round((performance.now() - startedMs) / 1000);
  const result = { model: bench.pack.name, isQuick: values.quick, machine, tookSeconds };
  if (values.json !== undefined) {
    const data = { ...result, measurements, comparisons };
    await writeFile(values.json, `${JSON.stringify(data, undefined, 2)}\n`);
  }
  process.stdout.write(`${report(result, measurements, comparisons)}\n`);
}

/** @param only names of measures, with commas between; all when left out. @throws TypeError for a name that is none */
function choose(only: string | undefined): [string, Measure][] {
  const names = only?.split(',') ?? Object.keys(measures);
  return names.map((name) => {
    const measure = measures[name];
    if (measure) return [name, measure];
    const known = Object.keys(measures).join(', ');
    throw Object.assign(new TypeError(`"${name}" is none of ${known}.`), {
      code: 'unknownMeasure',
    });
  });
}

function report(
  {
    model,
    isQuick,
    machine,
    tookSeconds,
  }: {
    readonly model: string;
    readonly isQuick: boolean;
    readonly machine: Readonly<Record<string, string | number>>;
    readonly tookSeconds: number;
  },
  measurements: readonly Measurement[],
  comparisons: readonly Comparison[],
): string {
  const columns = { sample: 'pantry.mp4', longRun: 'long run' };
  const { processor, cores, platform, loadBefore, loadAfter } = machine;
  const tables = comparisons.map(comparisonToMarkdown);
  if (measurements.length > 0) tables.unshift(toMarkdown(measurements, columns));
  return [
    ...tables.flatMap((table) => [table, '']),
    `${model}${isQuick ? ', quick run' : ''}; ${platform}, ${cores} cores (${processor}), load average ${loadBefore} before ` +
      `and ${loadAfter} after; ${tookSeconds} s. Times depend on what else the machine does; ratios and shares were ` +
      'taken within this one run.',
  ].join('\n');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

/** Progress goes beside the result, which may be read by a program. */
function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

/** Failures whose sentence says all; anything else is a bug and shows its stack. */
function isExpected(error: unknown): error is Error {
  const isArgument = error instanceof TypeError && 'code' in error;
  return isAppError(error) || isArgument;
}

try {
  await main();
  // What node-llama-cpp holds in this process would keep it alive.
  process.exit(0);
} catch (error) {
  // Ended from the keyboard.
  if (isCancellation(error)) process.exit(130);
  tell(isExpected(error) ? `codealong: ${error.message}` : String((error as Error).stack));
  process.exit(1);
}
