// Measures the whole program on this machine and prints a table. Set-up is scripts/setup.mjs.
//   node scripts/bench.mjs [--quick] [--json] [--model DIR]
// --quick shortens everything, --json prints one object, --model takes another model pack than the shipped one.
import path from 'node:path';
import { root, run, runMain } from './lib/console.mjs';
import { pinnedNode } from './lib/pinnedNode.mjs';

const program = path.join(root, 'scripts', 'bench', 'main.ts');

await runMain(() => run(pinnedNode(), [program, ...process.argv.slice(2)]));
