/** Model packs as the assistant uses them: each is opened once, on the one engine process of the daemon. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import type { LoadedPack, PackLoader } from './assistant/collaborators.ts';
import { LocalRecall } from './assistant/localRecall.ts';
import { LocalStreamingModel } from './assistant/localStreamingModel.ts';
import type { ScreenReader } from './assistant/screenReader.ts';
import type { StreamingModel } from './assistant/streamingModel.ts';
import { TrackedScreenReader } from './assistant/trackedScreenReader.ts';
import { AppError } from './base/errors.ts';
import { DisposalStack } from './base/lifetime.ts';
import { RemotePerception } from './engine/remotePerception.ts';
import type { LlmBackend } from './llm/backend.ts';
import type { EngineChannel } from './llm/engineChannel.ts';
import { LlamaBackend } from './llm/llamaBackend.ts';
import { StreamingSequence } from './llm/streamingSequence.ts';
import { defaultTrackerConfig, ScreenTextTracker } from './perception/screenTextTracker.ts';
import {
  isDemonstration,
  packName,
  type DecoderManifest,
  type PackManifest,
} from './weights/manifest.ts';
import type { ModelPack, ModelStore } from './weights/modelStore.ts';

export interface PackShelfParts {
  readonly store: ModelStore;
  readonly engine: EngineChannel;
  /** Saved states of running sequences lie below. */
  readonly stateFolder: string;
}

/** Opens packs on first use and keeps them. */
export class PackShelf implements PackLoader, AsyncDisposable {
  readonly #parts: PackShelfParts;
  readonly #stack = new DisposalStack();
  readonly #packs = new Map<string, Promise<LocalPack>>();

  constructor(parts: PackShelfParts) {
    this.#parts = parts;
  }

  async load(model: string | undefined, { signal }: { signal: AbortSignal }): Promise<LocalPack> {
    const found = await this.#parts.store.locate(model, { signal });
    const known = this.#packs.get(found.folder);
    if (known) return known;
    const opening = LocalPack.open(found, this.#parts, { signal });
    this.#packs.set(found.folder, opening);
    try {
      return this.#stack.use(await opening);
    } catch (error) {
      this.#packs.delete(found.folder);
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#stack[Symbol.asyncDispose]();
  }
}

/** A pack whose decoder and networks run in the engine process. */
export class LocalPack implements LoadedPack, AsyncDisposable {
  readonly name: string;
  readonly frameRateFps: number;
  readonly silenceThreshold: number;
  readonly isDemonstration: boolean;
  readonly summaryPrompt: string | undefined;
  readonly recall: LocalRecall;
  readonly #manifest: PackManifest;
  readonly #backend: LlamaBackend;
  readonly #perception: RemotePerception;

  private constructor(manifest: PackManifest, backend: LlamaBackend, perception: RemotePerception) {
    this.name = packName(manifest);
    this.frameRateFps = manifest.stream.frameRateFps;
    this.silenceThreshold = manifest.stream.silenceThreshold;
    this.isDemonstration = isDemonstration(manifest);
    this.summaryPrompt = manifest.stream.summaryPrompt;
    this.recall = new LocalRecall({ name: this.name, backend, manifest: manifest.stream });
    this.#manifest = manifest;
    this.#backend = backend;
    this.#perception = perception;
  }

  static async open(
    { folder, manifest, files }: ModelPack,
    { engine, stateFolder }: PackShelfParts,
    options: { signal: AbortSignal },
  ): Promise<LocalPack> {
    const key = createHash('sha256').update(folder).digest('hex').slice(0, 12);
    const backend = await LlamaBackend.open(
      {
        channel: engine,
        model: { path: files.decoder, device: 'auto' },
        stateFolder: path.join(stateFolder, key),
      },
      options,
    );
    const difference = whatDiffers(manifest.decoder, backend);
    if (difference !== undefined) {
      await backend[Symbol.asyncDispose]();
      throw new AppError('model.fileMismatch', `${files.decoder} has ${difference}.`);
    }
    return new LocalPack(manifest, backend, new RemotePerception(engine, folder));
  }

  /** What runs the decoder. */
  get runtime(): LlmBackend['runtime'] {
    return this.#backend.runtime;
  }

  get engineRestarts(): number {
    return this.#backend.restarts;
  }

  async createModel({ signal }: { signal: AbortSignal }): Promise<StreamingModel> {
    const { stream, decoder } = this.#manifest;
    const sequence = await StreamingSequence.open(
      { backend: this.#backend, manifest: stream, contextSize: decoder.contextTokens },
      { signal },
    );
    // What the pack was trained to be told before a video that it should narrate.
    if (stream.instruction !== undefined) sequence.appendUser(stream.instruction);
    const perception = this.#perception;
    return new LocalStreamingModel({
      name: this.name,
      encode: (pictures, options) => perception.encode(pictures, options),
      sequence,
    });
  }

  createScreenReader(): ScreenReader & AsyncDisposable {
    const { reader, stream } = this.#manifest;
    if (!reader) {
      const blind = { opened: [], closed: [], newTexts: [] };
      return {
        read: () => Promise.resolve(blind),
        [Symbol.asyncDispose]: () => Promise.resolve(),
      };
    }
    const remote = this.#perception.openStream();
    const { minConfidence, stableFrames } = reader;
    return new TrackedScreenReader({
      reader: remote,
      tracker: new ScreenTextTracker({ ...defaultTrackerConfig, minConfidence, stableFrames }),
      limits: stream.screenText,
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#backend[Symbol.asyncDispose]();
  }
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
