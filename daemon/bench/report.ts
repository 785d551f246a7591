/** The figures as people read them. Pure. */
import type { Summary } from './scoring.ts';

interface Line {
  readonly key: string;
  readonly name: string;
  readonly goal?: string;
}

const lines: readonly Line[] = [
  { key: 'stepF1', name: 'steps, F1', goal: '≥ 0.85' },
  { key: 'kindF1', name: '  of the right kind' },
  { key: 'stepPrecision', name: '  replies that tell of a step' },
  { key: 'stepRecall', name: '  steps told' },
  { key: 'redundantRate', name: '  replies that tell it again' },
  { key: 'kindAccuracy', name: '  told steps of the right kind' },
  { key: 'timeDiffSeconds', name: 'delay, s, mean', goal: '≤ 1.0' },
  { key: 'medianDelaySeconds', name: '  median' },
  { key: 'slotExact', name: 'names exact', goal: '≥ 0.80' },
  { key: 'exactSteps', name: '  steps with kind and every name exact' },
  { key: 'sayLess', name: '  told without a name' },
  { key: 'falsePerMinute', name: 'replies a minute where nothing happens', goal: '≤ 0.5' },
  { key: 'unmatchedPerMinute', name: '  that tell of no step, elsewhere' },
  { key: 'standingRequests', name: 'standing requests fulfilled', goal: '≥ 0.9' },
  { key: 'requestsWithin', name: '  told in time' },
  { key: 'requestsOnce', name: '  told once' },
  { key: 'requestsNeverBefore', name: '  never told before' },
  { key: 'silentRequests', name: '  silent where none is due' },
  { key: 'questionAccuracy', name: 'questions answered right', goal: '≥ 0.80' },
  { key: 'wronglyAbstained', name: '  not answered' },
  { key: 'abstention', name: 'unanswerable questions declined', goal: '≥ 0.8' },
  { key: 'withheld', name: 'replies withheld as unlikely' },
  { key: 'ungrounded', name: '  for a name that was not there' },
  { key: 'looping', name: '  for going round in circles' },
  { key: 'framesPerSecond', name: 'frames a second' },
  { key: 'timesRealTime', name: 'times real time', goal: '≥ 5' },
];

/** Parts of a figure, listed below the table. */
const groups = {
  slotExactByClass: 'names exact',
  questionAccuracyByKind: 'questions answered right',
  stageMs: 'ms a frame',
} as const;

/** A table of the figures that were measured, with their goals. */
export function formatQuality(summary: Summary): string {
  const { clips, minutes, steps, requestsDue, questions, nothingMinutes = 0 } = summary;
  const head = [
    `${told(clips)} clips: ${told(minutes)} minutes with ${told(steps)} steps, ${told(nothingMinutes)} minutes of nothing,`,
    `${told(requestsDue)} standing requests due, ${told(questions)} questions`,
  ].join(' ');
  const shown = lines.filter(({ key }) => summary[key] !== undefined);
  const width = Math.max(...shown.map(({ name }) => name.length));
  const table = shown.map(({ key, name, goal = '' }) =>
    `${name.padEnd(width)}  ${told(summary[key]).padStart(6)}  ${goal}`.trimEnd(),
  );
  const parts = Object.entries(groups).flatMap(([key, name]) => {
    const group = summary[key];
    if (typeof group !== 'object') return [];
    const all = Object.entries(group).map(([part, value]) => `${part} ${told(value)}`);
    return all.length === 0 ? [] : [`${name}: ${all.join(', ')}`];
  });
  return [head, '', ...table, '', ...parts].join('\n');
}

const told = (value: unknown): string => (typeof value === 'number' ? String(value) : '–');
