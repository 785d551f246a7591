/** The program `codealong`: a thin client of the daemon. Runs on Node 20. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { OptionValues } from './cli/arguments.ts';
import { createProgress, noProgress } from './cli/progress.ts';
import { runCli } from './cli/runCli.ts';
import { connectDaemon, findDaemon } from './client/connect.ts';
import type { DaemonConnection } from './client/connection.ts';
import { resolveHome } from './client/paths.ts';

const interrupt = new AbortController();
for (const name of ['SIGINT', 'SIGTERM'] as const) {
  process.on(name, () => {
    // The second one leaves at once; the daemon stops the session when the connection is gone.
    if (interrupt.signal.aborted) process.exit(130);
    interrupt.abort();
  });
}

for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    // Whoever read us has seen enough ("codealong watch … | head").
    if (error.code === 'EPIPE') process.exit(0);
    throw error;
  });
}

/** The bundles lie side by side. */
const folder = path.dirname(fileURLToPath(import.meta.url));

function connect({ home, idleExit }: OptionValues): Promise<DaemonConnection> {
  return connectDaemon(
    {
      home: resolveHome(home),
      program: {
        script: path.join(folder, 'daemon.js'),
        packageFolder: folder,
        arguments: idleExit === undefined ? [] : ['--idle-exit-ms', String(idleExit * 1000)],
      },
    },
    { signal: interrupt.signal },
  );
}

const { DISPLAY, XAUTHORITY, CODEALONG_MODEL_KEY } = process.env;
/** As npm itself reads it, from whatever it was written in. */
const { npm_config_registry, NPM_CONFIG_REGISTRY = npm_config_registry } = process.env;

process.exitCode = await runCli(process.argv.slice(2), {
  output: {
    line: (text) => {
      process.stdout.write(`${text}\n`);
    },
    note: (text) => {
      process.stderr.write(`${text}\n`);
    },
  },
  connect,
  find: ({ home }) => findDaemon({ home: resolveHome(home) }, interrupt),
  display: {
    ...(DISPLAY === undefined || DISPLAY === '' ? {} : { display: DISPLAY }),
    ...(XAUTHORITY === undefined || !path.isAbsolute(XAUTHORITY) ? {} : { authority: XAUTHORITY }),
  },
  modelKey: CODEALONG_MODEL_KEY === '' ? undefined : CODEALONG_MODEL_KEY,
  npmRegistry: NPM_CONFIG_REGISTRY === '' ? undefined : NPM_CONFIG_REGISTRY,
  createProgress: () => (process.stderr.isTTY ? createProgress(process.stderr) : noProgress),
  signal: interrupt.signal,
});
