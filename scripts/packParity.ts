/**
 * Runs a pack on the daemon's own path (engine process, vision encoder, decoder, stream) over the fixture that its converter left in it.
 *   node scripts/packParity.ts PACK… [--cache f16|f32]
 * Prints one object a pack: how far rows, probabilities, replies and lengths are from the reference, and the probabilities themselves.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { systemClock } from '../daemon/base/clock.ts';
import { DisposalStack } from '../daemon/base/lifetime.ts';
import { EngineProcess } from '../daemon/engine/engineProcess.ts';
import { RemotePerception } from '../daemon/engine/remotePerception.ts';
import type { LlmSequence, SequenceOptions, TokenId } from '../daemon/llm/backend.ts';
import type { EngineChannel } from '../daemon/llm/engineChannel.ts';
import { LlamaBackend } from '../daemon/llm/llamaBackend.ts';
import { StreamingSequence, type StreamBackend } from '../daemon/llm/streamingSequence.ts';
import type { Picture } from '../daemon/media/frameSource.ts';
import { parseManifest, type PackManifest } from '../daemon/weights/manifest.ts';

interface ParityReply {
  /** The first ones, greedily chosen. */
  readonly tokens: readonly TokenId[];
  readonly text: string;
  readonly isFinished: boolean;
  /** Positions of the cache behind it. */
  readonly length: number;
}

/** A frame and what was said of it unasked, a question and its answer, or a standing request. */
type ParityStep =
  | {
      readonly picture: number;
      readonly size: readonly [number, number];
      readonly rows: number;
      readonly silence: number;
      readonly length: number;
      readonly reply?: ParityReply;
    }
  | { readonly question: string; readonly reply: ParityReply }
  | { readonly request: string; readonly length: number };

/** parity.json; offsets are those of parity.bin. */
interface Parity {
  readonly rows: { readonly count: number; readonly width: number };
  readonly steps: readonly ParityStep[];
}

/** How a pack compares with its reference. */
export interface ParityReport {
  readonly pack: string;
  readonly frames: number;
  /** Largest absolute differences. */
  readonly rows: number;
  readonly probability: number;
  /** The same on average. */
  readonly meanProbability: number;
  /** Frames on which the pack's own threshold decides as the reference did. */
  readonly sameDecisions: number;
  readonly replies: number;
  /** Replies whose first tokens are all those of the reference. */
  readonly sameReplies: number;
  /** Steps behind which the cache is as long as the reference's. */
  readonly sameLengths: number;
  readonly steps: number;
  readonly framesPerSecond: number;
  readonly silences: readonly number[];
}

interface ParityOptions {
  readonly cacheType?: NonNullable<SequenceOptions['cacheType']>;
  readonly signal: AbortSignal;
}

/**
 * Replies are compared where the reference gave them, and what it said stays in the stream, so that one other word does not make all
 * that follows another stream.
 */
export async function measureParity(
  engine: EngineChannel,
  pack: string,
  { cacheType = 'f16', signal }: ParityOptions,
): Promise<ParityReport> {
  const file = path.join(pack, 'manifest.json');
  const manifest = parseManifest(readFileSync(file, 'utf8'), file);
  if (!manifest.files.parity || !manifest.files.parityData)
    throw new Error(`${pack} has no fixture`);
  const parity = JSON.parse(
    readFileSync(path.join(pack, manifest.files.parity.path), 'utf8'),
  ) as Parity;
  const data = readFileSync(path.join(pack, manifest.files.parityData.path));

  await using stack = new DisposalStack();
  const stateFolder = mkdtempSync(path.join(tmpdir(), 'codealong-parity-'));
  stack.defer(() => {
    rmSync(stateFolder, { recursive: true, force: true });
  });
  const model = { path: path.join(pack, manifest.files.decoder.path), device: 'auto' } as const;
  const backend = stack.use(
    await LlamaBackend.open({ channel: engine, model, stateFolder }, { signal }),
  );
  const recorded = new RecordingBackend(backend, cacheType);
  const sequence = stack.use(await openSequence(recorded, manifest, signal));
  const perception = new RemotePerception(engine, pack);
  return await new Run({ pack, manifest, parity, data, recorded, sequence, perception }).all(
    signal,
  );
}

function openSequence(
  backend: StreamBackend,
  manifest: PackManifest,
  signal: AbortSignal,
): Promise<StreamingSequence> {
  const { stream, decoder } = manifest;
  // A decoder of random weights may say the same word for ever; the reference lets it.
  const loopRule = { repeats: Number.MAX_SAFE_INTEGER, minTokens: 1 };
  const contextSize = decoder.contextTokens;
  return StreamingSequence.open({ backend, manifest: stream, contextSize, loopRule }, { signal });
}

/** The backend, with a cache of the wanted type, and every generated token noted down. */
class RecordingBackend implements StreamBackend {
  tokens: TokenId[] = [];
  readonly #backend: LlamaBackend;
  readonly #cacheType: NonNullable<SequenceOptions['cacheType']>;

  constructor(backend: LlamaBackend, cacheType: NonNullable<SequenceOptions['cacheType']>) {
    this.#backend = backend;
    this.#cacheType = cacheType;
  }

  get specialTokens(): readonly string[] {
    return this.#backend.specialTokens;
  }

  get canShift(): boolean {
    return this.#backend.canShift;
  }

  get rowWidth(): number {
    return this.#backend.rowWidth;
  }

  tokenize: StreamBackend['tokenize'] = (text, options) => this.#backend.tokenize(text, options);

  detokenize: StreamBackend['detokenize'] = (tokens, options) =>
    this.#backend.detokenize(tokens, options);

  createSequence: StreamBackend['createSequence'] = async (options) => {
    const sequence = await this.#backend.createSequence({ ...options, cacheType: this.#cacheType });
    const note = (token: TokenId): void => void this.tokens.push(token);
    const generate: LlmSequence['generate'] = async function* (rules) {
      for await (const token of sequence.generate(rules)) {
        note(token);
        yield token;
      }
    };
    return new Proxy(sequence, {
      get: (target, name) => {
        if (name === 'generate') return generate;
        const value: unknown = Reflect.get(target, name, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
  };
}

interface RunParts {
  readonly pack: string;
  readonly manifest: PackManifest;
  readonly parity: Parity;
  readonly data: Buffer;
  readonly recorded: RecordingBackend;
  readonly sequence: StreamingSequence;
  readonly perception: RemotePerception;
}

class Run {
  readonly #parts: RunParts;
  readonly #silences: number[] = [];
  readonly #differences: number[] = [];
  #rows = 0;
  #sameDecisions = 0;
  #replies = 0;
  #sameReplies = 0;
  #sameLengths = 0;
  #seconds = 0;

  constructor(parts: RunParts) {
    this.#parts = parts;
  }

  async all(signal: AbortSignal): Promise<ParityReport> {
    const { pack, parity, sequence } = this.#parts;
    for (const step of parity.steps) {
      if ('request' in step) {
        sequence.appendUser(step.request);
        if (sequence.length === step.length) this.#sameLengths++;
        continue;
      }
      const isFrame = 'picture' in step;
      if (isFrame) await this.#show(step, signal);
      const lengthBefore = isFrame ? step.length : undefined;
      const isSame = lengthBefore === undefined || sequence.length === lengthBefore;
      if (step.reply) await this.#compare(step, step.reply, signal);
      const { length } = sequence;
      if (isSame && length === (step.reply?.length ?? lengthBefore)) this.#sameLengths++;
    }
    const frames = this.#silences.length;
    return {
      ...{ pack: path.basename(pack), frames, rows: this.#rows },
      probability: Math.max(...this.#differences),
      meanProbability: this.#differences.reduce((sum, value) => sum + value, 0) / frames,
      ...{ sameDecisions: this.#sameDecisions, replies: this.#replies },
      ...{ sameReplies: this.#sameReplies, sameLengths: this.#sameLengths },
      ...{ steps: parity.steps.length, framesPerSecond: frames / this.#seconds },
      silences: this.#silences,
    };
  }

  async #show(step: Extract<ParityStep, { picture: number }>, signal: AbortSignal): Promise<void> {
    const { manifest, parity, data, sequence, perception } = this.#parts;
    const [width, height] = step.size;
    const pixels = data.subarray(step.picture, step.picture + width * height * 3);
    const picture: Picture = { width, height, data: new Uint8Array(pixels) };
    const started = performance.now();
    const [rows] = await perception.encode([picture], { signal });
    if (!rows) throw new Error('the encoder gave no rows');
    const reading = await sequence.appendFrame({ lines: [], rows }, { signal });
    this.#seconds += (performance.now() - started) / 1000;
    const count = parity.rows.count * parity.rows.width;
    const bytes = data.buffer.slice(data.byteOffset + step.rows);
    const expected = new Float32Array(bytes, 0, count);
    for (const [index, value] of expected.entries()) {
      this.#rows = Math.max(this.#rows, Math.abs(value - rows[index]!));
    }
    const { silenceProbability } = reading;
    this.#silences.push(silenceProbability);
    this.#differences.push(Math.abs(silenceProbability - step.silence));
    const speaks = silenceProbability < manifest.stream.silenceThreshold;
    if (speaks === (step.reply !== undefined)) this.#sameDecisions++;
  }

  async #compare(step: ParityStep, expected: ParityReply, signal: AbortSignal): Promise<void> {
    const { sequence, recorded } = this.#parts;
    recorded.tokens = [];
    const question = 'question' in step ? step.question : undefined;
    const reply =
      question === undefined
        ? await sequence.reply({ signal })
        : await sequence.answer(question, { signal });
    const said = recorded.tokens.slice(0, expected.tokens.length);
    const isWhole = (reply.ending === 'finished') === expected.isFinished;
    const isSame = isWhole && said.join() === expected.tokens.join();
    this.#replies++;
    if (isSame) this.#sameReplies++;
    if (isSame) return;
    await sequence.rollback();
    if (!expected.isFinished) return;
    if (question !== undefined) sequence.appendUser(question);
    await sequence.recite(expected.text, { signal });
  }
}

/** An engine process as the daemon starts it, from the sources. */
export function startEngine(): EngineProcess {
  const scriptPath = fileURLToPath(new URL('../daemon/engine/engineMain.ts', import.meta.url));
  return new EngineProcess({
    ...{ nodePath: process.execPath, scriptPath, clock: systemClock, log: () => undefined },
  });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: { cache: { type: 'string', default: 'f16' } },
  });
  if (positionals.length === 0)
    throw new Error('usage: node scripts/packParity.ts PACK… [--cache f16|f32]');
  const cacheType = values.cache === 'f32' ? 'f32' : 'f16';
  await using engine = startEngine();
  const { signal } = new AbortController();
  for (const pack of positionals) {
    const report = await measureParity(engine, path.resolve(pack), { cacheType, signal });
    process.stdout.write(`${JSON.stringify(report)}\n`);
  }
}
