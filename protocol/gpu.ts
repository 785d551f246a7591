/** Libraries that let llama.cpp compute on the graphics card: which there are, and installing them. */
import { notification, request } from './message.ts';

/** What a graphics card is programmed by. Metal needs no library of its own: it is part of every Mac's. */
export const gpuTypes = ['cuda', 'vulkan'] as const;
export type GpuType = (typeof gpuTypes)[number];

/** One that there is for this system. */
export interface GpuLibrary {
  readonly type: GpuType;
  /** Of node-llama-cpp, which it belongs to. */
  readonly version: string;
  /** What is downloaded, and what it takes on the disk then. */
  readonly bytes: number;
  readonly unpackedBytes: number;
  /** bundled: it came with this installation, and another is not used. outdated: it belongs to another version of Codealong. */
  readonly state: 'bundled' | 'installed' | 'outdated' | 'damaged' | 'absent';
  /** One sentence; of one that is damaged. */
  readonly problem?: string;
  /** The system has what it needs beside itself: a driver, and for CUDA its runtime. */
  readonly isSupported: boolean;
  /** The decoder computes by it now. */
  readonly isUsed: boolean;
}

export interface ListGpuLibrariesParams {
  /** Read every file again. */
  readonly isThorough?: boolean;
}
export interface ListGpuLibrariesResult {
  /** The best first; empty where there are none for this system. */
  readonly libraries: readonly GpuLibrary[];
  /** Names of the graphics cards in use. */
  readonly devices: readonly string[];
  /** Worth installing: a graphics card is there, or the system does not tell, and nothing computes on it. */
  readonly recommended?: GpuType;
}
export const listGpuLibraries = request<ListGpuLibrariesParams, ListGpuLibrariesResult>(
  'codealong/listGpuLibraries',
);

export interface InstallGpuLibraryParams {
  /** The best that the system supports when left out. */
  readonly type?: GpuType;
  /** Address of the npm registry that it is downloaded from; npm's own when left out. */
  readonly registry?: string;
}
export interface InstallGpuLibraryResult {
  readonly type: GpuType;
  /** False for one that was there already, whole: nothing was downloaded. */
  readonly isNew: boolean;
}
/** Installs a library, and uses it from then on. Cancelling keeps what is there: installing it again goes on behind it. */
export const installGpuLibrary = request<InstallGpuLibraryParams, InstallGpuLibraryResult>(
  'codealong/installGpuLibrary',
);

export interface GpuLibraryProgress {
  readonly type: GpuType;
  readonly doneBytes: number;
  readonly totalBytes: number;
}
/** Daemon → client: how far an installing has come, four times a second at most. */
export const gpuLibraryProgress = notification<GpuLibraryProgress>('codealong/gpuLibraryProgress');

/** Takes an installed library away, and what is there of one that was not installed to its end. */
export const removeGpuLibrary = request<{ readonly type: GpuType }, null>(
  'codealong/removeGpuLibrary',
);
