/** Host side of perception: one pack's encoder and readers, which outlive an engine because they hold nothing themselves. */
import { randomUUID } from 'node:crypto';
import { isAppError, isCancellation } from '../base/errors.ts';
import type { EngineChannel } from '../llm/engineChannel.ts';
import { retryWhenLost } from '../llm/recoveringSequence.ts';
import type { Frame, Picture } from '../media/frameSource.ts';
import type {
  FrameEmbedding,
  PlacedText,
  RequestMatch,
  ScreenLine,
} from '../perception/perception.ts';
import type { VisionPlace } from '../perception/visionProviders.ts';
import { perceptionServiceName, type PerceptionMethods } from './perceptionService.ts';

/** Forgetting must happen whatever the caller has given up. */
const never = new AbortController().signal;

interface RemotePerceptionOptions {
  /** Tells packs apart that lie in the same folder one after the other. */
  readonly fingerprint?: string;
  /** Whether a graphics card is used for the decoder now. */
  readonly hasDevice?: () => boolean;
}

export class RemotePerception {
  readonly #channel: EngineChannel;
  readonly #folder: string;
  readonly #options: Required<RemotePerceptionOptions>;

  /** @param folder of the model pack */
  constructor(channel: EngineChannel, folder: string, options: RemotePerceptionOptions = {}) {
    this.#channel = channel;
    this.#folder = folder;
    this.#options = { fingerprint: '', hasDevice: () => false, ...options };
  }

  get #pack(): { folder: string; fingerprint: string } {
    return { folder: this.#folder, fingerprint: this.#options.fingerprint };
  }

  /** As the engine that runs now knows it. */
  get #encoder(): { folder: string; fingerprint: string; hasDevice: boolean } {
    return { ...this.#pack, hasDevice: this.#options.hasDevice() };
  }

  /** Where pictures are computed; nowhere without an encoder in the pack. @throws as `encode` */
  place({ signal }: { signal: AbortSignal }): Promise<VisionPlace | undefined> {
    return retryWhenLost(() => this.#call('place', this.#encoder, { signal }));
  }

  /** @returns one embedding per picture. @throws AppError of the codes perception.*, engine.crashLoop */
  encode(
    pictures: readonly Picture[],
    { signal }: { signal: AbortSignal },
  ): Promise<readonly FrameEmbedding[]> {
    // Looking twice at a picture is harmless: whatever died with the engine is asked again.
    return retryWhenLost(() => this.#call('encode', { ...this.#encoder, pictures }, { signal }));
  }

  /** How likely each row answers a question, about -1 … 1. @throws AppError of the codes perception.*, engine.crashLoop, model.unsupported */
  score(
    question: string,
    rows: readonly PlacedText[],
    { signal }: { signal: AbortSignal },
  ): Promise<Float32Array> {
    return retryWhenLost(() => this.#call('score', { ...this.#pack, question, rows }, { signal }));
  }

  /** What a sentence of guidance is to a standing request. @throws AppError of the codes perception.*, engine.crashLoop, model.unsupported */
  match(
    request: string,
    sentence: string,
    { signal }: { signal: AbortSignal },
  ): Promise<RequestMatch> {
    return retryWhenLost(() =>
      this.#call('match', { ...this.#pack, request, sentence }, { signal }),
    );
  }

  /** A reader of one stream's screen; frames must come in order. */
  openStream(): RemoteLineReader {
    const stream = { ...this.#pack, streamId: randomUUID() };
    /** The engine that knows the stream. */
    let incarnation: number | undefined;
    return {
      readLines: (frame, { signal }) =>
        retryWhenLost(() => {
          incarnation = this.#channel.incarnation;
          return this.#call('read', { ...stream, frame }, { signal, incarnation });
        }),
      [Symbol.asyncDispose]: async () => {
        if (incarnation === undefined) return;
        try {
          await this.#call('endStream', stream, { signal: never, incarnation });
        } catch (error) {
          // What is gone is forgotten, and why the watching ended is told already.
          if (!isAppError(error) && !isCancellation(error)) throw error;
        }
      },
    };
  }

  async #call<Method extends keyof PerceptionMethods>(
    method: Method,
    args: PerceptionMethods[Method]['args'],
    options: { readonly signal: AbortSignal; readonly incarnation?: number },
  ): Promise<PerceptionMethods[Method]['result']> {
    const result = await this.#channel.call(perceptionServiceName, method, args, options);
    return result as PerceptionMethods[Method]['result'];
  }
}

/** One stream's screen, read in the engine. */
interface RemoteLineReader extends AsyncDisposable {
  /** The lines that stand on screen now. */
  readLines(frame: Frame, options: { signal: AbortSignal }): Promise<readonly ScreenLine[]>;
}
