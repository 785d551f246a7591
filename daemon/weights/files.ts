/** What finding packs, installing them and libraries ask of a disk. */
import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { freeBytesOn } from '../base/diskRoom.ts';
import { AppError } from '../base/errors.ts';
import { PartialFile } from './partialFile.ts';

/** Below a folder of installed things; none of them can have this name. */
export const draftsName = '.partial';
/** Others write to this disk, too. */
const spareBytes = 100e6;

/** Whether anything lies there, a file or a folder. */
export const exists = (place: string): Promise<boolean> =>
  stat(place).then(
    () => true,
    () => false,
  );

/** @returns the sha256 of a whole file, in hexadecimal digits */
export async function hashFile(file: string, { signal }: { signal: AbortSignal }): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(file), hash, { signal });
  return hash.digest('hex');
}

/** Bytes that may be written; asked with a folder on the disk that is meant. */
export type FreeBytes = typeof freeBytesOn;

/** @param folder is made @param wanted what needs how much more there. @throws AppError model.noRoom */
export async function requireRoom(
  folder: string,
  wanted: { readonly name: string; readonly bytes: number },
  freeBytes: FreeBytes,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const free = await freeBytes(folder);
  if (free >= wanted.bytes + spareBytes) return;
  const needs = `${wanted.name} needs ${gigabytes(wanted.bytes)} more`;
  const sentence = `${needs}, and the disk of ${folder} has ${gigabytes(free)} left.`;
  throw new AppError('model.noRoom', sentence);
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;

export const isDiskFull = (error: unknown): boolean =>
  ['ENOSPC', 'EDQUOT'].includes((error as NodeJS.ErrnoException).code ?? '');

/** Gives a draft its place, in place of what is there. @param folder below which drafts lie @returns where it is. @throws AppError model.inUse */
export async function putInPlace(draft: string, folder: string, name: string): Promise<string> {
  const place = path.join(folder, name);
  const old = (await exists(place)) ? await moveAway(place, folder) : undefined;
  try {
    await rename(draft, place);
  } catch (cause) {
    if (old !== undefined) await rename(old, place);
    throw new AppError('model.inUse', `${name} cannot be put in its place.`, { cause });
  }
  // What stays of it only takes room.
  if (old !== undefined) await rm(old, { recursive: true, force: true }).catch(() => undefined);
  return place;
}

/** How everything begins that once lay under a name and was moved away. */
export const awayPrefix = (name: string): string => `old-${name}-`;

/** Where no other part of the program sees it, in one step. @throws AppError model.inUse */
export async function moveAway(place: string, folder: string): Promise<string> {
  const awayName = `${awayPrefix(path.basename(place))}${randomBytes(4).toString('hex')}`;
  const away = path.join(folder, draftsName, awayName);
  await mkdir(path.dirname(away), { recursive: true });
  try {
    await rename(place, away);
  } catch (cause) {
    // Windows does not move what is open.
    throw new AppError('model.inUse', `${path.basename(place)} is in use.`, { cause });
  }
  return away;
}

/** Of a file that is whole, or of its part. */
export async function sizeOfDraft(file: string): Promise<number> {
  for (const one of [file, PartialFile.pathOf(file)]) {
    const stats = await stat(one).catch(() => undefined);
    if (stats) return stats.size;
  }
  return 0;
}
