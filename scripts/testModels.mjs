// Checks the Python side: style, types and tests. Set-up is scripts/setup.mjs --models.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import path from 'node:path';

const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));
const bin = path.join(root, 'models', '.venv', process.platform === 'win32' ? 'Scripts' : 'bin');
const steps = [
  ['ruff', 'check', 'models', 'test/models'],
  ['mypy', '--config-file', 'models/pyproject.toml', 'models'],
  ['python', '-m', 'pytest', '-q', '-c', 'models/pyproject.toml', 'test/models'],
];
let status = 0;
for (const [tool, ...args] of steps) {
  const env = { ...process.env, PYTHONPATH: path.join(root, 'models'), OMP_NUM_THREADS: '1' };
  const run = spawnSync(path.join(bin, tool), args, { cwd: root, stdio: 'inherit', env });
  if (run.status !== 0) status = 1;
}
process.exit(status);
