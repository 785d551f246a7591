/** The command line as a person types it, on a daemon of a test's own. */
import type { CliEnvironment } from '../../daemon/cli/runCli.ts';
import { runCli } from '../../daemon/cli/runCli.ts';
import { noProgress } from '../../daemon/cli/progress.ts';
import type { RealDaemon } from './realDaemon.ts';

/** @returns its exit code, and what it wrote to its two streams */
export async function typed(
  daemon: RealDaemon,
  argv: readonly string[],
  environment: Partial<CliEnvironment> = {},
): Promise<{ readonly code: number; readonly out: string; readonly notes: string }> {
  const out: string[] = [];
  const notes: string[] = [];
  const code = await runCli(argv, {
    output: {
      line: (line) => {
        out.push(line);
      },
      note: (line) => {
        notes.push(line);
      },
    },
    connect: () => daemon.connect(),
    find: () => Promise.resolve(undefined),
    createProgress: () => noProgress,
    display: {},
    signal: new AbortController().signal,
    ...environment,
  });
  return { code, out: out.join('\n'), notes: notes.join('\n') };
}
