/** From nothing to an open connection: find the daemon or start it, show the handshake, ask older builds to leave. */
import { readdirSync, rmSync } from 'node:fs';
import type { Socket } from 'node:net';
import path from 'node:path';
import {
  protocolVersion,
  retire,
  type Handshake,
  type NotificationMethod,
  type RequestMethod,
} from '../../protocol/index.ts';
import { version } from '../base/buildInfo.ts';
import { systemClock } from '../base/clock.ts';
import { AppError, isAppError } from '../base/errors.ts';
import { isAlive } from '../base/processes.ts';
import { DaemonConnection } from './connection.ts';
import {
  preparePaths,
  readIfThere,
  readToken,
  type DaemonPaths,
  type DaemonRecord,
} from './paths.ts';
import { reachDaemon, tryConnect, type DaemonProgram } from './spawnDaemon.ts';

export interface ConnectOptions {
  /** Absolute home folder, as `resolveHome` gives it. */
  readonly home: string;
  readonly program: DaemonProgram;
  /** Only tests speak for another build. */
  readonly buildId?: string;
}

/** The part of LSP `initialize` that the daemon reads, with the process id that it logs. */
interface InitializeParams {
  readonly processId: number;
  readonly clientInfo: { readonly name: string; readonly version: string };
  readonly rootUri: null;
  readonly capabilities: Record<string, never>;
  readonly initializationOptions: Handshake;
}

/** @source LSP 3.17, "initialize" and "initialized" */
const initialize: RequestMethod<InitializeParams, unknown> = { method: 'initialize' };
const initialized: NotificationMethod<Record<string, never>> = { method: 'initialized' };

/** How long the daemon may take to answer `initialize`. */
const handshakeLimitMs = 15_000;
/** A daemon that is just leaving closes new connections for a moment; the next try starts another. */
const attempts = 4;
const pauseMs = 100;
/** An older build that does not answer within this is left alone. */
const retireLimitMs = 2000;

/**
 * Connects to the daemon of this build and home; starts it when needed.
 * @throws AppError "daemon.startFailed" | "connection.refused"; the signal's reason after an abort
 */
export async function connectDaemon(
  options: ConnectOptions,
  { signal }: { signal: AbortSignal },
): Promise<DaemonConnection> {
  for (let attempt = 1; ; attempt++) {
    const { socket, paths } = await openDaemonSocket(options, { signal });
    try {
      return await shakeHands(socket, handshakeOf(paths), { signal });
    } catch (error) {
      if (attempt === attempts || !isAppError(error, 'connection.refused')) throw error;
    }
    await systemClock.sleep(pauseMs, { signal });
  }
}

/**
 * Connects to the daemon of this build and home if one runs; starts none.
 * @throws AppError "connection.refused"; the signal's reason after an abort
 */
export async function findDaemon(
  { home, buildId }: Pick<ConnectOptions, 'home' | 'buildId'>,
  { signal }: { signal: AbortSignal },
): Promise<DaemonConnection | undefined> {
  const paths = preparePaths({ home, ...(buildId === undefined ? {} : { buildId }) });
  const socket = await tryConnect(paths.socket);
  return socket && shakeHands(socket, handshakeOf(paths), { signal });
}

/** The socket alone, for a client that speaks LSP itself and sends `handshakeOf(paths)` in its own `initialize`. */
export async function openDaemonSocket(
  { home, program, buildId }: ConnectOptions,
  { signal }: { signal: AbortSignal },
): Promise<{ socket: Socket; paths: DaemonPaths }> {
  const paths = preparePaths({ home, ...(buildId === undefined ? {} : { buildId }) });
  const { socket, wasStarted } = await reachDaemon(paths, program, { signal });
  if (wasStarted) await retireOtherBuilds(paths, { signal });
  return { socket, paths };
}

/** What lets a client in. */
export function handshakeOf(paths: DaemonPaths): Handshake {
  return { protocolVersion, buildId: paths.buildId, token: readToken(paths) };
}

/**
 * Opens LSP on a fresh socket.
 * @throws AppError "connection.refused" when the daemon closes it, or does not answer in time
 */
export async function shakeHands(
  socket: Socket,
  handshake: Handshake,
  { signal }: { signal: AbortSignal },
): Promise<DaemonConnection> {
  const connection = DaemonConnection.overSocket(socket);
  const limit = AbortSignal.timeout(handshakeLimitMs);
  try {
    await connection.request(
      initialize,
      {
        processId: process.pid,
        clientInfo: { name: 'codealong', version },
        rootUri: null,
        capabilities: {},
        initializationOptions: handshake,
      },
      { signal: AbortSignal.any([signal, limit]) },
    );
    connection.notify(initialized, {});
    return connection;
  } catch (cause) {
    connection.close();
    signal.throwIfAborted();
    throw new AppError('connection.refused', undefined, { cause });
  }
}

/** Asks daemons of other builds in this home to leave at their last lease. Never fails: they also leave by themselves. */
async function retireOtherBuilds(
  own: DaemonPaths,
  { signal }: { signal: AbortSignal },
): Promise<void> {
  const limited = AbortSignal.any([signal, AbortSignal.timeout(retireLimitMs)]);
  const records = readdirSync(own.runFolder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => path.join(own.runFolder, name))
    .filter((file) => file !== own.record);
  await Promise.all(
    records.map(async (file) => {
      try {
        const record = JSON.parse(readIfThere(file) ?? '') as DaemonRecord;
        if (!isAlive(record.pid)) {
          rmSync(file, { force: true });
          return;
        }
        const socket = await tryConnect(record.socket);
        if (!socket) return;
        const { protocolVersion, buildId } = record;
        const handshake = { protocolVersion, buildId, token: readToken(own) };
        using connection = await shakeHands(socket, handshake, { signal: limited });
        await connection.request(retire, {}, { signal: limited });
      } catch {
        // It may be of a build that no longer understands us, or has just left.
      }
    }),
  );
}
