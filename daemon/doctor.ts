/** Looks at everything the program needs and says what is missing, and how to mend it. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat, statfs, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DoctorCheck, DoctorReport } from '../protocol/index.ts';
import { catalogue, isAppError, toError } from './base/errors.ts';
import { packName, type PackManifest } from './weights/manifest.ts';

/** A model pack as the doctor was told of it: good, or why it is not. */
type PackFinding =
  | { readonly kind: 'valid'; readonly folder: string; readonly manifest: PackManifest }
  | { readonly kind: 'invalid'; readonly folder: string; readonly error: Error };

type Probe<Finding> = (options: { signal: AbortSignal }) => Promise<Finding>;

/** What the doctor looks at. A probe that fails says why by what it throws. */
export interface DoctorParts {
  /** Of Codealong itself. */
  readonly version: string;
  /** As in `process.version`. */
  readonly nodeVersion: string;
  /** Major version that the daemon is built for. */
  readonly pinnedNodeMajor: number;
  readonly home: string;
  /** A path on Unix, a pipe name on Windows. */
  readonly socket: string;
  /** The log file, which remedies speak of. */
  readonly log: string;
  readonly engine: Probe<{
    readonly release: string;
    readonly devices: readonly string[];
    readonly libraryPath: string;
  }>;
  readonly ffmpeg: Probe<{ readonly path: string; readonly version: string }>;
  readonly packs: Probe<readonly PackFinding[]>;
  readonly hasFullTextSearch: () => boolean;
  /** A probe that takes longer counts as failed. Default 15 s: loading a GPU library for the first time is slow. */
  readonly probeTimeoutMs?: number;
}

/** Below this the store will soon not be writable: an hour of video takes a few megabytes, a model download far more. */
const scarceBytes = 500e6;
const defaultProbeTimeoutMs = 15_000;

/** Runs every check; one that fails never stops the others. */
export async function examine(
  parts: DoctorParts,
  { signal }: { signal: AbortSignal },
): Promise<DoctorReport> {
  const timeLimit = AbortSignal.timeout(parts.probeTimeoutMs ?? defaultProbeTimeoutMs);
  const options = { signal: AbortSignal.any([signal, timeLimit]) };
  const checks = await Promise.all([
    guard('node', () => Promise.resolve([checkNode(parts)]), options.signal),
    guard('engine', () => checkEngine(parts, options), options.signal),
    guard('ffmpeg', () => checkFfmpeg(parts, options), options.signal),
    guard('models', () => checkPacks(parts, options), options.signal),
    guard('home', () => checkHome(parts.home), options.signal),
    guard('store', () => Promise.resolve([checkStore(parts)]), options.signal),
    guard('socket', () => checkSocket(parts.socket), options.signal),
    Promise.resolve([{ name: 'log', status: 'ok' as const, detail: parts.log }]),
  ]);
  signal.throwIfAborted();
  return { version: parts.version, checks: checks.flat() };
}

/** Turns what a check throws, or its silence, into a finding. */
async function guard(
  name: string,
  look: () => Promise<DoctorCheck[]>,
  signal: AbortSignal,
): Promise<DoctorCheck[]> {
  const silence = Promise.withResolvers<never>();
  const onAbort = (): void => {
    silence.reject(new Error('it did not answer in time'));
  };
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([look(), silence.promise]);
  } catch (thrown) {
    return [failed(name, thrown)];
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}

function failed(name: string, thrown: unknown): DoctorCheck {
  const error = toError(thrown);
  const remedy = isAppError(error) ? error.remedy : catalogue.internal.remedy;
  return { name, status: 'missing', detail: error.message, remedy };
}

function checkNode({ nodeVersion, pinnedNodeMajor }: DoctorParts): DoctorCheck {
  const isPinned = nodeVersion.startsWith(`v${pinnedNodeMajor}.`);
  return {
    name: 'node',
    ...(isPinned
      ? { status: 'ok', detail: nodeVersion }
      : {
          status: 'warning',
          detail: `The daemon runs on ${nodeVersion} and is built for version ${pinnedNodeMajor}.`,
          remedy: `Start it with Node ${pinnedNodeMajor}; the installation brings one.`,
        }),
  };
}

async function checkEngine(
  { engine }: DoctorParts,
  options: { signal: AbortSignal },
): Promise<DoctorCheck[]> {
  const { release, devices, libraryPath } = await engine(options);
  const where = devices.length === 0 ? 'CPU' : devices.join(', ');
  return [
    { name: 'engine', status: 'ok', detail: `llama.cpp ${release} on ${where}: ${libraryPath}` },
  ];
}

async function checkFfmpeg(
  { ffmpeg }: DoctorParts,
  options: { signal: AbortSignal },
): Promise<DoctorCheck[]> {
  const { path, version } = await ffmpeg(options);
  return [{ name: 'ffmpeg', status: 'ok', detail: `${version}: ${path}` }];
}

async function checkPacks(
  { packs }: DoctorParts,
  options: { signal: AbortSignal },
): Promise<DoctorCheck[]> {
  const findings = await packs(options);
  const checks = findings.map((finding): DoctorCheck => {
    if (finding.kind === 'invalid') return failed(`model ${finding.folder}`, finding.error);
    const { manifest, folder } = finding;
    return { name: `model ${packName(manifest)}`, status: 'ok', detail: folder };
  });
  if (checks.some((check) => check.status === 'ok')) return checks;
  const none: DoctorCheck = {
    name: 'models',
    status: 'missing',
    detail: 'No model pack can be used.',
    remedy: 'Install Codealong again, or put a model pack into the folder "models" of its home.',
  };
  return [...checks, none];
}

async function checkHome(home: string): Promise<DoctorCheck[]> {
  const probe = join(home, `.probe-${randomUUID()}`);
  try {
    await mkdir(home, { recursive: true, mode: 0o700 });
    await writeFile(probe, '');
    await rm(probe);
  } catch (error) {
    return [
      {
        name: 'home',
        status: 'missing',
        detail: `${home} cannot be written: ${toError(error).message}.`,
        remedy: 'Make the folder writable, or choose another one with --home or CODEALONG_HOME.',
      },
    ];
  }
  const { bavail, bsize } = await statfs(home);
  const freeBytes = bavail * bsize;
  const detail = `${home}, ${(freeBytes / 1e9).toFixed(1)} GB free`;
  if (freeBytes >= scarceBytes) return [{ name: 'home', status: 'ok', detail }];
  return [{ name: 'home', status: 'warning', detail, remedy: 'Make room on this disk.' }];
}

function checkStore({ hasFullTextSearch }: DoctorParts): DoctorCheck {
  if (hasFullTextSearch()) return { name: 'store', status: 'ok', detail: 'SQLite with FTS5' };
  return {
    name: 'store',
    status: 'missing',
    detail: "This Node's SQLite has no full-text search (FTS5).",
    remedy: 'Start the daemon with the Node that the installation brings.',
  };
}

/** Others on this machine must not reach the socket; a named pipe guards itself. */
async function checkSocket(socket: string): Promise<DoctorCheck[]> {
  if (socket.startsWith('\\\\')) return [{ name: 'socket', status: 'ok', detail: socket }];
  const folder = dirname(socket);
  const { mode, uid } = await stat(folder);
  const isOwn = process.getuid === undefined || uid === process.getuid();
  if (isOwn && (mode & 0o077) === 0) return [{ name: 'socket', status: 'ok', detail: socket }];
  return [
    {
      name: 'socket',
      status: 'warning',
      detail: isOwn
        ? `Others may enter ${folder}, where the daemon listens.`
        : `${folder}, where the daemon listens, belongs to somebody else.`,
      remedy: isOwn ? `Run "chmod 700 ${folder}".` : 'Choose another home with --home.',
    },
  ];
}
