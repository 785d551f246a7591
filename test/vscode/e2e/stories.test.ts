/** A story is recorded: each of its steps is performed in the real editor and can be seen in the video. */
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { planStory } from '../../../scripts/lib/storyPlan.mjs';
import { recordStory, type RecordedStep } from '../../../scripts/lib/storyRecording.mjs';
import { hosts } from '../../../scripts/lib/vscodeHost.mjs';

interface Events {
  readonly video: string;
  readonly durationMs: number;
  readonly steps: readonly RecordedStep[];
}

const seed = 1042;
/** A file is opened, another one renamed by the menu of the tree. */
const most = 3;

describe(`a story in VS Code ${hosts.current.vscode}`, () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'codealong-stories-'));
  });
  afterEach(() => {
    rmSync(folder, { recursive: true });
  });

  it('is played, seen and told', async () => {
    const plan = planStory(seed);
    const steps = plan.steps.slice(0, most);
    const seen: RecordedStep[] = [];
    const onStep = (step: RecordedStep) => void seen.push(step);
    expect(await recordStory({ ...plan, steps }, folder, onStep)).toBeUndefined();
    const file = join(folder, `story-${seed}.events.json`);
    const { video, durationMs, steps: told } = JSON.parse(readFileSync(file, 'utf8')) as Events;
    expect(told).toEqual(seen);
    expect(told.map(({ kind, slots }) => ({ kind, slots }))).toEqual(
      steps.map(({ kind, slots }) => ({ kind, slots })),
    );
    const dues = told.map(({ dueMs }) => dueMs);
    expect(dues).toEqual(dues.toSorted((one, other) => one - other));
    expect(dues.at(-1)).toBeLessThan(durationMs);
    expect(statSync(join(folder, video)).size).toBeGreaterThan(20_000);
  });
});
