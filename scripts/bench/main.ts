/** Entry of the benchmark: runs every measurement once and prints one table, or one object. Started by ../bench.mjs. */
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { isAppError, isCancellation } from '../../daemon/base/errors.ts';
import { openBench, type Bench } from './bench.ts';
import { measureDecoder } from './decoderSteps.ts';
import { measureEncodingDuringReplies } from './encodingDuringReplies.ts';
import { measureEndToEnd } from './endToEnd.ts';
import { measurePaceDuringReplies } from './paceDuringReplies.ts';
import { fullSettings, quickSettings } from './settings.ts';
import { measureDecoding, measureEncoding, measureReading } from './stages.ts';
import { toMarkdown, type Measurement } from './table.ts';
import { measureBundles, measureInEditor, measurePage } from './userInterface.ts';

type Measure = (bench: Bench, options: { signal: AbortSignal }) => Promise<Measurement[]>;

const measures: Readonly<Record<string, Measure>> = {
  decoding: measureDecoding,
  'vision encoding': measureEncoding,
  reading: measureReading,
  decoder: measureDecoder,
  'encoding during replies': measureEncodingDuringReplies,
  'pace during replies': measurePaceDuringReplies,
  'end to end': measureEndToEnd,
  bundles: measureBundles,
  'the panel’s page': measurePage,
  'the editor': measureInEditor,
};

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      model: { type: 'string' },
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
  await using bench = await openBench(settings, values.model, { signal });
  const measurements: Measurement[] = [];
  for (const [name, measure] of Object.entries(measures)) {
    tell(`measuring: ${name}`);
    measurements.push(...(await measure(bench, { signal })));
  }
  const machine = {
    processor: cpus()[0]?.model ?? 'unknown',
    cores: availableParallelism(),
    platform: `${process.platform}-${process.arch}`,
    loadBefore: round(loadBefore),
    loadAfter: round(loadavg()[0]!),
  };
  const tookSeconds = Math.round((performance.now() - startedMs) / 1000);
  const result = { model: bench.pack.name, isQuick: values.quick, machine, tookSeconds };
  process.stdout.write(
    values.json
      ? `${JSON.stringify({ ...result, measurements }, undefined, 2)}\n`
      : `${report(result, measurements)}\n`,
  );
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
): string {
  const columns = { sample: 'pantry.mp4', longRun: 'long run' };
  const { processor, cores, platform, loadBefore, loadAfter } = machine;
  return [
    toMarkdown(measurements, columns),
    '',
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
