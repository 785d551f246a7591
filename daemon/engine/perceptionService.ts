/** Perception's methods in the engine process: a pack is named by its folder, so that a new engine needs no introduction. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Picture } from '../media/frameSource.ts';
import type { FrameEmbedding, PlacedText, ScreenLine } from '../perception/perception.ts';
import { createPerception, type Perception } from '../perception/perceptionHost.ts';
import { parseManifest } from '../weights/manifest.ts';
import type { EngineService } from './engineServer.ts';

/** Name under which the engine process serves these methods. */
export const perceptionServiceName = 'perception';

/** A pack, or one that lay in the same folder before it. */
interface PackName {
  readonly folder: string;
  /** Another one when anything of the pack has changed. */
  readonly fingerprint: string;
}

/** Method name → arguments and result. */
export interface PerceptionMethods {
  encode: {
    args: PackName & { readonly pictures: readonly Picture[] };
    result: readonly FrameEmbedding[];
  };
  read: {
    args: PackName & { readonly streamId: string; readonly frame: Frame };
    result: readonly ScreenLine[];
  };
  /** Forgets a stream's screen. */
  endStream: {
    args: PackName & { readonly streamId: string };
    result: undefined;
  };
  /** How likely each row answers a question. */
  score: {
    args: PackName & { readonly question: string; readonly rows: readonly PlacedText[] };
    result: Float32Array;
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
  const open = ({ folder, fingerprint }: PackName): Promise<Perception> => {
    const key = `${fingerprint} ${folder}`;
    const known = packs.get(key);
    if (known) return known;
    const opening = openPack(folder);
    packs.set(key, opening);
    // A pack that was mended is tried again.
    opening.catch(() => packs.delete(key));
    return opening;
  };
  const handlers: Handlers = {
    encode: async ({ pictures, ...pack }, options) => (await open(pack)).encode(pictures, options),
    read: async ({ streamId, frame, ...pack }, options) =>
      (await open(pack)).read(streamId, frame, options),
    endStream: async ({ streamId, ...pack }, options) => {
      await (await open(pack)).endStream(streamId, options);
    },
    score: async ({ question, rows, ...pack }, options) =>
      (await open(pack)).score(question, rows, options),
  };
  return handlers;
}

async function openPack(folder: string): Promise<Perception> {
  const file = join(folder, 'manifest.json');
  return createPerception(folder, parseManifest(await readFile(file, 'utf8'), file));
}
