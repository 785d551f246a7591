/** Where the vision encoder is computed: by which of onnxruntime's providers, and why not by a better one. */
import { toError } from '../base/errors.ts';
import type { DenseTensor, OrtSession } from './ortSession.ts';

/** Where pictures are computed, as the doctor tells it. */
export interface VisionPlace {
  /** In onnxruntime's words: cpu, cuda, webgpu, dml, coreml. */
  readonly provider: string;
  /** What was tried before, in its order, and what each said. */
  readonly failures: readonly { readonly provider: string; readonly reason: string }[];
}

/** Of a graphics card, the best first. @source README of onnxruntime-node 1.30 */
const cardProviders: Partial<Readonly<Record<NodeJS.Platform, readonly string[]>>> = {
  linux: ['cuda', 'webgpu'],
  win32: ['dml'],
  darwin: ['coreml'],
};

/**
 * A smaller encoder answers well before the next frame is due, and a card would only cost it memory and the way there and back.
 * @source one thread, 384 × 384: 28 ms for a file of 8 MB, 243 ms for one of 88 MB (ViT-S); live-tiny's has 5 MB
 */
const leastBytes = 20e6;

/** @param hasDevice whether a graphics card is used for the decoder: who forbids that forbids this, too */
export function visionProvidersFor(
  platform: NodeJS.Platform,
  { bytes, hasDevice }: { readonly bytes: number; readonly hasDevice: boolean },
): readonly string[] {
  const isWorthIt = hasDevice && bytes >= leastBytes;
  return [...(isWorthIt ? (cardProviders[platform] ?? []) : []), 'cpu'];
}

type Network = Pick<OrtSession, 'run'> & AsyncDisposable;

/**
 * Opens an encoder with the first provider that starts and computes as the processor does.
 * @param providers in their order, of which the last has to start @param size of a picture, in pixels
 * @throws what `open` throws for the last one
 */
export async function openFirst<Session extends Network>(
  providers: readonly string[],
  size: { readonly width: number; readonly height: number },
  open: (provider: string) => Promise<Session>,
): Promise<{ readonly session: Session; readonly place: VisionPlace }> {
  const failures: { provider: string; reason: string }[] = [];
  for (const provider of providers.slice(0, -1)) {
    let session: Session | undefined;
    try {
      session = await open(provider);
      await requireAgreement(session, size, open);
      return { session, place: { provider, failures } };
    } catch (error) {
      await session?.[Symbol.asyncDispose]();
      failures.push({ provider, reason: reasonOf(error) });
    }
  }
  const provider = providers.at(-1)!;
  return { session: await open(provider), place: { provider, failures } };
}

/** Cards round otherwise, and some to 16 bits; what is further away is another picture. */
const leastCosine = 0.99;

/** Drivers may compute nonsense without a word. @throws Error when it is not what the processor computes of the same picture */
async function requireAgreement(
  session: Network,
  { width, height }: { readonly width: number; readonly height: number },
  open: (provider: string) => Promise<Network>,
): Promise<void> {
  // Waves of many lengths, within the values of a normalised picture.
  const data = Float32Array.from({ length: 3 * width * height }, (_, i) => Math.sin(i * i * 1e-4));
  const picture: DenseTensor = { data, dims: [1, 3, height, width] };
  const [found, expected] = [await session.run(picture), await runOnce(open, picture)];
  const cosine = cosineOf(found.data, expected.data);
  if (cosine >= leastCosine) return;
  throw new Error(`it does not compute what the processor does (cosine ${cosine.toFixed(3)})`);
}

async function runOnce(
  open: (provider: string) => Promise<Network>,
  picture: DenseTensor,
): Promise<DenseTensor> {
  await using processor = await open('cpu');
  return await processor.run(picture);
}

/** −1 … 1; NaN where either is nothing, or no number. */
function cosineOf(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (const [at, x] of a.entries()) {
    const y = b[at] ?? Number.NaN;
    ab += x * y;
    aa += x * x;
    bb += y * y;
  }
  return ab / Math.sqrt(aa * bb);
}

/** One line, of what onnxruntime says in many. */
function reasonOf(error: unknown): string {
  const { message, cause } = toError(error);
  const said = cause instanceof Error && cause.message !== '' ? cause.message : message;
  return said.replace(/\s+/g, ' ').trim().slice(-200);
}
