/** Reaches the daemon's socket; the first of several clients starts the daemon, under a lock, the others wait for it. */
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, renameSync, rmSync, statSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { systemClock } from '../base/clock.ts';
import { AppError } from '../base/errors.ts';
import { frugal, isAlive } from '../base/processes.ts';
import { findNode } from './nodeBinary.ts';
import { createExclusively, readIfThere, type DaemonPaths } from './paths.ts';

export interface DaemonProgram {
  /** Absolute path of the daemon's script. */
  readonly script: string;
  /** Where the looking for the pinned Node begins. */
  readonly packageFolder: string;
  /** Follow `--home DIR`. */
  readonly arguments?: readonly string[];
  /** How long a start may take, until the socket answers. */
  readonly startLimitMs?: number;
}

/** @source a cold start takes 0.3 s here; a busy laptop with a virus scanner has been seen to take ten times that */
const defaultStartLimitMs = 30_000;
const pollMs = 25;

/**
 * Connects to the daemon of these paths, and starts it when nobody listens.
 * @returns an open socket, nothing sent yet, and whether this call started the daemon
 * @throws AppError "daemon.startFailed" | "connection.refused"
 */
export async function reachDaemon(
  paths: DaemonPaths,
  program: DaemonProgram,
  { signal }: { signal: AbortSignal },
): Promise<{ socket: Socket; wasStarted: boolean }> {
  const limitMs = program.startLimitMs ?? defaultStartLimitMs;
  const deadline = systemClock.monotonicMs() + limitMs;
  for (;;) {
    const socket = await tryConnect(paths.socket);
    if (socket) return { socket, wasStarted: false };
    if (takeLock(paths, limitMs)) {
      try {
        // Another client may have started it between our look and our lock.
        const early = await tryConnect(paths.socket);
        if (early) return { socket: early, wasStarted: false };
        return { socket: await start(paths, program, { deadline, signal }), wasStarted: true };
      } finally {
        rmSync(paths.startLock, { force: true });
      }
    }
    if (systemClock.monotonicMs() > deadline) {
      throw new AppError(
        'daemon.startFailed',
        'Another process is starting the daemon and does not finish.',
      );
    }
    await systemClock.sleep(pollMs, { signal });
  }
}

/** One attempt. @returns undefined when nobody listens there. @throws AppError "connection.refused" when not allowed in. */
export function tryConnect(address: string): Promise<Socket | undefined> {
  return new Promise((resolve, reject) => {
    const socket = connect(address);
    const onError = (cause: NodeJS.ErrnoException): void => {
      socket.destroy();
      if (cause.code === 'EACCES' || cause.code === 'EPERM') {
        reject(new AppError('connection.refused', undefined, { cause }));
      } else {
        resolve(undefined);
      }
    };
    socket.once('error', onError);
    socket.once('connect', () => {
      socket.off('error', onError);
      resolve(socket);
    });
  });
}

function takeLock({ startLock }: DaemonPaths, limitMs: number): boolean {
  const owner = Number(readIfThere(startLock));
  const madeMs = statSync(startLock, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  // A dead owner's id may be in use again, hence the age.
  const isStale = owner > 0 && (!isAlive(owner) || systemClock.now() - madeMs > 2 * limitMs);
  if (isStale) {
    try {
      // Of several clients that find it, one moves it away; the others fail here and look again.
      renameSync(startLock, `${startLock}.${process.pid}`);
      rmSync(`${startLock}.${process.pid}`, { force: true });
    } catch {
      return false;
    }
  }
  return createExclusively(startLock, String(process.pid));
}

async function start(
  paths: DaemonPaths,
  program: DaemonProgram,
  { deadline, signal }: { deadline: number; signal: AbortSignal },
): Promise<Socket> {
  const child = spawnDetached(paths, program);
  let problem: string | undefined;
  child.once('error', (error) => {
    problem = error.message;
  });
  child.once('exit', (code, by) => {
    // 0: it found a daemon that already listens.
    if (code !== 0) problem = `it ended at once (${by ?? `exit code ${code ?? 'unknown'}`})`;
  });
  for (;;) {
    const socket = await tryConnect(paths.socket);
    if (socket) return socket;
    if (systemClock.monotonicMs() > deadline) {
      child.kill();
      problem = 'it did not answer in time';
    }
    if (problem !== undefined) throw startFailure(paths, problem);
    await systemClock.sleep(pollMs, { signal });
  }
}

const nodeFlags = [
  ...['--enable-source-maps', ...frugal.nodeFlags],
  // Companies sign what comes from outside with a certificate that only the system knows.
  '--use-system-ca',
];
/** Never asked of a proxy: transcribers and models that run here. */
const localHosts = ['localhost', '127.0.0.1', '::1'];

function spawnDetached(paths: DaemonPaths, program: DaemonProgram): ChildProcess {
  const node = findNode(program.packageFolder);
  const output = openSync(paths.output, 'w', 0o600);
  // What an editor or a test runner adds for its own children must not reach a process that outlives it.
  const env: NodeJS.ProcessEnv = { ...frugal.environment, ...process.env };
  delete env.NODE_OPTIONS;
  delete env.ELECTRON_RUN_AS_NODE;
  // `fetch` heeds HTTP_PROXY, HTTPS_PROXY and NO_PROXY.
  env.NODE_USE_ENV_PROXY = '1';
  env.NO_PROXY = [env.NO_PROXY ?? env.no_proxy, ...localHosts].filter(Boolean).join(',');
  try {
    const child = spawn(
      node,
      [...nodeFlags, program.script, '--home', paths.home, ...(program.arguments ?? [])],
      {
        cwd: paths.home,
        detached: true,
        stdio: ['ignore', output, output],
        env,
        windowsHide: true,
      },
    );
    child.unref();
    return child;
  } finally {
    closeSync(output);
  }
}

function startFailure(paths: DaemonPaths, problem: string): AppError {
  const said = (readIfThere(paths.output) ?? '').trim().split('\n').slice(-20).join('\n');
  return new AppError(
    'daemon.startFailed',
    `The daemon could not be started: ${problem}; its log is ${paths.log}.`,
    { data: { output: said } },
  );
}
