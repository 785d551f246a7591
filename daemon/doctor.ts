/** Looks at everything the program needs and says what is missing, and how to mend it. */
import { randomUUID } from 'node:crypto';
import { mkdir, rm, stat, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { DoctorCheck, DoctorReport, GpuLibrary } from '../protocol/index.ts';
import { freeBytesOn } from './base/diskRoom.ts';
import { catalogue, isAppError, toError } from './base/errors.ts';
import type { ChatServer } from './endpoint/chatServer.ts';
import type { CaptureFinding } from './media/captureTrial.ts';
import { soundRateHz } from './media/hearingArgs.ts';
import type { Transcriber } from './media/transcriber.ts';
import type { MediaProbe } from './media/mediaProbe.ts';
import { planPlayback } from './media/playbackPlan.ts';
import type { VisionPlace } from './perception/visionProviders.ts';
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
    /** On all devices together, now. */
    readonly deviceFreeBytes: number;
    /** It leaves graphics cards out because it crashed again and again. */
    readonly isCautious: boolean;
  }>;
  /** Makers of the graphics cards that the system knows. */
  readonly graphicsCards: Probe<readonly string[]>;
  /** What lets llama.cpp compute on them. */
  readonly gpuLibraries: Probe<readonly GpuLibrary[]>;
  /** Where the model's pictures are computed; nowhere for one that sees none, left out for one on a server. */
  readonly pictures?: Probe<VisionPlace | undefined>;
  readonly ffmpeg: Probe<{ readonly path: string; readonly version: string }>;
  /** What that ffmpeg encodes. */
  readonly encoders: Probe<ReadonlySet<string>>;
  /** Captures one picture of the screen. */
  readonly capture: Probe<CaptureFinding>;
  /** Installed tools that find the video in a web page, with their versions. */
  readonly pageTools: Probe<readonly string[]>;
  /** What is spoken in live sources is sent there; nobody listens without it. */
  readonly transcriber?: Pick<Transcriber, 'place' | 'transcribe'>;
  /** The server of the model that watches, when it runs on one. */
  readonly modelServer?: Pick<ChatServer, 'place' | 'connect'>;
  /** Serves something to itself. */
  readonly mediaServer: Probe<{ readonly address: string }>;
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
    guard('pictures', () => checkPictures(parts, options), options.signal),
    guard('ffmpeg', () => checkFfmpeg(parts, options), options.signal),
    guard('playable copies', () => checkCopies(parts, options), options.signal),
    guard('screen', () => checkCapture(parts, options), options.signal),
    guard('web pages', () => checkPageTools(parts, options), options.signal),
    guard('speech', () => checkTranscriber(parts, options), options.signal),
    guard('model server', () => checkModelServer(parts, options), options.signal),
    guard('media server', () => checkMediaServer(parts, options), options.signal),
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
  { engine, graphicsCards, gpuLibraries }: DoctorParts,
  options: { signal: AbortSignal },
): Promise<DoctorCheck[]> {
  const { release, devices, libraryPath, deviceFreeBytes, isCautious } = await engine(options);
  const libraries = await gpuLibraries(options);
  const name = 'engine';
  const damaged = libraries.find(({ state }) => state === 'damaged' || state === 'outdated');
  const free = `${(deviceFreeBytes / 1e9).toFixed(1)} GB free`;
  const place = devices.length > 0 ? `${devices.join(', ')} (${free})` : 'CPU';
  const detail = `llama.cpp ${release} on ${place}: ${libraryPath}`;
  if (damaged) {
    const why = damaged.problem ?? 'It belongs to another version of Codealong.';
    const remedy = `Install it again: "codealong gpu install ${damaged.type}".`;
    const broken = `${detail}; the library for ${damaged.type} cannot be used. ${why}`;
    return [{ name, status: 'warning', detail: broken, remedy }];
  }
  if (devices.length > 0) return [{ name, status: 'ok', detail }];
  const cards = await graphicsCards(options);
  if (cards.length === 0) return [{ name, status: 'ok', detail }];
  if (isCautious) {
    const left = `${detail}; the engine crashed again and again, so the graphics card (${cards.join(', ')}) is left out.`;
    const remedy = 'Update the driver of the graphics card, then restart the daemon.';
    return [{ name, status: 'warning', detail: left, remedy }];
  }
  const unused = `a graphics card (${cards.join(', ')}) is there and not used`;
  const remedy = remedyForCard(libraries);
  return [{ name, status: 'warning', detail: `${detail}; ${unused}.`, remedy }];
}

/** Of a card that nothing computes on. @param libraries that there are for this system, the best first */
function remedyForCard(libraries: readonly GpuLibrary[]): string {
  if (libraries.length === 0) {
    return 'There is no library for graphics cards for this system: where watching falls behind, choose a smaller model, or one on a server.';
  }
  const driver = 'Install the driver of the card, with Vulkan or CUDA';
  const supported = libraries.filter(({ isSupported }) => isSupported);
  if (supported.length === 0) return `${driver}, then run "codealong gpu install".`;
  const missing = supported.find(({ state }) => state === 'absent');
  if (!missing) {
    return `${driver}, and restart the daemon: the one that is there shows llama.cpp no card.`;
  }
  return `Run "codealong gpu install ${missing.type}"; in the editor, "Choose Model…" offers the same.`;
}

/** A large encoder on a processor keeps nobody from watching; it falls behind. */
async function checkPictures(
  { pictures }: DoctorParts,
  options: { signal: AbortSignal },
): Promise<DoctorCheck[]> {
  const name = 'pictures';
  const place = await pictures?.(options);
  if (!place) return [];
  const { provider, failures } = place;
  if (provider !== 'cpu') return [{ name, status: 'ok', detail: `computed by ${provider}` }];
  const detail = 'computed on the CPU';
  if (failures.length === 0) return [{ name, status: 'ok', detail }];
  const reasons = failures.map(({ provider: tried, reason }) => `${tried}: ${reason}`).join('; ');
  return [
    {
      ...{ name, status: 'warning' },
      detail: `${detail}, which is slow for this model: no other way starts (${reasons}).`,
      remedy:
        'Update the driver of the graphics card; where watching falls behind, choose a model with a smaller encoder.',
    },
  ];
}

async function checkFfmpeg(
  { ffmpeg }: DoctorParts,
  options: { signal: AbortSignal },
): Promise<DoctorCheck[]> {
  const { path, version } = await ffmpeg(options);
  return [{ name: 'ffmpeg', status: 'ok', detail: `${version}: ${path}` }];
}

/** A video that an editor plays neither as it is nor in part: what becomes of it becomes of every other. */
const unplayable: MediaProbe = {
  containers: ['matroska', 'webm'],
  ...{ width: 1920, height: 1080, isRotated: false, chapters: [] },
  video: { index: 0, codec: 'hevc', pixelFormat: 'yuv420p', rateFps: 30 },
  audio: { index: 1, codec: 'aac' },
};

/** Copies for the editor's player are made by whatever this ffmpeg encodes; without them it shows less, and watching goes on. */
async function checkCopies(
  { encoders }: DoctorParts,
  options: { signal: AbortSignal },
): Promise<DoctorCheck[]> {
  const name = 'playable copies';
  const facts = { probe: unplayable, isWebm: false, failed: new Set<string>() };
  const known = await encoders(options).catch((error: unknown) => {
    // Said once is enough.
    if (isAppError(error, 'ffmpeg.missing')) return undefined;
    throw error;
  });
  if (!known) return [];
  const plan = planPlayback({ ...facts, encoders: known });
  const remedy = 'Install an ffmpeg that encodes H.264 (libx264) and MP3 (libmp3lame).';
  if (plan.kind !== 'copy') {
    const detail = 'This ffmpeg encodes neither H.264 nor VP8: some videos cannot be played.';
    return [{ name, status: 'warning', detail, remedy }];
  }
  const { container, video, audio } = plan;
  const pictures = `${container === 'mp4' ? 'H.264' : 'VP8'} by ${video}`;
  if (audio === undefined) {
    return [{ name, status: 'warning', detail: `${pictures}, without sound`, remedy }];
  }
  const detail = `${pictures}, sound by ${audio}`;
  if (container === 'mp4') return [{ name, status: 'ok', detail }];
  return [{ name, status: 'warning', detail: `${detail}; that takes long`, remedy }];
}

/** Watching the screen is one thing among others: what keeps from it is no reason to call the program broken. */
async function checkCapture(
  { capture }: DoctorParts,
  options: { signal: AbortSignal },
): Promise<DoctorCheck[]> {
  const name = 'screen';
  try {
    const { used, grabbers } = await capture(options);
    const others = grabbers.filter((grabber) => grabber !== used);
    const also = others.length === 0 ? '' : `; this ffmpeg has ${others.join(', ')}, too`;
    return [{ name, status: 'ok', detail: `can be captured by ${used}${also}` }];
  } catch (error) {
    options.signal.throwIfAborted();
    // Said once is enough.
    if (isAppError(error, 'ffmpeg.missing')) return [];
    if (!isAppError(error)) throw error;
    return [{ name, status: 'warning', detail: error.message, remedy: error.remedy }];
  }
}

async function checkPageTools(
  { pageTools }: DoctorParts,
  options: { signal: AbortSignal },
): Promise<DoctorCheck[]> {
  const found = await pageTools(options);
  const none = 'neither yt-dlp nor streamlink is installed; addresses of streams need none';
  return [
    { name: 'web pages', status: 'ok', detail: found.length === 0 ? none : found.join(', ') },
  ];
}

/** A second of silence, answered as what is spoken would be. */
async function checkTranscriber(
  { transcriber }: DoctorParts,
  options: { signal: AbortSignal },
): Promise<DoctorCheck[]> {
  const name = 'speech';
  if (!transcriber) return [{ name, status: 'ok', detail: 'off: nothing that is spoken is sent' }];
  const { host, isLocal } = transcriber.place;
  const sent = `what is spoken live is sent to ${host}${isLocal ? ', which is this machine' : ''}`;
  try {
    await transcriber.transcribe(new Int16Array(soundRateHz), options);
    return [{ name, status: 'ok', detail: sent }];
  } catch (error) {
    options.signal.throwIfAborted();
    const { message, cause } = toError(error);
    const why = cause instanceof Error && cause.message !== '' ? cause.message : message;
    const detail = `${sent}, and cannot be transcribed there: ${why}.`;
    const remedy =
      'Start the server, or mend its address: whisper.cpp ends with /inference, others with /v1/audio/transcriptions; a key belongs into CODEALONG_TRANSCRIBER_KEY.';
    return [{ name, status: 'warning', detail, remedy }];
  }
}

/** Where what is watched goes, and what the model there can do. */
async function checkModelServer(
  { modelServer }: DoctorParts,
  options: { signal: AbortSignal },
): Promise<DoctorCheck[]> {
  const name = 'model server';
  if (!modelServer) return [];
  const { host, isLocal } = modelServer.place;
  const sent = `what is watched is sent to ${host}${isLocal ? ', which is this machine' : ''}`;
  try {
    const { model, contextTokens, pictures, tellsProbabilities } =
      await modelServer.connect(options);
    const facts = [
      ...(contextTokens === undefined ? [] : [`${contextTokens} positions`]),
      tellsProbabilities ? 'tells how sure it is' : 'answers by yes or no alone',
      ...(pictures === 'seen' ? ['sees pictures'] : []),
    ].join(', ');
    const detail = `${sent}: ${model}, ${facts}`;
    if (pictures === 'seen') return [{ name, status: 'ok', detail }];
    const blind =
      pictures === 'refused'
        ? 'it takes no pictures: it watches by the text on screen alone'
        : 'it takes pictures, and does not tell a red one from a blue one';
    const remedy = 'Choose a model on that server that sees pictures.';
    return [{ name, status: 'warning', detail: `${detail}; ${blind}.`, remedy }];
  } catch (error) {
    options.signal.throwIfAborted();
    if (!isAppError(error)) throw error;
    return [{ name, status: 'missing', detail: error.message, remedy: error.remedy }];
  }
}

async function checkMediaServer(
  { mediaServer }: DoctorParts,
  options: { signal: AbortSignal },
): Promise<DoctorCheck[]> {
  const name = 'media server';
  try {
    const { address } = await mediaServer(options);
    return [{ name, status: 'ok', detail: `serves players of this machine at ${address}` }];
  } catch (error) {
    options.signal.throwIfAborted();
    const detail = `Players of this machine cannot be served: ${toError(error).message}`;
    const remedy = 'Let programs of this machine reach each other over 127.0.0.1.';
    return [{ name, status: 'warning', detail, remedy }];
  }
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
  const freeBytes = await freeBytesOn(home);
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
