/** Chooses the llama.cpp binary and the devices through node-llama-cpp, and opens the library that it has loaded. */
import {
  getLlama,
  getLlamaGpuTypes,
  GgufInsights,
  InsufficientMemoryError,
  LlamaLogLevel,
  readGgufFileInfo,
} from 'node-llama-cpp';
import type { GgufFileInfo, Llama, LlamaGpuType } from 'node-llama-cpp';
import { AppError } from '../base/errors.ts';
import { openLlamaLibrary, type LlamaLibrary } from './llamaLibrary.ts';

/** Which device runs the decoder. `auto` takes a graphics card when a usable one is found. */
export type DevicePreference = 'auto' | 'cpu';

export interface LlamaRuntime {
  readonly library: LlamaLibrary;
  /** Names of the graphics cards in use; empty for the processor. */
  readonly devices: readonly string[];
  /** What is free on the devices now, all together; 0 without any. */
  deviceFreeBytes(): Promise<number>;
  /** What the devices are programmed by; undefined for the processor. */
  readonly gpu: GpuName | undefined;
  /** What the system has drivers and runtimes for, whether or not llama.cpp's library for it is there; the best first. */
  supportedGpus(): Promise<readonly GpuName[]>;
  /**
   * Layers to put on the devices, as many as their memory holds beside the cache; 0 without any.
   * @param cachePositions of all contexts that will be there at once
   */
  gpuLayersFor(info: GgufFileInfo, cachePositions: number | undefined): Promise<number>;
}

export type GpuName = Exclude<LlamaGpuType, false>;

/** Receives what llama.cpp has to say, one line at a time. */
export type LogLine = (line: string) => void;

/** @throws AppError engine.libraryUnknown when there is no binary for this machine or it is of an unknown release. */
export async function openRuntime(
  preference: DevicePreference,
  log: LogLine,
): Promise<LlamaRuntime> {
  let llama = await load(preference === 'cpu' ? false : 'auto', log);
  let devices = llama.gpu === false ? [] : await llama.getGpuDeviceNames();
  if (llama.gpu !== false && devices.length === 0) {
    // A driver library without a card behind it is common: `gpu` then still names it.
    await llama.dispose();
    llama = await load(false, log);
    devices = [];
  }
  const library = openLlamaLibrary(loadedLibrary(llama.gpu));
  const chosen = llama;
  return {
    library,
    devices,
    gpu: devices.length === 0 || chosen.gpu === false ? undefined : chosen.gpu,
    supportedGpus: async () =>
      (await getLlamaGpuTypes('supported')).filter((type): type is GpuName => type !== false),
    deviceFreeBytes: async () => (devices.length === 0 ? 0 : (await chosen.getVramState()).free),
    gpuLayersFor: async (info, cachePositions) => {
      if (devices.length === 0) return 0;
      const { configurationResolver: resolver } = await GgufInsights.from(info, chosen);
      // Without a size it would count with whatever context the layers leave room for, which may be a tiny one.
      const wanted =
        cachePositions === undefined ? 'auto' : { fitContext: { contextSize: cachePositions } };
      try {
        return (await resolver.resolveModelGpuLayersV2(wanted)).gpuLayers;
      } catch (error) {
        if (error instanceof InsufficientMemoryError) return 0;
        throw error;
      }
    },
  };
}

/** Header of a GGUF file. @throws AppError engine.modelUnreadable when it is missing, cut off or something else. */
export async function readHeader(path: string): Promise<GgufFileInfo> {
  try {
    return await readGgufFileInfo(path, { sourceType: 'filesystem', logWarnings: false });
  } catch (error) {
    throw new AppError('engine.modelUnreadable', undefined, { cause: error, data: { path } });
  }
}

async function load(gpu: 'auto' | false, log: LogLine): Promise<Llama> {
  try {
    return await getLlama({
      gpu,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logLevel: LlamaLogLevel.warn,
      logger: (level, message) => {
        log(`llama.cpp ${level}: ${message.trimEnd()}`);
      },
    });
  } catch (error) {
    throw new AppError('engine.libraryUnknown', 'There is no llama.cpp library for this machine.', {
      cause: error,
    });
  }
}

/** The path comes from the process itself: another variant's file would have no backends registered. */
function loadedLibrary(gpu: Llama['gpu']): string {
  const report = process.report as NodeJS.ProcessReport & { excludeNetwork: boolean };
  // Without this, listing the libraries waits for reverse look-ups of every open socket.
  report.excludeNetwork = true;
  const { sharedObjects } = report.getReport() as { sharedObjects: readonly string[] };
  const variant = gpu === false ? '' : `\\.${gpu}`;
  const name = new RegExp(String.raw`(^|[\\/])(lib)?llama${variant}\.v[\d.]+\.(so|dylib|dll)$`);
  const path = sharedObjects.findLast((file) => name.test(file));
  if (path === undefined) {
    throw new AppError('engine.libraryUnknown', undefined, { data: { sharedObjects } });
  }
  return path;
}
