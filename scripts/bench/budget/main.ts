/**
 * Entry of `npm run bench -- budget FOLDER`: what the decoder may be spared. What it was given of videos whose truth is known runs through
 * decoder, voice and recorder under one policy after the other. Started by ../../bench.mjs.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readTruth } from '../../../daemon/bench/truth.ts';
import type { GivenFrame } from '../../../daemon/framesFile.ts';
import { stillBudget } from '../../../daemon/llm/rowBudget.ts';
import type { RowBudgetManifest } from '../../../daemon/weights/streamManifest.ts';
import { openBench } from '../bench.ts';
import { quickSettings } from '../settings.ts';
import { comparisonToMarkdown } from '../table.ts';
import { replay } from './replay.ts';

/** `ticks`: a still frame's last row, once. */
const frames = (rowChange: number, ticks = 0): RowBudgetManifest => ({
  ...stillBudget,
  ...{ rowChange, ticks },
});
const rows = (rowChange: number): RowBudgetManifest => ({ ...frames(rowChange), keep: 'rows' });

const policies: Readonly<Record<string, RowBudgetManifest | undefined>> = {
  nothing: undefined,
  'frames whose rows are the same': stillBudget,
  'frames 0.1 apart, but one row': frames(0.1, 1),
  'frames 0.3 apart, but one row': frames(0.3, 1),
  'frames 0.1 apart': frames(0.1),
  'frames 0.3 apart': frames(0.3),
  'rows 0.02 apart': rows(0.02),
  'rows 0.1 apart': rows(0.1),
};

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    options: { model: { type: 'string' }, only: { type: 'string' } },
    allowPositionals: true,
  });
  const [folder] = positionals;
  if (folder === undefined) throw new TypeError('Which folder of videos with a truth.json?');
  const { signal } = new AbortController();
  const truth = await readTruth(path.resolve(folder));
  const named = values.only?.split(',');
  const isMeant = (file: string): boolean =>
    named?.some((name) => file.startsWith(name)) ?? file.startsWith('session');
  const chosen = { ...truth, clips: truth.clips.filter(({ file }) => isMeant(file)) };
  const given = await readFrames(path.resolve(folder, 'frames.jsonl'));
  const subject = { model: values.model, clips: undefined };
  await using bench = await openBench(quickSettings, subject, { signal });
  const results = [];
  for (const [name, rowBudget] of Object.entries(policies)) {
    process.stderr.write(`left out: ${name}\n`);
    const cells = await replay(bench, { truth: chosen, given, rowBudget, signal });
    results.push({ key: name, name, unit: 'share' as const, cells });
  }
  const table = comparisonToMarkdown({
    ...{ key: 'budget', heading: 'What the decoder is spared', rows: results, notes: [] },
    columns: ['positions of frames kept', 'F1 of steps', 'kind right, too', 'names exact'],
  });
  process.stdout.write(`${table}\n`);
}

/** What the decoder was given of each video, by its name. */
async function readFrames(file: string): Promise<Map<string, GivenFrame[]>> {
  const lines = (await readFile(file, 'utf8')).split('\n').filter((line) => line !== '');
  const all = lines.map((line) => JSON.parse(line) as GivenFrame & { readonly video: string });
  return Map.groupBy(all, (frame) => frame.video);
}

await main();
// What node-llama-cpp holds in this process would keep it alive.
process.exit(0);
