// Checks the Python side: style, types and tests. Set-up is scripts/setup.mjs --models.
import { availableParallelism } from 'node:os';
import path from 'node:path';
import { root, run, runMain, say } from './lib/console.mjs';
import { pythonIn } from './lib/python.mjs';
import { closing, countFailure, junitTotals, reported, saveTotals } from './lib/testTotals.mjs';

const venv = path.join(root, 'models', '.venv');
const settings = path.join('models', 'pyproject.toml');

const folder = path.join(root, 'models');
const env = { ...process.env, OMP_NUM_THREADS: '1' };
const python = (program, args, options = {}) =>
  run(pythonIn(venv, program), args, { env, ...options });

await runMain(async () => {
  const style = await python('ruff', ['check', 'models', 'test/models']);
  // On PYTHONPATH the modules would count as installed ones, without types.
  const types = await python('mypy', ['--config-file', 'pyproject.toml', '.'], { cwd: folder });
  // Each process computes on one core.
  const parallel = ['-n', String(Math.min(4, availableParallelism())), '--dist', 'loadfile'];
  const pytest = ['-m', 'pytest', '-q', '-c', settings, ...parallel, 'test/models'];
  const { code, totals } = await reported(
    'pytest.xml',
    (report) =>
      python('python', [...pytest, `--junitxml=${report}`], {
        env: { ...env, PYTHONPATH: folder },
      }),
    junitTotals,
  );
  const isFailure = [style, types, code].some((status) => status !== 0);
  if (isFailure) {
    const message = `ruff ended with status ${style}, mypy with ${types}, pytest with ${code}`;
    countFailure(totals, { ring: 'models', name: 'outside of its tests', message });
  }
  await saveTotals('models', totals);
  say(`\n${closing(totals)}`);
  return isFailure ? 1 : 0;
});
