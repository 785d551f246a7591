/** An engine process whose one service fails in every way a service can. */
import { spawn } from 'node:child_process';
import { AppError } from '../../daemon/base/errors.ts';
import { createEngineServer } from '../../daemon/engine/engineServer.ts';
import type { ToEngine } from '../../daemon/engine/messages.ts';

let aborted = 0;

const receive = createEngineServer(
  {
    test: {
      crash: () => {
        process.stderr.write('about to crash\n', () => {
          process.kill(process.pid, 'SIGKILL');
        });
        return new Promise(() => undefined);
      },
      // Of another group, so that it stays; it holds the error stream open. Answers its process id.
      leaveHeir: () => {
        const heir = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60_000)'], {
          detached: true,
          stdio: ['ignore', 'ignore', 'inherit'],
        });
        return Promise.resolve(heir.pid);
      },
      echo: (args: unknown) => Promise.resolve(args),
      told: () => Promise.resolve(process.argv.slice(2)),
      slow: (ms: unknown) =>
        new Promise((resolve) => {
          setTimeout(resolve, Number(ms), 'slow');
        }),
      expected: () => Promise.reject(new AppError('model.unsupported', 'no', { data: { a: 1 } })),
      bug: () => Promise.reject(new TypeError('a bug')),
      wait: (_: unknown, { signal }: { signal: AbortSignal }) =>
        aborted > 0
          ? Promise.resolve('was aborted before')
          : new Promise((_resolve, reject) => {
              signal.addEventListener('abort', () => {
                aborted++;
                reject(signal.reason as Error);
              });
            }),
    },
  },
  (message) => {
    process.send?.(message);
  },
);

process.on('message', (message) => {
  receive(message as ToEngine);
});
process.on('disconnect', () => {
  process.exit();
});
