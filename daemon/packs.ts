/** Model packs as the assistant uses them: each is opened once, on the one engine process of the daemon. */
import { createHash } from 'node:crypto';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import type {
  LoadedPack,
  ModelOptions,
  Pack,
  PackDescription,
  PackFinder,
} from './assistant/collaborators.ts';
import { describeRecall, LocalRecall } from './assistant/localRecall.ts';
import { LocalStreamingModel } from './assistant/localStreamingModel.ts';
import { RequestedModel, type RequestedModelParts } from './assistant/requestedModel.ts';
import type { RecallModel } from './assistant/recall.ts';
import type { ScreenReader } from './assistant/screenReader.ts';
import type { StreamingModel } from './assistant/streamingModel.ts';
import { TrackedScreenReader } from './assistant/trackedScreenReader.ts';
import { AppError, isAppError } from './base/errors.ts';
import { DisposalStack, untilAborted } from './base/lifetime.ts';
import { RemotePerception } from './engine/remotePerception.ts';
import type { LlmBackend } from './llm/backend.ts';
import type { EngineChannel } from './llm/engineChannel.ts';
import { LlamaBackend } from './llm/llamaBackend.ts';
import { stillBudget } from './llm/rowBudget.ts';
import { StreamingSequence } from './llm/streamingSequence.ts';
import type { Picture } from './media/frameSource.ts';
import { fitCanvas } from './media/pixels.ts';
import { defaultTrackerConfig, ScreenTextTracker } from './perception/screenTextTracker.ts';
import type { VisionPlace } from './perception/visionProviders.ts';
import { claimStateFolder } from './stateFolder.ts';
import {
  isDemonstration,
  packName,
  type DecoderManifest,
  type PackManifest,
  type VisionManifest,
} from './weights/manifest.ts';
import type { ModelPack, ModelStore } from './weights/modelStore.ts';

interface PackShelfParts extends Omit<PackHost, 'lender'> {
  readonly store: ModelStore;
}

/** What a pack runs on. */
interface PackHost {
  readonly engine: EngineChannel;
  /** Saved states of running sequences lie below. */
  readonly stateFolder: string;
  /** Reads and answers for a pack that cannot. */
  readonly lender?: LocalPack;
}

/** Opening is shared by all who wait for it, so nobody's cancellation ends it. */
const never = new AbortController().signal;

/** Opens packs on first use and keeps them. One that was replaced on disk counts as another. */
export class PackShelf implements PackFinder, AsyncDisposable {
  readonly #parts: PackShelfParts;
  readonly #stack = new DisposalStack();
  readonly #packs = new Map<string, Promise<LocalPack>>();
  #stateFolder: Promise<string> | undefined;

  /** @param parts of which `stateFolder` may be shared with other processes */
  constructor(parts: PackShelfParts) {
    this.#parts = parts;
  }

  async find(model: string | undefined, options: { signal: AbortSignal }): Promise<Pack> {
    const found = await this.#parts.store.locate(model, options);
    const answering = canAnswer(found.manifest) ? found : await this.#lender(found, options);
    return {
      ...describePack(found.manifest),
      load: (scope) => this.#load(found, scope),
      recall: this.#recallOf(answering ?? found),
    };
  }

  /** Answers from stored rows; what runs it starts with the first question. */
  #recallOf(pack: ModelPack): RecallModel {
    const load = (scope: { signal: AbortSignal }): Promise<LocalPack> => this.#load(pack, scope);
    return {
      name: packName(pack.manifest),
      ...describeRecall(pack.manifest.stream),
      ...(pack.manifest.retriever && {
        relevance: async (question, rows, scope) =>
          (await load(scope)).relevance(question, rows, scope),
      }),
      recall: async (request, scope) => (await load(scope)).recall.recall(request, scope),
    };
  }

  /**
   * The shipped pack, for one that cannot read the screen or answer from stored rows: neither needs the decoder that watches. A name
   * in the manifest would only tie a pack to another that may not be there.
   */
  async #lender(
    { folder }: ModelPack,
    options: { signal: AbortSignal },
  ): Promise<ModelPack | undefined> {
    try {
      const shipped = await this.#parts.store.locate(undefined, options);
      return shipped.folder === folder ? undefined : shipped;
    } catch (error) {
      if (isAppError(error, 'model.notFound')) return undefined;
      throw error;
    }
  }

  async load(model: string | undefined, options: { signal: AbortSignal }): Promise<LocalPack> {
    return this.#load(await this.#parts.store.locate(model, options), options);
  }

  /**
   * Where the pictures of a pack are computed, which opens its encoder and not its decoder; nowhere without an encoder.
   * @param options of which `hasDevice` is whether a graphics card is used
   * @throws AppError model.*, perception.*
   */
  async picturePlace(
    model: string | undefined,
    { hasDevice, signal }: { readonly hasDevice: boolean; readonly signal: AbortSignal },
  ): Promise<VisionPlace | undefined> {
    const found = await this.#parts.store.locate(model, { signal });
    const options = { fingerprint: fingerprintOf(found), hasDevice: () => hasDevice };
    return new RemotePerception(this.#parts.engine, found.folder, options).place({ signal });
  }

  async #load(found: ModelPack, { signal }: { signal: AbortSignal }): Promise<LocalPack> {
    const key = fingerprintOf(found);
    const known = this.#packs.get(key);
    if (known) return untilAborted(known, { signal });
    const opening = this.#open(found);
    this.#packs.set(key, opening);
    // Whoever waits hears of a failure; the next one tries anew.
    opening.catch(() => this.#packs.delete(key));
    return untilAborted(opening, { signal });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]();
    const stateFolder = await this.#stateFolder;
    if (stateFolder !== undefined) await rm(stateFolder, { recursive: true, force: true });
  }

  async #open(found: ModelPack): Promise<LocalPack> {
    this.#stateFolder ??= claimStateFolder(this.#parts.stateFolder);
    const isWhole = found.manifest.reader !== undefined && canAnswer(found.manifest);
    const shipped = isWhole ? undefined : await this.#lender(found, { signal: never });
    const host = {
      ...{ engine: this.#parts.engine, stateFolder: await this.#stateFolder },
      ...(shipped && { lender: await this.#load(shipped, { signal: never }) }),
    };
    return this.#stack.use(await LocalPack.open(found, host, { signal: never }));
  }
}

/** A pack whose decoder and networks run in the engine process. */
export class LocalPack implements LoadedPack, AsyncDisposable {
  readonly name: string;
  readonly frameRateFps: number;
  readonly silenceThreshold: number;
  readonly requestSilenceThreshold: number | undefined;
  readonly isDemonstration: boolean;
  readonly plainWords: ReadonlySet<string> | undefined;
  readonly quote: string | undefined;
  readonly minReplyLikelihood: number | undefined;
  readonly refractoryMs?: number;
  readonly recall: LocalRecall;
  readonly #manifest: PackManifest;
  readonly #backend: LlamaBackend;
  readonly #perception: RemotePerception;
  readonly #lender: LocalPack | undefined;

  private constructor(
    manifest: PackManifest,
    backend: LlamaBackend,
    { perception, lender }: { perception: RemotePerception; lender: LocalPack | undefined },
  ) {
    const described = describePack(manifest);
    this.name = described.name;
    this.frameRateFps = described.frameRateFps;
    this.silenceThreshold = described.silenceThreshold;
    this.requestSilenceThreshold = described.requestSilenceThreshold;
    this.isDemonstration = described.isDemonstration;
    this.plainWords = described.plainWords;
    this.quote = described.quote;
    this.minReplyLikelihood = described.minReplyLikelihood;
    if (described.refractoryMs !== undefined) this.refractoryMs = described.refractoryMs;
    this.#manifest = manifest;
    this.#backend = backend;
    this.#perception = perception;
    this.#lender = lender;
    const own = {
      ...{ name: this.name, backend, manifest: manifest.stream },
      ...(manifest.retriever && { relevance: this.relevance }),
    };
    this.recall = lender && !canAnswer(manifest) ? lender.recall : new LocalRecall(own);
  }

  static async open(
    pack: ModelPack,
    { engine, stateFolder, lender }: PackHost,
    options: { signal: AbortSignal },
  ): Promise<LocalPack> {
    const { folder, manifest, files } = pack;
    const fingerprint = fingerprintOf(pack);
    const backend = await LlamaBackend.open(
      {
        channel: engine,
        model: { path: files.decoder, device: 'auto', cachePositions: cachePositionsOf(manifest) },
        stateFolder: path.join(stateFolder, fingerprint),
      },
      options,
    );
    const difference = whatDiffers(manifest.decoder, backend);
    if (difference !== undefined) {
      await backend[Symbol.asyncDispose]();
      throw new AppError('model.fileMismatch', `${files.decoder} has ${difference}.`);
    }
    const perception = new RemotePerception(engine, folder, {
      fingerprint,
      hasDevice: () => backend.runtime.deviceLayers > 0,
    });
    return new LocalPack(manifest, backend, { perception, lender });
  }

  /** @throws AppError model.unsupported when the pack has no retriever */
  relevance: NonNullable<RecallModel['relevance']> = (question, rows, options) =>
    this.#perception.score(question, rows, options);

  /** What runs the decoder. */
  get runtime(): LlmBackend['runtime'] {
    return this.#backend.runtime;
  }

  /** Asks the decoder something, which starts its engine when none runs. @returns what runs it. @throws AppError engine.* */
  async probe({ signal }: { signal: AbortSignal }): Promise<LlmBackend['runtime']> {
    await this.#backend.tokenize('', { parseSpecial: false, signal });
    return this.runtime;
  }

  get engineRestarts(): number {
    return this.#backend.restarts;
  }

  async createModel({
    instruction,
    isUngrounded = false,
    isLive = false,
    onFrame,
    signal,
  }: ModelOptions): Promise<StreamingModel> {
    const { stream, decoder, matcher } = this.#manifest;
    const contextSize = decoder.contextTokens;
    const manifest = isLive ? { rowBudget: stillBudget, ...stream } : stream;
    const sequence = await StreamingSequence.open(
      { backend: this.#backend, manifest, contextSize, isUngrounded, isUrgent: isLive },
      { signal },
    );
    try {
      // What the pack was trained to be told before a video that it should narrate; with a matcher it does so whatever it is asked for.
      const told = (matcher ? undefined : instruction) ?? stream.instruction;
      if (told !== undefined) sequence.appendUser(told);
    } catch (error) {
      await sequence[Symbol.asyncDispose]();
      throw error;
    }
    const model = new LocalStreamingModel({
      name: this.name,
      keepsFrames: stream.recall?.past !== undefined,
      encode: (pictures, options) =>
        this.#perception.encode(pictures.map(pictureFor(this.#manifest.vision)), options),
      onFrame,
      sequence,
    });
    if (!matcher || instruction === undefined) return model;
    return new RequestedModel({
      ...{ narrator: model, request: instruction, match: this.#match },
      minReplyLikelihood: isUngrounded ? 0 : (this.minReplyLikelihood ?? 0),
    });
  }

  #match: RequestedModelParts['match'] = (request, sentence, options) =>
    this.#perception.match(request, sentence, options);

  createScreenReader(): ScreenReader & AsyncDisposable {
    const { reader } = this.#manifest;
    if (!reader && this.#lender) return this.#lender.createScreenReader();
    if (!reader) {
      const blind = { opened: [], closed: [], revised: [], newLines: [] };
      return {
        read: () => Promise.resolve(blind),
        finish: () => blind,
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
    }
    const remote = this.#perception.openStream();
    const { minConfidence, stableFrames } = reader;
    return new TrackedScreenReader({
      reader: remote,
      tracker: new ScreenTextTracker({ ...defaultTrackerConfig, minConfidence, stableFrames }),
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#backend[Symbol.asyncDispose]();
  }
}

function describePack(manifest: PackManifest): PackDescription {
  const { frameRateFps, plainWords, grounding, minReplyLikelihood } = manifest.stream;
  const { silenceThreshold, requestSilenceThreshold, policy } = manifest.stream;
  const refractoryMs = policy?.refractoryMs;
  return {
    ...{ name: packName(manifest), frameRateFps, silenceThreshold, requestSilenceThreshold },
    plainWords: plainWords && new Set(plainWords),
    ...{ quote: grounding?.quote, minReplyLikelihood },
    ...(refractoryMs !== undefined && { refractoryMs }),
    isDemonstration: isDemonstration(manifest),
  };
}

/** Whether it was trained to answer from stored rows. */
const canAnswer = ({ stream }: PackManifest): boolean => stream.recall !== undefined;

/** Of a video that is watched, and of a question that is answered from stored rows meanwhile. */
const cachePositionsOf = (manifest: PackManifest): number =>
  manifest.decoder.contextTokens * (canAnswer(manifest) ? 2 : 1);

/** Another one for another folder, and when anything of the pack has changed: its manifest has the hash of every file. */
function fingerprintOf({ folder, manifest }: ModelPack): string {
  const known = JSON.stringify([folder, manifest]);
  return createHash('sha256').update(known).digest('hex').slice(0, 12);
}

/** As small as the encoder sees it, since it travels to the engine and there to a thread. The encoder finds nothing left to do. */
function pictureFor(vision: VisionManifest | undefined): (picture: Picture) => Picture {
  if (!vision) return (picture) => picture;
  return (picture) => fitCanvas(picture, vision);
}

/** In what the decoder file is not what its manifest says. */
function whatDiffers(said: DecoderManifest, is: LlamaBackend): string | undefined {
  if (is.rowWidth !== said.embeddingWidth) {
    return `rows of ${is.rowWidth} numbers, and its manifest says ${said.embeddingWidth}`;
  }
  if (is.vocabularySize !== said.vocabularySize) {
    return `${is.vocabularySize} tokens, and its manifest says ${said.vocabularySize}`;
  }
  if (is.trainedContext < said.contextTokens) {
    return `a context of ${is.trainedContext}, and its manifest says ${said.contextTokens}`;
  }
  return undefined;
}
