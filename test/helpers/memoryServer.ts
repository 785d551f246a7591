/** The server's face to one client, over memory, before services that are played. */
import { vi } from 'vitest';
import type { DaemonService } from '../../daemon/assistant/service.ts';
import { systemClock } from '../../daemon/base/clock.ts';
import { silentLog, type Log } from '../../daemon/base/log.ts';
import { serveClient } from '../../daemon/server.ts';
import type { LeavingReason } from '../../protocol/index.ts';
import { createFakeService } from './fakeService.ts';
import { createFakeServices, fakeControl, FakeMedia } from './fakeServices.ts';
import { createRpcPair } from './rpcPair.ts';

export interface Setup {
  readonly service?: Promise<DaemonService>;
  readonly media?: FakeMedia;
  readonly log?: Log;
  readonly daemon?: AbortController;
}

/** A server that has read nothing yet, and the client that speaks to it. */
export function setUpServer({
  service = Promise.resolve(createFakeService()),
  log = silentLog,
  media = new FakeMedia(),
  daemon = new AbortController(),
}: Setup = {}) {
  const pair = createRpcPair();
  const retired = vi.fn<() => void>();
  const control = {
    ...fakeControl,
    retire: retired,
    leavingReason: undefined as LeavingReason | undefined,
    end: (reason: LeavingReason) => {
      control.leavingReason = reason;
      daemon.abort();
    },
  };
  const services = service.then((assistant) => createFakeServices(assistant, media));
  services.catch(() => undefined);
  const ended = serveClient(
    pair.server,
    {
      services,
      control,
      log,
      logFile: { recent: (maxLines) => ['1', '2', '3'].slice(-(maxLines ?? 3)) },
      clock: systemClock,
      closeStream: pair.end,
    },
    { signal: daemon.signal },
  );
  return { ...pair, ended, retired, daemon, control, media };
}
