/** Where a daemon and its clients meet: one home folder, and a socket whose name tells users, homes and builds apart. */
import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { homedir, userInfo } from 'node:os';
import path from 'node:path';
import { protocolVersion } from '../../protocol/index.ts';
import { buildId as ownBuildId } from '../base/buildInfo.ts';
import { AppError } from '../base/errors.ts';

export interface DaemonPaths {
  /** Absolute; holds everything the daemon keeps. */
  readonly home: string;
  readonly buildId: string;
  /** A path on Unix, a pipe name on Windows. */
  readonly socket: string;
  /** Held while a client starts the daemon; holds the client's process id. */
  readonly startLock: string;
  /** Who listens on the socket, a `DaemonRecord`; there as long as the daemon is. */
  readonly record: string;
  /** All records of this home lie here, one for each build that runs. */
  readonly runFolder: string;
  readonly token: string;
  readonly log: string;
  /** What the process printed itself: start failures and native crashes. Emptied at each start. */
  readonly output: string;
}

/** What a daemon says about itself in its record, so that another build can ask it to leave. */
export interface DaemonRecord {
  readonly pid: number;
  readonly buildId: string;
  readonly protocolVersion: number;
  readonly socket: string;
}

/**
 * Longest Unix socket path that every system takes, in bytes.
 * @source sun_path has 104 bytes on macOS and 108 on Linux, the closing zero included
 */
const maxSocketPathBytes = 103;

/**
 * The home folder: the argument, else `CODEALONG_HOME`, else `~/.codealong`.
 * @param home as the user wrote it, or undefined
 */
export function resolveHome(home?: string): string {
  const variable = process.env.CODEALONG_HOME;
  const chosen = home ?? (variable === '' ? undefined : variable);
  return path.resolve(chosen ?? path.join(homedir(), '.codealong'));
}

/**
 * Makes the private folders and names everything in them.
 * @throws AppError "store.unavailable" when the home cannot be made
 * @throws AppError "connection.refused" when the folder of the socket belongs to somebody else
 */
export function preparePaths({
  home,
  buildId = ownBuildId,
}: {
  home: string;
  buildId?: string;
}): DaemonPaths {
  const realHome = makeHome(home);
  const runFolder = path.join(realHome, 'run');
  const key = [protocolVersion, buildId, userInfo().username, realHome].join('\n');
  const name = createHash('sha256').update(key).digest('hex').slice(0, 16);
  return {
    home: realHome,
    buildId,
    socket: socketPath(runFolder, name),
    startLock: path.join(runFolder, `${name}.starting`),
    record: path.join(runFolder, `${name}.json`),
    runFolder,
    token: path.join(realHome, 'token'),
    log: path.join(realHome, 'log', 'daemon.log'),
    output: path.join(realHome, 'log', 'daemon.out'),
  };
}

/** The secret that lets a client in; made by whoever comes first, readable by its user only. */
export function readToken({ token: file }: DaemonPaths): string {
  const known = readIfThere(file);
  if (known) return known;
  createExclusively(file, randomBytes(32).toString('hex'));
  return readFileSync(file, 'utf8');
}

/** Makes a file that only one process can make; readers never see half of it. @returns false when it was there already */
export function createExclusively(file: string, content: string): boolean {
  // A link appears whole or not at all, and fails when another process was faster.
  const draft = `${file}.${process.pid}.${randomBytes(4).toString('hex')}`;
  writeFileSync(draft, content, { mode: 0o600, flag: 'wx' });
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  } finally {
    rmSync(draft, { force: true });
  }
}

/** The text of a file, or undefined when there is none. */
export function readIfThere(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function makeHome(home: string): string {
  try {
    mkdirSync(home, { recursive: true, mode: 0o700 });
    // A home that was there before keeps its rights; what is private lies in folders of our own.
    for (const name of ['run', 'log']) {
      const folder = path.join(home, name);
      mkdirSync(folder, { recursive: true, mode: 0o700 });
      chmodSync(folder, 0o700);
    }
    return realpathSync(home);
  } catch (cause) {
    throw new AppError('store.unavailable', `The folder ${home} cannot be made.`, { cause });
  }
}

function socketPath(runFolder: string, name: string): string {
  if (process.platform === 'win32') return String.raw`\\.\pipe\codealong-${name}`;
  const inHome = path.join(runFolder, `${name}.sock`);
  if (Buffer.byteLength(inHome) <= maxSocketPathBytes) return inHome;
  // Not the temporary folder of the environment: two clients may see different ones.
  const uid = userInfo().uid;
  const folder = `/tmp/codealong-${uid}`;
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const status = lstatSync(folder);
  if (!status.isDirectory() || status.uid !== uid || (status.mode & 0o077) !== 0) {
    throw new AppError(
      'connection.refused',
      `The folder ${folder} is not private to this user; the home folder's path is too long for a socket.`,
    );
  }
  return path.join(folder, `${name}.sock`);
}
