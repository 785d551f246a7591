/** Pure: what a pack needs of a machine's memory, and where there is room for it. */
import type { ModelFit } from '../../protocol/index.ts';
import type { PackManifest } from './manifest.ts';

/** What is free now. */
export interface FreeMemory {
  /** On all graphics cards together; 0 without any. */
  readonly deviceFreeBytes: number;
  /** Of the machine's own. */
  readonly freeBytes: number;
}

/**
 * Beside weights and cache: buffers of a decode, the other networks at work.
 * @source live-tiny and the 8B shape in models/README.md; llama.cpp's compute buffers are smaller with every model tried
 */
const workingBytes = 500e6;
/** With less of a pack on a card than this, the card only costs time. */
const leastShare = 0.2;

export function fitOf(
  { files, decoder }: Pick<PackManifest, 'files' | 'decoder'>,
  { deviceFreeBytes, freeBytes }: FreeMemory,
): ModelFit {
  const cacheBytes = (decoder.cacheBytesPerToken ?? 0) * decoder.contextTokens;
  const decoderBytes = files.decoder.bytes + cacheBytes;
  const needBytes = decoderBytes + (files.vision?.bytes ?? 0) + workingBytes;
  const told = { needBytes, deviceFreeBytes, freeBytes };
  if (needBytes <= deviceFreeBytes) return { place: 'device', ...told };
  if (needBytes > deviceFreeBytes + freeBytes) return { place: 'none', ...told };
  const isWorthSharing = deviceFreeBytes >= leastShare * needBytes + workingBytes;
  return { place: isWorthSharing ? 'shared' : 'processor', ...told };
}
