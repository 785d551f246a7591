// Measures the whole program on this machine and prints a table. Set-up is scripts/setup.mjs.
//   node scripts/bench.mjs [--quick] [--json FILE] [--model DIR] [--clips DIR] [--only NAME,NAME]
// --quick shortens everything, --json also writes all of it as one object, --model takes another model pack than the shipped one,
// --clips adds a folder of annotated recordings (index.json, media/, ann/), --only runs the named measures alone; a wrong name
// lists them.
//   node scripts/bench.mjs quality FOLDER [--json] [--model PACK] [--ungrounded] [--transcript FILE]
// is "codealong bench quality": the model on held-out videos whose truth is known.
import path from 'node:path';
import { root, run, runMain } from './lib/console.mjs';
import { pinnedNode } from './lib/pinnedNode.mjs';

const program = path.join(root, 'scripts', 'bench', 'main.ts');

const commandLine = path.join(root, 'dist', 'cli.js');
const args = process.argv.slice(2);

await runMain(() =>
  run(pinnedNode(), args[0] === 'quality' ? [commandLine, 'bench', ...args] : [program, ...args]),
);
