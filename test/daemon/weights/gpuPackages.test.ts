import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { allGpuPackages, gpuPackagesFor } from '../../../daemon/weights/gpuPackages.ts';

interface Locked {
  readonly version: string;
  readonly integrity: string;
}

const lock = JSON.parse(
  readFileSync(new URL('../../../package-lock.json', import.meta.url), 'utf8'),
) as { readonly packages: Readonly<Record<string, Locked | undefined>> };

it('pins the packages that npm has locked, in the version of node-llama-cpp', () => {
  expect(allGpuPackages).toHaveLength(6);
  const { version } = lock.packages['node_modules/node-llama-cpp']!;
  for (const one of allGpuPackages) {
    const { integrity } = lock.packages[`node_modules/${one.name}`]!;
    expect(one).toMatchObject({ version, integrity });
  }
});

it('has none where the processor package is all there is, or Metal is part of it', () => {
  expect(gpuPackagesFor('darwin-arm64')).toEqual({});
  expect(gpuPackagesFor('linux-arm64')).toEqual({});
  expect(Object.keys(gpuPackagesFor('linux-x64'))).toEqual(['cuda', 'vulkan']);
});
