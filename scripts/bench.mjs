// Measures the whole program on this machine and prints a table. Set-up is scripts/setup.mjs.
//   node scripts/bench.mjs [--quick] [--json FILE] [--model DIR] [--clips DIR] [--only NAME,NAME]
// --quick shortens everything, --json also writes all of it as one object, --model takes another model pack than the shipped one,
// --clips adds a folder of annotated recordings (index.json, media/, ann/), --only runs the named measures alone; a wrong name
// lists them.
//   node scripts/bench.mjs quality FOLDER [--json] [--model PACK] [--ungrounded] [--transcript FILE]
// is "codealong bench quality": the model on held-out videos whose truth is known.
//   node scripts/bench.mjs live [--json FILE] [--model DIR] [--minutes N] [--hours N] [--faults N]
// watches what is live: minutes of the real clock while questions are answered, hours of a simulated one, and faults.
//   node scripts/bench.mjs capture [--seconds N]
// is what it costs to capture a screen, whole and with windows left out.
//   node scripts/bench.mjs budget FOLDER [--model DIR] [--only PREFIX,PREFIX]
// what the decoder may be spared, on rendered videos with their truth.json and what `codealong bench frames` prints of them as frames.jsonl:
// the sessions, or those whose names begin so.
//   node scripts/bench.mjs peers [--json FILE] [--frames N] [--only NAME]
// the same weights on the daemon's path and in the published loop on PyTorch: frames a second, first words, memory.
import path from 'node:path';
import { root, run, runMain } from './lib/console.mjs';
import { pinnedNode } from './lib/pinnedNode.mjs';

const program = path.join(root, 'scripts', 'bench', 'main.ts');

const live = path.join(root, 'scripts', 'bench', 'live', 'main.ts');
const capture = path.join(root, 'scripts', 'bench', 'live', 'capture.ts');
const budget = path.join(root, 'scripts', 'bench', 'budget', 'main.ts');
const peers = path.join(root, 'scripts', 'bench', 'peers', 'main.ts');
const commandLine = path.join(root, 'dist', 'cli.js');
const args = process.argv.slice(2);
// As daemon/client/spawnDaemon.ts starts the daemon: the simulated hours run in the bench's own process.
const daemonFlags = ['--max-semi-space-size=8'];

await runMain(() => {
  if (args[0] === 'quality') return run(pinnedNode(), [commandLine, 'bench', ...args]);
  if (args[0] === 'live') return run(pinnedNode(), [...daemonFlags, live, ...args.slice(1)]);
  if (args[0] === 'capture') return run(pinnedNode(), [...daemonFlags, capture, ...args.slice(1)]);
  if (args[0] === 'budget') return run(pinnedNode(), [budget, ...args.slice(1)]);
  if (args[0] === 'peers') return run(pinnedNode(), [peers, ...args.slice(1)]);
  return run(pinnedNode(), [program, ...args]);
});
