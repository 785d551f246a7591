/** The life of the daemon's process: listen, serve, drain, leave. */
import {
  createMessageConnection,
  SocketMessageReader,
  StreamMessageWriter,
  type Logger,
} from 'vscode-jsonrpc/node';
import type { Socket } from 'node:net';
import { buildId, version } from './base/buildInfo.ts';
import { systemClock } from './base/clock.ts';
import type { Log, LogFile } from './base/log.ts';
import { frugal } from './base/processes.ts';
import type { DaemonPaths } from './client/paths.ts';
import { Listener } from './listener.ts';
import { serveClient, type DaemonControl, type Services } from './server.ts';
import type { LeavingReason } from '../protocol/index.ts';

export interface RunDaemonOptions {
  readonly paths: DaemonPaths;
  readonly logFile: LogFile;
  /** Called once, when the socket is taken. A failure is the answer to every request. */
  readonly createServices: (options: { signal: AbortSignal }) => Promise<Services>;
  readonly idleExitMs: number;
  readonly handshakeLimitMs?: number;
  /** Tells whoever has started it that another daemon listens already, and gives the exit code; by default 0, without a word. */
  readonly onTaken?: () => number;
}

/** Work that has not ended by then is left to the process's end. */
const drainLimitMs = 10_000;
/** A connection that stalls in the middle of a message for this long is closed. */
const partialMessageLimitMs = 10_000;

/**
 * Serves until the daemon is idle, retired or asked to end by a signal of the system.
 * @returns the exit code: 0, also when another daemon listens already and `onTaken` says nothing else; 3 after a bug outside any request
 */
export async function runDaemon(options: RunDaemonOptions): Promise<number> {
  const { paths, logFile, idleExitMs, handshakeLimitMs } = options;
  const log = logFile.tagged('daemon');
  // The C library has read them already, and ffmpeg is to decide for itself.
  for (const name of Object.keys(frugal.environment)) Reflect.deleteProperty(process.env, name);
  const leaving = new AbortController();
  const clients = new Set<Promise<void>>();
  let exitCode = 0;
  let leavingReason: LeavingReason | undefined;
  const listener = new Listener({
    paths,
    log,
    idleExitMs,
    ...(handshakeLimitMs === undefined ? {} : { handshakeLimitMs }),
    onClient: (socket) => {
      const served = serve(socket).catch((error: unknown) => {
        log.error('a client could not be served', { error });
      });
      clients.add(served);
      void served.then(() => clients.delete(served));
    },
  });
  const control: DaemonControl = {
    retire: () => {
      log.info('asked to retire');
      listener.retire();
    },
    end: (reason) => {
      leavingReason ??= reason;
      listener.close(reason);
    },
    status: () => {
      const { home, buildId } = paths;
      return { pid: process.pid, version, buildId, home, clients: clients.size };
    },
    get leavingReason() {
      return leavingReason;
    },
  };
  const serve = (socket: Socket): Promise<void> => {
    const reader = new SocketMessageReader(socket);
    reader.partialMessageTimeout = partialMessageLimitMs;
    reader.onPartialMessage(() => {
      // Zero stops the reader's timer, which would outlive the socket.
      reader.partialMessageTimeout = 0;
      socket.destroy();
    });
    socket.once('close', () => {
      reader.partialMessageTimeout = 0;
    });
    // Not the writer for sockets: that one closes the socket with the connection, and here it closes last.
    const rpc = createMessageConnection(reader, new StreamMessageWriter(socket), rpcLogger(log));
    const serving = serveClient(
      rpc,
      {
        services,
        control,
        log: logFile.tagged('server'),
        logFile,
        clock: systemClock,
        closeStream: () => {
          // A closed connection says that everything is let go: when the daemon leaves, that comes later.
          if (!leaving.signal.aborted) socket.destroy();
        },
      },
      { signal: leaving.signal },
    );
    // The handshake was read from a paused socket.
    socket.resume();
    return serving;
  };

  if (!(await listener.open())) {
    log.info('another daemon listens already');
    return options.onTaken?.() ?? 0;
  }
  log.info('listening', { pid: process.pid, buildId, version, home: paths.home });
  const services = options.createServices({ signal: leaving.signal });
  services.catch((error: unknown) => {
    log.error('the service could not be started', { error });
  });
  const stopOn = (signal: NodeJS.Signals): void => {
    leavingReason ??= 'stopped';
    listener.close(signal);
  };
  const onBug = (error: unknown): void => {
    log.error('a bug outside any request; the daemon leaves', { error });
    exitCode = 3;
    listener.close('bug');
  };
  process.once('SIGTERM', stopOn).once('SIGINT', stopOn);
  process.once('uncaughtException', onBug);
  process.on('unhandledRejection', (error) => {
    log.error('a promise nobody waited for failed; the daemon lives on', { error });
  });

  log.info('leaving', { reason: await listener.closed });
  leaving.abort();
  const drained = drain(clients, services).catch((error: unknown) => {
    log.error('the service could not be freed', { error });
  });
  const limit = new AbortController();
  const inTime = await Promise.race([
    drained.then(() => true),
    systemClock.sleep(drainLimitMs, { signal: limit.signal }).then(
      () => false,
      () => true,
    ),
  ]);
  limit.abort();
  if (!inTime) log.warning('work did not end in time');
  listener[Symbol.dispose]();
  log.info('gone');
  return exitCode;
}

async function drain(
  clients: ReadonlySet<Promise<void>>,
  services: Promise<Services>,
): Promise<void> {
  await Promise.all(clients);
  const running = await services.catch(() => undefined);
  await running?.[Symbol.asyncDispose]();
}

function rpcLogger(log: Log): Logger {
  const tell = (message: string): void => {
    log.debug(message);
  };
  return { error: tell, warn: tell, info: tell, log: tell };
}
