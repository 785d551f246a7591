/** What is spoken in something live → captions, by a transcriber that may be slow, or away. It never fails. */
import { mediaMs, type SpeechStats } from '../../protocol/index.ts';
import { backOff } from '../base/backOff.ts';
import { BoundedQueue } from '../base/boundedQueue.ts';
import type { Clock } from '../base/clock.ts';
import { toError } from '../base/errors.ts';
import { ServerRefusal } from '../base/foreignServer.ts';
import type { Cue } from './captionSource.ts';
import type { Transcriber } from './transcriber.ts';
import { VoiceActivity, type Utterance } from './voiceActivity.ts';

export interface SpeechListenerOptions {
  readonly transcriber: Pick<Transcriber, 'place' | 'transcribe'>;
  readonly clock: Clock;
  /** Takes what was said, in media time. */
  readonly onCue: (cue: Cue) => void;
  /** Hears once that the transcriber is away, until it is back. */
  readonly onTrouble: (sentence: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** Two minutes at most, 4 MB: what is older helps nobody any more. */
const mostWaiting = 6;
/** Waits after failures, ms; the last one is kept to. */
const backOffMs = [1000, 2000, 4000, 8000, 15_000, 30_000];
/** So long the end of a stream waits for its last words. */
const settleMs = 10_000;

/** What was said, in media time. */
interface Spoken {
  readonly startMs: number;
  readonly samples: Int16Array;
}

export class SpeechListener implements AsyncDisposable {
  readonly #options: SpeechListenerOptions;
  readonly #waiting = new BoundedQueue<Spoken>({ capacity: mostWaiting, policy: 'dropOldest' });
  readonly #controller = new AbortController();
  readonly #working: Promise<void>;
  #sent = 0;
  #refused = 0;
  #failures = 0;

  constructor(options: SpeechListenerOptions) {
    this.#options = options;
    this.#working = this.#work().catch(() => undefined);
  }

  get stats(): SpeechStats {
    return {
      ...this.#options.transcriber.place,
      ...{ sent: this.#sent, dropped: this.#waiting.dropped + this.#refused },
      isAway: this.#failures > 0,
    };
  }

  /**
   * Takes samples as `hearingOutput` gives them, to their end.
   * @param anchorMs media time of the first sample, once that is known
   * @param isWanted whether what was said at a moment is to be sent
   */
  async take(
    stream: AsyncIterable<Buffer>,
    anchorMs: () => number | undefined,
    isWanted: (startMs: number) => boolean,
  ): Promise<void> {
    const activity = new VoiceActivity();
    /** What came before it was known where it stands. */
    const early: Utterance[] = [];
    let half: Buffer = Buffer.alloc(0);
    const place = (utterances: readonly Utterance[]): void => {
      early.push(...utterances);
      if (early.length > mostWaiting) early.shift();
      const anchor = anchorMs();
      if (anchor === undefined) return;
      for (const { startMs, samples } of early.splice(0)) {
        if (!isWanted(startMs + anchor)) continue;
        void this.#push({ startMs: startMs + anchor, samples });
      }
    };
    try {
      for await (const chunk of stream) {
        const bytes = half.length === 0 ? chunk : Buffer.concat([half, chunk]);
        const even = bytes.length & ~1;
        half = bytes.subarray(even);
        const samples = new Int16Array(even / 2);
        for (let index = 0; index < samples.length; index++) {
          samples[index] = bytes.readInt16LE(index * 2);
        }
        place(activity.push(samples));
      }
    } catch {
      // The run was ended, and its pipe with it.
    }
    const last = activity.finish();
    place(last ? [last] : []);
  }

  /** Resolves when all that was said is told, or takes too long: it is over. */
  async settled({ signal }: { readonly signal: AbortSignal }): Promise<void> {
    this.#waiting.close();
    const limit = AbortSignal.any([signal, this.#controller.signal]);
    const patience = this.#options.clock.sleep(settleMs, { signal: limit }).catch(() => undefined);
    await Promise.race([this.#working, patience]);
    this.#controller.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#controller.abort();
    this.#waiting.close();
    await this.#working;
  }

  async #push(spoken: Spoken): Promise<void> {
    await this.#waiting.push(spoken, { signal: this.#controller.signal }).catch(() => undefined);
  }

  async #work(): Promise<void> {
    for await (const spoken of this.#waiting) {
      while (!this.#controller.signal.aborted && !(await this.#transcribe(spoken)));
    }
  }

  /** @returns whether it is done with: told, or refused */
  async #transcribe({ startMs, samples }: Spoken): Promise<boolean> {
    const { transcriber, clock, onCue, onTrouble } = this.#options;
    const { signal } = this.#controller;
    try {
      const segments = await transcriber.transcribe(samples, { signal });
      this.#failures = 0;
      this.#sent++;
      for (const segment of segments) {
        onCue({
          startMs: mediaMs(startMs + segment.startMs),
          endMs: mediaMs(startMs + segment.endMs),
          text: segment.text,
          origin: 'speech',
        });
      }
      return true;
    } catch (error) {
      if (signal.aborted) return true;
      const isRefused = error instanceof ServerRefusal;
      if (isRefused) this.#refused++;
      if (this.#failures === 0) {
        const { message, cause } = toError(error);
        const fields = { host: transcriber.place.host, reason: message };
        onTrouble('What is spoken cannot be transcribed.', {
          ...fields,
          ...(cause instanceof Error ? { cause: cause.message } : {}),
        });
      }
      const waitMs = backOff(backOffMs, this.#failures++);
      await clock.sleep(waitMs, { signal }).catch(() => undefined);
      return isRefused;
    }
  }
}
