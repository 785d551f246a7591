/** One that watches a stream and may speak after each frame: a model, how ready it is to speak, and when it spoke last. */
import { decideSpeech, initialSpeakHistory, type SpeakConfig } from '../llm/speakPolicy.ts';
import type { StreamLine } from '../llm/streamTemplate.ts';
import type { GuidanceVerdict } from './guidance.ts';
import type { Reply } from './recorder.ts';
import type { StageTimer } from './stageTimer.ts';
import type { EncodedFrame, StreamingModel } from './streamingModel.ts';

export interface VoiceParts {
  readonly model: StreamingModel;
  readonly speak: SpeakConfig;
  readonly timer: StageTimer;
  /** The standing request that it was told; without one it says what it finds worth a word. */
  readonly request?: string;
}

/** A frame, and what it brings to read. */
export interface SeenFrame {
  readonly encoded: EncodedFrame;
  readonly newLines: readonly StreamLine[];
}

/** Not for concurrent calls. After `see`, and before the next frame, `settle` says what became of the reply. */
export class Voice {
  readonly #parts: VoiceParts;
  #speak: SpeakConfig;
  #history = initialSpeakHistory;
  /** What the history is once the last frame counts as one that spoke. */
  #spoken = initialSpeakHistory;
  #unfinished = 0;

  constructor(parts: VoiceParts) {
    this.#parts = parts;
    this.#speak = parts.speak;
  }

  /** Silent at or above this probability of silence, from the next frame on. */
  set silenceThreshold(silenceThreshold: number) {
    this.#speak = { ...this.#speak, silenceThreshold };
  }

  /** Replies that came to no end. */
  get unfinished(): number {
    return this.#unfinished;
  }

  /** @returns what it says to a frame; undefined when it stays silent, or does not come to an end */
  async see(frame: SeenFrame, { signal }: { signal: AbortSignal }): Promise<Reply | undefined> {
    const { model, request } = this.#parts;
    const { silenceProbability, decision } = await this.#look(frame, signal);
    if (!decision.shouldSpeak) {
      this.#history = decision.history;
      return undefined;
    }
    this.#spoken = decision.history;
    const { text, likelihood, ending } = await this.#parts.timer.time('reply', 1, () =>
      model.reply({ signal }),
    );
    signal.throwIfAborted();
    if (ending === 'unasked') {
      this.#history = this.#spoken;
      return undefined;
    }
    if (ending !== 'finished') {
      this.#unfinished++;
      return undefined;
    }
    const reply = { text, likelihood, silenceProbability, model: model.name };
    return request === undefined ? reply : { ...reply, request };
  }

  /** What nobody hears is taken back, and must not make the model hold back on the next frame. */
  async settle(verdict: GuidanceVerdict, { signal }: { signal: AbortSignal }): Promise<void> {
    if (verdict.kind === 'show') this.#history = this.#spoken;
    else await this.#parts.model.rollback({ signal });
  }

  /** Looks at a frame that it has seen before, and says what it said then; nothing when undefined. */
  async lookBack(
    frame: SeenFrame,
    said: string | undefined,
    { signal }: { signal: AbortSignal },
  ): Promise<void> {
    const { decision } = await this.#look(frame, signal);
    if (said !== undefined) {
      await this.#parts.model.recite(said, { signal });
      this.#history = { lastSpokenMs: frame.encoded.ptsMs, isArmed: false };
    } else if (!decision.shouldSpeak) {
      this.#history = decision.history;
    }
  }

  async #look({ encoded, newLines }: SeenFrame, signal: AbortSignal) {
    const { model, timer, request } = this.#parts;
    // What requests cost is part of what their frame costs.
    const frames = request === undefined ? 1 : 0;
    const { silenceProbability } = await timer.time('llm', frames, () =>
      model.appendFrame(encoded, newLines, { signal }),
    );
    const observation = { silenceProbability, ptsMs: encoded.ptsMs };
    const decision = decideSpeech(observation, this.#history, this.#speak);
    return { silenceProbability, decision };
  }
}
