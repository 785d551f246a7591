/** Entry of the daemon: reads its arguments and constructs every concrete class. */
import { createRequire } from 'node:module';
import os from 'node:os';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { LoadedPack } from './assistant/collaborators.ts';
import { SessionManager } from './assistant/sessionManager.ts';
import { version } from './base/buildInfo.ts';
import { systemClock } from './base/clock.ts';
import { roomOn } from './base/diskRoom.ts';
import { isAppError, toError } from './base/errors.ts';
import { DisposalStack } from './base/lifetime.ts';
import { reportFailure } from './base/incidents.ts';
import { LogFile, logLevels, type Log } from './base/log.ts';
import { preparePaths, resolveHome, type DaemonPaths } from './client/paths.ts';
import { examine, type DoctorParts } from './doctor.ts';
import { gpuTypes, servedModel } from '../protocol/index.ts';
import type { ChatServer } from './endpoint/chatServer.ts';
import { EngineProcess } from './engine/engineProcess.ts';
import { findGraphicsCards } from './graphicsCards.ts';
import { HubServer } from './hub/hubServer.ts';
import { HubTokens } from './hub/tokens.ts';
import { isHubAddress } from './hubPacks.ts';
import { Library } from './library.ts';
import { CodeReader } from './code/codeReader.ts';
import { Grammars } from './code/grammars.ts';
import type { DeviceMemory } from './llm/llamaCalls.ts';
import { callLlama } from './llm/remoteSequence.ts';
import { createWatchSession } from './watchSession.ts';
import { createFfmpegFinder, findFfmpeg } from './media/ffmpegProcess.ts';
import { MomentPictures } from './media/momentPictures.ts';
import { listEncoders, type FfmpegTools } from './media/probing.ts';
import { createMediaService } from './media/playback.ts';
import { Recordings } from './media/recordings.ts';
import { tryCapture } from './media/captureTrial.ts';
import { listScreens } from './media/screenCapture.ts';
import { findPageTools } from './media/streamAddress.ts';
import { listSounds } from './media/soundCapture.ts';
import { Transcriber } from './media/transcriber.ts';
import { probeMediaServer } from './mediaServerProbe.ts';
import { PackShelf } from './packs.ts';
import { runDaemon } from './runDaemon.ts';
import type { Services } from './server.ts';
import { ServedPacks } from './servedPacks.ts';
import { hasFullTextSearch } from './timeline/database.ts';
import { TimelineStore } from './timeline/timelineStore.ts';
import { GpuLibraries, type GpuState } from './weights/gpuLibraries.ts';
import { gpuPackagesFor } from './weights/gpuPackages.ts';
import { ModelLibrary } from './weights/modelLibrary.ts';
import { ModelStore } from './weights/modelStore.ts';
import { PackInstaller } from './weights/packInstaller.ts';

/** The variable with what opens a transcriber: settings may be shared, and are no place for keys. */
const transcriberKeyName = 'CODEALONG_TRANSCRIBER_KEY';
/** Room for playable copies, unless whoever starts the daemon says otherwise: some twenty hours of tutorials. */
const defaultCopiesMaxBytes = 10e9;
/** Less room than this is none: what the store writes of minutes, and saved states. Recordings leave twice as much. */
const leastRoomBytes = 32e6;

/** Room for recordings of live sessions: some ten hours of a stream, some days of a screen on which little moves. */
const defaultRecordingsMaxBytes = 10e9;
/** Whoever reads an answer for a while should not wait for the model again; a graphics card is wanted by others, too. */
const engineIdleMs = 5 * 60_000;
/** Long enough for a person to type the next command, short enough that nothing stays behind. */
const defaultIdleExitMs = 30_000;
const pinnedNodeMajor = 24;
/** A model that is shown a moment once more reads it from the picture alone, px. */
const momentPictureWidth = 1280;
/** The doctor does not wait longer for an ffmpeg that should only list what it can. */
const probeStallMs = 10_000;

/** Built, everything lies in one folder; from the sources, each entry lies in its room. */
const isBuilt = import.meta.filename.endsWith('.js');
const engineScript = path.join(import.meta.dirname, isBuilt ? 'engine.js' : 'engine/engineMain.ts');
const shippedModels = path.join(import.meta.dirname, '..', 'models');

/** A daemon that serves its model to others. */
interface HubSettings {
  readonly port: number;
  /** This machine alone unless the operator says otherwise: the proxy brings TLS. */
  readonly host: string;
  /** A line for each user: name and token. */
  readonly tokensFile: string;
  /** Folder or name of a pack. */
  readonly model: string | undefined;
}

interface Settings {
  readonly hub: HubSettings | undefined;
  /** Path of an ffmpeg; the usual places are looked at when absent. */
  readonly ffmpeg: string | undefined;
  /** Playable copies that are kept take no more room than this. */
  readonly copiesMaxBytes: number;
  /** Recordings of live sessions take no more room than this; 0 records nothing. */
  readonly recordingsMaxBytes: number;
}

async function createServices(
  paths: DaemonPaths,
  logFile: LogFile,
  settings: Settings,
  scope: { signal: AbortSignal },
): Promise<Services> {
  await using opening = new DisposalStack();
  const librariesFolder = path.join(paths.home, 'libraries');
  const engineLog = logFile.tagged('engine');
  const engine = opening.use(
    new EngineProcess({
      nodePath: process.execPath,
      scriptPath: engineScript,
      arguments: [librariesFolder],
      cautiousArguments: ['--processor'],
      clock: systemClock,
      log: (line) => {
        engineLog.info(line);
      },
      idleMs: engineIdleMs,
    }),
  );
  const gpuLibraries = new GpuLibraries({
    folder: librariesFolder,
    packages: gpuPackagesFor(`${process.platform}-${process.arch}`),
    isBundled,
    state: async (scope) =>
      gpuStateOf(await callLlama(engine, 'memory', { device: 'auto' }, scope)),
    cards: async () => (process.platform === 'linux' ? findGraphicsCards() : undefined),
    withReleased: (work) => engine.renew(work),
    clock: systemClock,
  });
  const timelineLog = logFile.tagged('timeline');
  const store = opening.use(
    new TimelineStore({
      file: path.join(paths.home, 'timeline.db'),
      onDamage: (sentence) => {
        timelineLog.warning(sentence);
      },
    }),
  );
  const installedModels = path.join(paths.home, 'models');
  const packStore = new ModelStore({
    folders: [installedModels, shippedModels],
    defaultPack: 'live-tiny',
    cacheFile: path.join(paths.home, 'hashes.json'),
  });
  const packs = opening.use(
    new PackShelf({ store: packStore, engine, stateFolder: path.join(paths.home, 'state') }),
  );
  const { hub: hubSettings } = settings;
  if (hubSettings) opening.use(await openHub(hubSettings, packs, logFile.tagged('hub'), scope));
  const assistantLog = logFile.tagged('assistant');
  const mediaLog = logFile.tagged('media');
  // Asked once: looking for it starts it.
  const ffmpeg = createFfmpegFinder(settings.ffmpeg);
  const captureTools = { ffmpeg, clock: systemClock, platform: process.platform };
  // The folder is there: the store lies in it.
  const hasRoom = roomOn(paths.home, { leastBytes: leastRoomBytes });
  const recordings = new Recordings({
    hasRoom: roomOn(paths.home, { leastBytes: 2 * leastRoomBytes }),
    folder: path.join(paths.home, 'recordings'),
    maxBytes: settings.recordingsMaxBytes,
    log: mediaLog,
  });
  const media = opening.use(
    createMediaService({
      ...{ home: paths.home, ffmpeg, log: mediaLog, clock: systemClock },
      copiesMaxBytes: settings.copiesMaxBytes,
      recordings,
    }),
  );
  const tools = async (scope: { signal: AbortSignal }): Promise<FfmpegTools> => ({
    ...{ program: await ffmpeg(scope), clock: systemClock, stallMs: probeStallMs },
  });
  const allPacks = new ServedPacks({ local: packs, tools, clock: systemClock });
  const moments = new MomentPictures(tools, recordings);
  const assistant = new SessionManager({
    packs: allPacks,
    pictureAt: (source, atMs, { signal }) =>
      moments.pictureAt(source, atMs, { maxWidth: momentPictureWidth, signal }),
    library: new Library(store, recordings),
    createSession: (subject, listener, options) =>
      createWatchSession(subject, listener, {
        ...options,
        ffmpeg,
        recordings,
        hasRoom,
        transcriberKey: process.env[transcriberKeyName],
        log: mediaLog,
      }),
    listSounds: (options) => listSounds(captureTools, options),
    listScreens: (display, options) => listScreens(display, captureTools, options),
    doctor: ({ transcriber, model, modelKey, ...display }, options) =>
      examine(
        {
          version,
          nodeVersion: process.version,
          pinnedNodeMajor,
          home: paths.home,
          socket: paths.socket,
          log: paths.log,
          engine: async (scope) => ({
            ...(await (await packs.load(undefined, scope)).probe(scope)),
            ...(await askMemory(engine, scope)),
            isCautious: engine.isCautious,
          }),
          ...picturesToExamine(
            packs,
            model,
            async (scope) => (await askMemory(engine, scope)).devices,
          ),
          graphicsCards: () => findGraphicsCards(),
          gpuLibraries: async (scope) => (await gpuLibraries.list({}, scope)).libraries,
          ffmpeg: (scope) => findFfmpeg(settings.ffmpeg, scope),
          encoders: async (scope) => listEncoders(await tools(scope), scope),
          capture: (scope) => tryCapture(display, captureTools, scope),
          pageTools: (scope) => findPageTools(systemClock, scope),
          ...(transcriber === undefined
            ? {}
            : { transcriber: new Transcriber(transcriber, process.env[transcriberKeyName]) }),
          ...serverToExamine(allPacks, model, modelKey),
          mediaServer: (scope) => probeMediaServer(mediaLog, scope),
          packs: (scope) => packStore.list(scope),
          hasFullTextSearch,
        },
        options,
      ),
    code: new CodeReader(new Grammars()),
    debug: (message, fields) => {
      assistantLog.debug(message, fields);
    },
    reportFailure: (error) => reportFailure(assistantLog, 'watching failed', { error }),
    resources: opening.move(),
  });
  const models = new ModelLibrary({
    store: packStore,
    installer: new PackInstaller({ folder: installedModels, clock: systemClock }),
    shipped: shippedModels,
    memory: async (scope) => ({
      ...(await askMemory(engine, scope)),
      freeBytes: os.freemem(),
    }),
  });
  return {
    assistant,
    media,
    models,
    gpuLibraries,
    [Symbol.asyncDispose]: () => assistant[Symbol.asyncDispose](),
  };
}

/** An engine that does not start has no devices; that it does not is told by whatever needs it. */
async function askMemory(
  engine: EngineProcess,
  options: { signal: AbortSignal },
): Promise<DeviceMemory> {
  try {
    return await callLlama(engine, 'memory', { device: 'auto' }, options);
  } catch (error) {
    if (!isAppError(error)) throw error;
    return { devices: [], deviceFreeBytes: 0, gpu: undefined, supportedGpus: [] };
  }
}

/** Of the types that have libraries: a Mac's Metal needs none. */
const gpuStateOf = ({ gpu, supportedGpus, devices }: DeviceMemory): GpuState => ({
  supported: gpuTypes.filter((type) => supportedGpus.includes(type)),
  ...{ used: gpu, devices },
});

/** Whether npm, or whoever packed this installation, has put a package where the engine finds it. */
function isBundled(packageName: string): boolean {
  try {
    createRequire(engineScript).resolve(packageName);
    return true;
  } catch {
    return false;
  }
}

/** Serves a pack to the daemons of others. @throws Error when the port is taken, or the tokens cannot be read; AppError model.* */
async function openHub(
  { port, host, tokensFile, model }: HubSettings,
  packs: PackShelf,
  log: Log,
  scope: { signal: AbortSignal },
): Promise<HubServer> {
  const tokens = new HubTokens(await readFile(tokensFile, 'utf8'));
  // A name that is wrong ends the start, not the first request.
  await packs.find(model, scope);
  const pack = (scope: { signal: AbortSignal }): Promise<LoadedPack> => packs.load(model, scope);
  const hub = new HubServer({ pack, tokens, clock: systemClock, log });
  const address = await hub.listen(port, host);
  log.info('the hub listens', { address });
  process.stdout.write(`The hub listens at ${address}\n`);
  return hub;
}

/** Of the model that sessions watch with, when that runs here. */
function picturesToExamine(
  packs: PackShelf,
  model: string | undefined,
  devices: (scope: { signal: AbortSignal }) => Promise<readonly string[]>,
): Pick<DoctorParts, 'pictures'> {
  if (servedModel(model)) return {};
  return {
    pictures: async (scope) => {
      const hasDevice = (await devices(scope)).length > 0;
      return packs.picturePlace(model, { hasDevice, ...scope });
    },
  };
}

/** Of the model that sessions watch with, when that runs on a server. */
function serverToExamine(
  packs: ServedPacks,
  model: string | undefined,
  key: string | undefined,
): Pick<DoctorParts, 'modelServer'> {
  const served = servedModel(model);
  if (served && isHubAddress(served.address)) {
    const hub = packs.hub(served, { key });
    const found = { contextTokens: undefined, pictures: 'seen', tellsProbabilities: true } as const;
    const connect: ChatServer['connect'] = async (options) => ({
      ...{ ...found, model: (await hub.describe(options)).name },
    });
    return { modelServer: { place: hub.place, connect } };
  }
  return served ? { modelServer: packs.server(served, { key }) } : {};
}

/** @throws TypeError, which ends the start with a sentence, when it is no number */
function readNumber(name: string, text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0))
    throw new TypeError(`--${name} takes a number, not "${text}"`);
  return value;
}

async function main(): Promise<number> {
  const { values } = parseArgs({
    options: {
      home: { type: 'string' },
      'idle-exit-ms': { type: 'string', default: String(defaultIdleExitMs) },
      'log-level': { type: 'string', default: 'info' },
      ffmpeg: { type: 'string' },
      'recordings-max-bytes': { type: 'string', default: String(defaultRecordingsMaxBytes) },
      'copies-max-bytes': { type: 'string', default: String(defaultCopiesMaxBytes) },
      hub: { type: 'string' },
      'hub-host': { type: 'string', default: '127.0.0.1' },
      'hub-tokens': { type: 'string' },
      'hub-model': { type: 'string' },
    },
  });
  const hub =
    values.hub === undefined
      ? undefined
      : {
          port: readNumber('hub', values.hub),
          host: values['hub-host'],
          tokensFile: values['hub-tokens'] ?? '',
          model: values['hub-model'],
        };
  if (hub?.tokensFile === '') throw new TypeError('--hub needs --hub-tokens FILE');
  const settings: Settings = {
    hub,
    ffmpeg: values.ffmpeg,
    copiesMaxBytes: readNumber('copies-max-bytes', values['copies-max-bytes']),
    recordingsMaxBytes: readNumber('recordings-max-bytes', values['recordings-max-bytes']),
  };
  const paths = preparePaths({ home: resolveHome(values.home) });
  const level = logLevels.find((known) => known === values['log-level']) ?? 'info';
  const logFile = new LogFile({ path: paths.log, clock: systemClock, level });
  return runDaemon({
    paths,
    logFile,
    // Whoever uses a hub holds no lease of it.
    idleExitMs: hub ? Infinity : readNumber('idle-exit-ms', values['idle-exit-ms']),
    ...(hub && {
      onTaken: () => {
        const why = `another daemon runs in ${paths.home}. End it, or give the hub another --home.`;
        process.stderr.write(`The hub cannot be started: ${why}\n`);
        return 1;
      },
    }),
    createServices: async (scope) => {
      try {
        return await createServices(paths, logFile, settings, scope);
      } catch (error) {
        // Whoever starts a hub looks at it; nobody asks it anything over the socket.
        if (!hub) throw error;
        process.stderr.write(`The hub cannot be started: ${toError(error).message}\n`);
        process.exit(1);
      }
    },
  });
}

// Work that did not end in time must not keep the process.
process.exit(await main());
