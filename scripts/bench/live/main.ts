/** Entry of `npm run bench -- live`: watching for hours, what it costs, and what goes wrong. Started by ../../bench.mjs. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism, loadavg } from 'node:os';
import { parseArgs } from 'node:util';
import { isCancellation } from '../../../daemon/base/errors.ts';
import { openBench } from '../bench.ts';
import { questions, quickSettings } from '../settings.ts';
import { median, percentile } from '../statistics.ts';
import { measureFaults, measureLag } from './faults.ts';
import { simulate } from './simulation.ts';

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      json: { type: 'string' },
      model: { type: 'string' },
      minutes: { type: 'string', default: '2' },
      hours: { type: 'string', default: '8' },
      faults: { type: 'string', default: '45' },
    },
  });
  const interrupted = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) {
    process.on(name, () => {
      interrupted.abort();
    });
  }
  const { signal } = interrupted;
  const load = [loadavg()[0]!];
  await using bench = await openBench(
    quickSettings,
    { model: values.model, clips: undefined },
    { signal },
  );
  tell('simulating a long session');
  const simulated = await simulate(bench, {
    hours: Number(values.hours),
    onHour: (hour) => {
      tell(`  hour ${hour}`);
    },
    signal,
  });
  load.push(loadavg()[0]!);
  tell('watching a broadcast while answering');
  const { lags, ...answering } = await measureLag(bench, {
    ...{ minutes: Number(values.minutes), questions, signal },
  });
  load.push(loadavg()[0]!);
  const faults = await measureFaults(bench, {
    count: Number(values.faults),
    onFault: (kind) => {
      tell(`  fault: ${kind}`);
    },
    signal,
  });
  load.push(loadavg()[0]!);
  const result = {
    frameToCacheP95Ms: Math.round(percentile(lags, 0.95)),
    frameToCacheMedianMs: Math.round(median(lags)),
    answering,
    ...simulated,
    ...faults,
    model: bench.pack.name,
    cores: availableParallelism(),
    loadAverages: load.map((one) => Math.round(one * 10) / 10),
  };
  const text = JSON.stringify(result, undefined, 2);
  if (values.json !== undefined) await writeFile(values.json, `${text}\n`);
  process.stdout.write(`${text}\n`);
}

/** Progress goes beside the result, which may be read by a program. */
function tell(line: string): void {
  process.stderr.write(`${line}\n`);
}

try {
  await main();
  // What node-llama-cpp holds in this process would keep it alive.
  process.exit(0);
} catch (error) {
  if (isCancellation(error)) process.exit(130);
  tell(String((error as Error).stack));
  process.exit(1);
}
