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
type OpenNetwork = (provider: string) => Promise<Network>;

/** Pixels. */
interface PictureSize {
  readonly width: number;
  readonly height: number;
}

interface Found {
  readonly session: Network;
  readonly place: VisionPlace;
  readonly rest: readonly string[];
}

/** An encoder on the first provider that starts and computes as the processor does; when that fails later, on the next one. */
export class VisionNetwork implements Network {
  readonly #open: OpenNetwork;
  readonly #size: PictureSize;
  #session: Network;
  #place: VisionPlace;
  /** What is left to try. */
  #rest: readonly string[];

  private constructor(open: OpenNetwork, size: PictureSize, found: Found) {
    this.#open = open;
    this.#size = size;
    [this.#session, this.#place, this.#rest] = [found.session, found.place, found.rest];
  }

  /**
   * @param providers in their order, of which the last has to start
   * @throws what `open` throws for the last one
   */
  static async open(
    providers: readonly string[],
    size: PictureSize,
    open: OpenNetwork,
  ): Promise<VisionNetwork> {
    return new VisionNetwork(open, size, await findFirst(providers, size, { open, failures: [] }));
  }

  get place(): VisionPlace {
    return this.#place;
  }

  async run(picture: DenseTensor): Promise<DenseTensor> {
    for (;;) {
      try {
        return await this.#session.run(picture);
      } catch (error) {
        if (this.#rest.length === 0) throw error;
        await release(this.#session);
        const failed = { provider: this.#place.provider, reason: reasonOf(error) };
        const failures = [...this.#place.failures, failed];
        const found = await findFirst(this.#rest, this.#size, { open: this.#open, failures });
        [this.#session, this.#place, this.#rest] = [found.session, found.place, found.rest];
      }
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#session[Symbol.asyncDispose]();
  }
}

async function findFirst(
  [provider = 'cpu', ...rest]: readonly string[],
  size: PictureSize,
  { open, failures }: { readonly open: OpenNetwork; readonly failures: VisionPlace['failures'] },
): Promise<Found> {
  const place = { provider, failures };
  if (rest.length === 0) return { session: await open(provider), place, rest };
  let session: Network | undefined;
  try {
    session = await open(provider);
    await requireAgreement(session, size, open);
    return { session, place, rest };
  } catch (error) {
    if (session) await release(session);
    const failed = { provider, reason: reasonOf(error) };
    return await findFirst(rest, size, { open, failures: [...failures, failed] });
  }
}

/** What has failed may fail once more. */
async function release(session: Network): Promise<void> {
  try {
    await session[Symbol.asyncDispose]();
  } catch {
    // Nothing is left to be done with it.
  }
}

/** Of each row: cards round otherwise, and some to 16 bits; what is further away is another picture. */
const leastCosine = 0.99;

/** Drivers may compute nonsense without a word. @throws Error when it is not what the processor computes of the same picture */
async function requireAgreement(
  session: Network,
  { width, height }: PictureSize,
  open: OpenNetwork,
): Promise<void> {
  // Waves of many lengths, within the values of a normalised picture.
  const data = Float32Array.from({ length: 3 * width * height }, (_, i) => Math.sin(i * i * 1e-4));
  const picture: DenseTensor = { data, dims: [1, 3, height, width] };
  const [found, expected] = [await session.run(picture), await runOnce(open, picture)];
  const cosine = leastCosineOf(found, expected);
  if (cosine >= leastCosine) return;
  throw new Error(`it does not compute what the processor does (cosine ${cosine.toFixed(3)})`);
}

async function runOnce(open: OpenNetwork, picture: DenseTensor): Promise<DenseTensor> {
  await using processor = await open('cpu');
  return await processor.run(picture);
}

/** Over the rows, shape [1, n, width]; NaN when their shapes differ. */
function leastCosineOf(found: DenseTensor, expected: DenseTensor): number {
  if (found.dims.join() !== expected.dims.join()) return Number.NaN;
  const width = found.dims.at(-1)!;
  const rows = Array.from({ length: found.data.length / width }, (_, row) => row * width);
  const rowOf = ({ data }: DenseTensor, at: number): Float32Array => data.subarray(at, at + width);
  return Math.min(...rows.map((at) => cosineOf(rowOf(found, at), rowOf(expected, at))));
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
