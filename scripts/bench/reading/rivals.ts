/** The engines of one run: ours, and whom it is compared with where they are installed. */
import path from 'node:path';
import { DisposalStack } from '../../../daemon/base/lifetime.ts';
import type { ReaderManifest } from '../../../daemon/weights/manifest.ts';
import type { Bench } from '../bench.ts';
import { openOwnEngine, type ReadingEngine } from './engine.ts';
import { openPpOcr } from './ppOcr.ts';
import { openTesseract } from './tesseract.ts';

/** Columns of every comparison, ours first. */
export const engineNames = ['ours', 'PP-OCRv4', 'tesseract'] as const;
export type EngineName = (typeof engineNames)[number];

export interface Rivals extends AsyncDisposable {
  readonly manifest: ReaderManifest;
  /** A rival that is not installed is missing. */
  readonly engines: Readonly<Partial<Record<EngineName, ReadingEngine>>> & {
    readonly ours: ReadingEngine;
  };
}

/** @returns undefined for a pack without a reader */
export async function openRivals(
  { modelPack, folder }: Bench,
  { signal }: { signal: AbortSignal },
): Promise<Rivals | undefined> {
  const { reader: manifest, files } = modelPack.manifest;
  if (!manifest || !files.reader) return undefined;
  await using opening = new DisposalStack();
  const ours = opening.use(
    await openOwnEngine(path.join(modelPack.folder, files.reader.path), manifest),
  );
  const ppOcr = opening.use(await openPpOcr());
  const tesseract = openTesseract(path.join(folder, 'tesseract'), { signal });
  const owned = opening.move();
  return {
    manifest,
    engines: { ours, 'PP-OCRv4': ppOcr, ...(tesseract && { tesseract }) },
    [Symbol.asyncDispose]: () => owned[Symbol.asyncDispose](),
  };
}
