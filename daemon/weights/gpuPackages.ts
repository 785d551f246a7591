/** The packages of node-llama-cpp that carry llama.cpp for graphics cards, pinned with everything that tells them from others. */
import type { GpuType } from '../../protocol/index.ts';

/** One package of the npm registry. */
export interface GpuPackage {
  readonly name: string;
  readonly version: string;
  /** Of the tarball: as npm writes it, `sha512-` and base64. */
  readonly integrity: string;
  /** Of the tarball, and of the archive in it. */
  readonly bytes: number;
  readonly unpackedBytes: number;
}

/** Exactly that of node-llama-cpp, which loads nothing else. */
const version = '3.21.1';

/**
 * By platform and type; the best type first. CUDA comes in two packages: one for CUDA 13 and one with what CUDA 12 needs instead; both
 * take cuBLAS from the system.
 * @source integrities: package-lock.json, compared in test/daemon/weights/gpuPackages.test.ts; sizes: `npm pack` of each
 */
const pinned: Readonly<Record<string, Readonly<Record<GpuType, readonly GpuPackage[]>>>> = {
  'linux-x64': {
    cuda: [
      {
        name: '@node-llama-cpp/linux-x64-cuda',
        version,
        integrity:
          'sha512-idsE55VoD/FbvLhnBC9krUJaUoC0XnebseAAnCpm/brKf61HEbu+idgbb5eN6mxkjLSrHtILprJ0nDcUJjVrFg==',
        bytes: 142_850_036,
        unpackedBytes: 188_713_472,
      },
      {
        name: '@node-llama-cpp/linux-x64-cuda-ext',
        version,
        integrity:
          'sha512-1PuURowccBcks3CCoMe1mTHh5vD0V5bFHMUEgtbI/OSDjpP+Pdbn+lf42CGUrepTzR8kCH1HovQ7d8q6/vuIKA==',
        bytes: 176_679_086,
        unpackedBytes: 374_202_880,
      },
    ],
    vulkan: [
      {
        name: '@node-llama-cpp/linux-x64-vulkan',
        version,
        integrity:
          'sha512-flEeSzONQ6OIm5bYKLQf4eEnBzcC5WugFbyPUwkCqyyOFZ8pH0H9ulQ7ZNDLSIczeKneMRJornlyY1Hq7d3GDA==',
        bytes: 27_476_121,
        unpackedBytes: 84_502_528,
      },
    ],
  },
  'win32-x64': {
    cuda: [
      {
        name: '@node-llama-cpp/win-x64-cuda',
        version,
        integrity:
          'sha512-PLz70neFEMkQTlmJqG1ujUtCSgHasLPMxQ9rLkqQVmZYAXqkRj+45TIHCjdn3XqUeaoun0vrO9rRaxZ8NVq9jg==',
        bytes: 138_542_727,
        unpackedBytes: 175_524_352,
      },
      {
        name: '@node-llama-cpp/win-x64-cuda-ext',
        version,
        integrity:
          'sha512-L2MxLVEYPDDe4O8EDWPmX6brldc9+Vt9hNoT/anj3pSnmrjkQcmaoKhHs6oP5qhEhb5Uog0rj6lgzNGtJO3p9Q==',
        bytes: 175_417_684,
        unpackedBytes: 367_835_136,
      },
    ],
    vulkan: [
      {
        name: '@node-llama-cpp/win-x64-vulkan',
        version,
        integrity:
          'sha512-HJ237Azh5m4Sz+w3A1IU/fYLaSDOocskcfn2ILTgqTuuORCB86EMnu3Yt/XsNhRHTtEiwz1Q/E0mO4PLIbZLAA==',
        bytes: 26_619_567,
        unpackedBytes: 103_442_432,
      },
    ],
  },
};

export type GpuPackages = Partial<Readonly<Record<GpuType, readonly GpuPackage[]>>>;

/** @param platform as in `process.platform` and `process.arch`: `linux-x64` @returns those that there are for it */
export const gpuPackagesFor = (platform: string): GpuPackages => pinned[platform] ?? {};

/** Every one that is pinned, for whatever checks them. */
export const allGpuPackages: readonly GpuPackage[] = Object.values(pinned).flatMap((types) =>
  Object.values(types).flat(),
);
