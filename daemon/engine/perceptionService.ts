/** Perception's methods in the engine process: a pack is named by its folder, so that a new engine needs no introduction. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Picture } from '../media/frameSource.ts';
import type { FrameEmbedding, ScreenLine } from '../perception/perception.ts';
import { createPerception, type Perception } from '../perception/perceptionHost.ts';
import { parseManifest } from '../weights/manifest.ts';
import type { EngineService } from './engineServer.ts';

/** Name under which the engine process serves these methods. */
export const perceptionServiceName = 'perception';

/** Method name → arguments and result. */
export interface PerceptionMethods {
  encode: {
    args: { readonly folder: string; readonly pictures: readonly Picture[] };
    result: readonly FrameEmbedding[];
  };
  read: {
    args: { readonly folder: string; readonly streamId: string; readonly frame: Frame };
    result: readonly ScreenLine[];
  };
  /** Forgets a stream's screen. */
  endStream: {
    args: { readonly folder: string; readonly streamId: string };
    result: undefined;
  };
}

type Handlers = {
  readonly [Method in keyof PerceptionMethods]: (
    args: PerceptionMethods[Method]['args'],
    options: { readonly signal: AbortSignal },
  ) => Promise<PerceptionMethods[Method]['result']>;
};

export function createPerceptionService(): EngineService {
  const packs = new Map<string, Promise<Perception>>();
  const open = (folder: string): Promise<Perception> => {
    const known = packs.get(folder);
    if (known) return known;
    const opening = openPack(folder);
    packs.set(folder, opening);
    // A pack that was mended is tried again.
    opening.catch(() => packs.delete(folder));
    return opening;
  };
  const handlers: Handlers = {
    encode: async ({ folder, pictures }, options) => (await open(folder)).encode(pictures, options),
    read: async ({ folder, streamId, frame }, options) =>
      (await open(folder)).read(streamId, frame, options),
    endStream: async ({ folder, streamId }, options) => {
      await (await open(folder)).endStream(streamId, options);
    },
  };
  return handlers;
}

async function openPack(folder: string): Promise<Perception> {
  const file = join(folder, 'manifest.json');
  return createPerception(folder, parseManifest(await readFile(file, 'utf8'), file));
}
