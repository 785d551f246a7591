// Records random stories in a real VS Code: for each seed a video and what happens in it, and for the folder its truth.json.
//   node scripts/recordSessions.mjs SEED COUNT FOLDER
// Writes story-SEED.mp4 and story-SEED.events.json for COUNT seeds from SEED on; a video that is there already is kept. A story
// that cannot be played is told and left out.
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { ensureHost } from './installHost.mjs';
import { root, run, runMain, say, ScriptError } from './lib/console.mjs';
import { pythonIn } from './lib/python.mjs';
import { planStory } from './lib/storyPlan.mjs';
import { recordStory } from './lib/storyRecording.mjs';

/** @param {string | undefined} text @param {number} least */
function wholeNumber(text, least) {
  const value = Number(text);
  if (!Number.isInteger(value) || value < least)
    throw new ScriptError('Usage: node scripts/recordSessions.mjs SEED COUNT FOLDER');
  return value;
}

await runMain(async () => {
  const [first, count, where] = process.argv.slice(2);
  const [seed, most] = [wholeNumber(first, 0), wholeNumber(count, 1)];
  if (where === undefined)
    throw new ScriptError('Usage: node scripts/recordSessions.mjs SEED COUNT FOLDER');
  const folder = path.resolve(where);
  await ensureHost();
  await mkdir(folder, { recursive: true });
  let failed = 0;
  for (let each = seed; each < seed + most; each++) {
    if (existsSync(path.join(folder, `story-${each}.events.json`))) continue;
    say(`story ${each}`);
    try {
      const failure = await recordStory(planStory(each), folder, ({ dueMs, kind, slots }) => {
        say(`  ${(dueMs / 1000).toFixed(1)} s  ${kind} ${JSON.stringify(slots)}`);
      });
      if (failure) say(`story ${each} broke off: ${failure.message}`);
    } catch (error) {
      failed += 1;
      say(`story ${each} ${error.message}`);
    }
  }
  // The phrasings are those of the training world.
  const models = path.join(root, 'models');
  const truth = ['-m', 'evaluation.recordings', folder];
  if ((await run(pythonIn(path.join(models, '.venv')), truth, { cwd: models })) !== 0)
    throw new ScriptError('truth.json was not written.', 'Read the message above.');
  return failed === 0 ? 0 : 1;
});
