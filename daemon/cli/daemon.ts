/** codealong daemon: what runs in the background, and its end. */
import { daemonStatus, restart, stop } from '../../protocol/index.ts';
import type { DaemonConnection } from '../client/connection.ts';
import { resolveHome } from '../client/paths.ts';
import { UsageError } from './arguments.ts';
import { printJson, type VerbContext } from './context.ts';
import { formatStatus } from './format.ts';

/** @throws UsageError; AppError when the daemon cannot be reached */
export async function daemon(context: VerbContext): Promise<number> {
  const [action = ''] = context.words;
  const { signal } = context;
  using running = await context.find();
  switch (action) {
    case 'status':
      await report(context, running);
      return 0;
    case 'stop':
      await running?.request(stop, {}, { signal });
      // It closes the connection when everything is let go.
      await running?.closed;
      await report(context, undefined);
      return 0;
    case 'restart': {
      await running?.request(restart, {}, { signal });
      await running?.closed;
      using next = await context.connect();
      await report(context, next);
      return 0;
    }
    default:
      throw new UsageError(`ACTION is status, stop or restart, not "${action}".`);
  }
}

async function report(
  { values, output, signal }: VerbContext,
  connection: DaemonConnection | undefined,
): Promise<void> {
  const status = await connection?.request(daemonStatus, {}, { signal });
  const home = resolveHome(values.home);
  if (values.json) printJson(output, { isRunning: status !== undefined, home, ...status });
  else output.line(status ? formatStatus(status) : `No daemon runs for ${home}.`);
}
