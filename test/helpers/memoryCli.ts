/** Runs the command line in this process, against a fake service over memory. */
import { createFakeService } from './fakeService.ts';
import { createFakeServices, fakeControl } from './fakeServices.ts';
import { createRpcPair } from './rpcPair.ts';
import { noProgress, type Progress } from '../../daemon/cli/progress.ts';
import { runCli } from '../../daemon/cli/runCli.ts';
import { systemClock } from '../../daemon/base/clock.ts';
import { silentLog } from '../../daemon/base/log.ts';
import type { DaemonConnection } from '../../daemon/client/connection.ts';
import { serveClient } from '../../daemon/server.ts';
import type { DaemonService } from '../../daemon/assistant/service.ts';

export interface CliRun {
  readonly code: number;
  readonly stdout: readonly string[];
  readonly stderr: readonly string[];
}

export interface MemoryCliOptions {
  readonly service?: DaemonService;
  readonly interrupt?: AbortController;
  /** Called with each line of standard output. */
  readonly onLine?: (line: string) => void;
  /** Replaces the connection, for daemons that do not start. */
  readonly connect?: () => Promise<DaemonConnection>;
  /** No daemon runs before one is started. */
  readonly isIdle?: boolean;
  readonly progress?: Progress;
}

export async function runInMemory(
  argv: readonly string[],
  options: MemoryCliOptions = {},
): Promise<CliRun> {
  const stdout: string[] = [];
  const stderr: string[] = [];
  const { service = createFakeService(), interrupt = new AbortController() } = options;
  const code = await runCli(argv, {
    output: {
      line: (text) => {
        stdout.push(text);
        options.onLine?.(text);
      },
      note: (text) => {
        stderr.push(text);
      },
    },
    find: () => Promise.resolve(options.isIdle ? undefined : connectInMemory(service)),
    connect: options.connect ?? (() => Promise.resolve(connectInMemory(service))),
    display: { display: ':7' },
    createProgress: () => options.progress ?? noProgress,
    signal: interrupt.signal,
  });
  return { code, stdout, stderr };
}

/** A client of a server that lives in this process. */
export function connectInMemory(service: DaemonService): DaemonConnection {
  const { server, client, end } = createRpcPair();
  const leaving = new AbortController();
  void serveClient(
    server,
    {
      services: Promise.resolve(createFakeServices(service)),
      control: {
        ...fakeControl,
        leavingReason: 'stopped',
        end: () => {
          leaving.abort();
        },
      },
      log: silentLog,
      logFile: { recent: () => ['{"message":"one"}'] },
      clock: systemClock,
      closeStream: end,
    },
    leaving,
  );
  return client;
}
