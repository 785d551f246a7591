/** Perception's methods in the engine process: a pack is named by its folder, so that a new engine needs no introduction. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Frame, Picture } from '../media/frameSource.ts';
import type {
  FrameEmbedding,
  PlacedText,
  RequestMatch,
  ScreenLine,
} from '../perception/perception.ts';
import { createPerception, type Perception } from '../perception/perceptionHost.ts';
import { visionProvidersFor, type VisionPlace } from '../perception/visionProviders.ts';
import { parseManifest, type PackFile } from '../weights/manifest.ts';
import type { EngineService } from './engineServer.ts';

/** Name under which the engine process serves these methods. */
export const perceptionServiceName = 'perception';

/** What is told belongs to nobody's request. */
const never = new AbortController().signal;

/** A pack, or one that lay in the same folder before it. */
interface PackName {
  readonly folder: string;
  /** Another one when anything of the pack has changed. */
  readonly fingerprint: string;
}

/** Of what looks at pictures; the other networks do not care. */
interface EncoderName extends PackName {
  /** Whether a graphics card is used for the pack's decoder; then its encoder may use it, too. */
  readonly hasDevice: boolean;
}

/** Method name → arguments and result. */
export interface PerceptionMethods {
  encode: {
    args: EncoderName & { readonly pictures: readonly Picture[] };
    result: readonly FrameEmbedding[];
  };
  /** Where pictures are computed; nowhere without an encoder in the pack. */
  place: {
    args: EncoderName;
    result: VisionPlace | undefined;
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
  /** What a sentence of guidance is to a standing request. */
  match: {
    args: PackName & { readonly request: string; readonly sentence: string };
    result: RequestMatch;
  };
}

type Handlers = {
  readonly [Method in keyof PerceptionMethods]: (
    args: PerceptionMethods[Method]['args'],
    options: { readonly signal: AbortSignal },
  ) => Promise<PerceptionMethods[Method]['result']>;
};

/**
 * @param log hears when a graphics card was wanted for pictures and is not used
 * @param options of which `usesCards` is whether graphics cards are used where they are wanted
 */
export function createPerceptionService(
  log: (line: string) => void,
  { usesCards = true }: { readonly usesCards?: boolean } = {},
): EngineService {
  const opened = new Map<string, Promise<Perception>>();
  const open = (key: string, openPack: () => Promise<Perception>): Promise<Perception> => {
    const known = opened.get(key);
    if (known) return known;
    const opening = openPack();
    opened.set(key, opening);
    // A pack that was mended is tried again.
    opening.catch(() => opened.delete(key));
    return opening;
  };
  const readerOf = ({ folder, fingerprint }: PackName): Promise<Perception> =>
    open(`reader ${fingerprint} ${folder}`, () => openPack(folder));
  const encoderOf = ({ folder, fingerprint, ...pack }: EncoderName): Promise<Perception> => {
    const hasDevice = pack.hasDevice && usesCards;
    return open(`encoder ${fingerprint} ${hasDevice} ${folder}`, () =>
      openEncoder(folder, { hasDevice, log }),
    );
  };
  const handlers: Handlers = {
    encode: async ({ pictures, ...pack }, options) =>
      (await encoderOf(pack)).encode(pictures, options),
    place: async (pack, options) => (await encoderOf(pack)).place(options),
    read: async ({ streamId, frame, ...pack }, options) =>
      (await readerOf(pack)).read(streamId, frame, options),
    endStream: async ({ streamId, ...pack }, options) => {
      await (await readerOf(pack)).endStream(streamId, options);
    },
    score: async ({ question, rows, ...pack }, options) =>
      (await readerOf(pack)).score(question, rows, options),
    match: async ({ request, sentence, ...pack }, options) =>
      (await readerOf(pack)).match(request, sentence, options),
  };
  return handlers;
}

async function openPack(
  folder: string,
  visionProviders: (encoder: PackFile | undefined) => readonly string[] = () => ['cpu'],
): Promise<Perception> {
  const file = join(folder, 'manifest.json');
  const manifest = parseManifest(await readFile(file, 'utf8'), file);
  const options = { visionProviders: visionProviders(manifest.files.vision) };
  return createPerception(folder, manifest, options);
}

async function openEncoder(
  folder: string,
  { hasDevice, log }: { readonly hasDevice: boolean; readonly log: (line: string) => void },
): Promise<Perception> {
  const perception = await openPack(folder, (encoder) =>
    visionProvidersFor(process.platform, { bytes: encoder?.bytes ?? 0, hasDevice }),
  );
  if (hasDevice) void tellFailures(perception, log);
  return perception;
}

/** Whoever looks at pictures hears himself of what no provider can open. */
async function tellFailures(perception: Perception, log: (line: string) => void): Promise<void> {
  const place = await perception.place({ signal: never }).catch(() => undefined);
  for (const { provider, reason } of place?.failures ?? []) {
    log(`warning: pictures are not computed by ${provider}: ${reason}`);
  }
}
