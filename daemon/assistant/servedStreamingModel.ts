/** The kind of streaming model that runs on a server: pictures and times in a growing conversation, and a question behind each frame. */
import type { MediaMs, ServerStats } from '../../protocol/index.ts';
import { isAppError } from '../base/errors.ts';
import { ServerRefusal } from '../base/foreignServer.ts';
import { readYesNo, type ChatAnswer } from '../endpoint/chatAnswer.ts';
import type { ChatServer, ServerAbilities } from '../endpoint/chatServer.ts';
import { StreamWindow, type WindowLimits } from '../endpoint/streamWindow.ts';
import { initialProbeHistory, scoreProbe } from '../llm/probeScore.ts';
import type { GeneratedReply, ReplyOptions } from '../llm/replyGeneration.ts';
import type { StreamLine } from '../llm/streamTemplate.ts';
import type { Frame, Picture } from '../media/frameSource.ts';
import { servedPrompts } from './prompts.ts';
import type { EncodedFrame, FrameDecision, StreamingModel } from './streamingModel.ts';

/** A frame as it is sent. */
export interface PicturedFrame extends EncodedFrame {
  readonly ptsMs: MediaMs;
  /** Base64 of a JPEG; undefined for a model that takes none. */
  readonly picture: string | undefined;
}

export interface ServedModelParts {
  readonly name: string;
  readonly server: Pick<ChatServer, 'ask' | 'stream' | 'place' | 'sent' | 'isAway' | 'isResting'> &
    Pick<ChatServer, 'explained'>;
  readonly abilities: ServerAbilities;
  /** What the user wants to be told, as a sentence; whatever is worth a word when left out. */
  readonly request?: string | undefined;
  /** An outage of the server is waited out, however long it lasts; else it is told at once. */
  readonly isPatient: boolean;
  readonly toJpegs: (
    pictures: readonly Picture[],
    options: { signal: AbortSignal },
  ) => Promise<readonly Buffer[]>;
  readonly limits?: WindowLimits;
}

/** @source a frame of 768 × 432 takes Qwen2.5-VL 432 positions: a window of them, a third of the usual 32,768. Servers refuse what is much longer. */
const usualLimits: WindowLimits = { maxFrames: 24, maxCharacters: 12_000_000 };
/** Of the positions that a server holds, beyond which the older half of the window goes. */
const fullShare = 0.8;
/** A sentence of twenty words takes half. */
const maxReplyTokens = 80;
/** Enough for a word, where the first piece of it is not all that is told. */
const maxWordTokens = 4;
/** A reply that breaks off so often is given up. */
const maxReplyTries = 3;

export class ServedStreamingModel implements StreamingModel<PicturedFrame> {
  readonly name: string;
  readonly #parts: ServedModelParts;
  readonly #window: StreamWindow;
  readonly #patience: { readonly patienceMs: number };
  #history = initialProbeHistory;
  #tokens = 0;

  constructor(parts: ServedModelParts) {
    this.name = parts.name;
    this.#parts = parts;
    const { request, limits = usualLimits } = parts;
    this.#window = new StreamWindow(servedPrompts.watching(request), limits);
    this.#patience = { patienceMs: parts.isPatient ? Infinity : 0 };
  }

  get usage(): StreamingModel['usage'] {
    // Positions of frames that are told no more are not known one by one.
    const { frames, cutFrames } = this.#window;
    const evicted = frames === 0 ? 0 : Math.round((this.#tokens / frames) * cutFrames);
    return { tokens: this.#tokens, evicted, keptPercent: 100 };
  }

  get server(): ServerStats {
    const { server, abilities } = this.#parts;
    const { place, sent, isAway } = server;
    return { ...place, model: abilities.model, ...sent, isAway };
  }

  get absence(): string | undefined {
    const { isResting, place } = this.#parts.server;
    if (!isResting) return undefined;
    return `The model's server ${place.host} was away; what stood on screen was read all the same.`;
  }

  async encode(
    frames: readonly Frame[],
    { signal }: { signal: AbortSignal },
  ): Promise<readonly PicturedFrame[]> {
    if (this.#parts.abilities.pictures === 'refused') {
      return frames.map(({ ptsMs }) => ({ ptsMs, picture: undefined }));
    }
    const jpegs = await this.#parts.toJpegs(frames, { signal });
    return frames.map(({ ptsMs }, index) => ({ ptsMs, picture: jpegs[index]!.toString('base64') }));
  }

  /** What shows nothing new is not sent. */
  async appendFrame(
    { ptsMs, picture }: PicturedFrame,
    newLines: readonly StreamLine[],
    { signal }: { signal: AbortSignal },
  ): Promise<FrameDecision> {
    const { lastFrame } = this.#window;
    const isSame = newLines.length === 0 && picture === lastFrame?.picture;
    if (isSame) return { silenceProbability: 1 };
    this.#window.add({ ptsMs, picture, lines: newLines });
    const { tellsProbabilities } = this.#parts.abilities;
    const answer = await this.#untilItFits(() =>
      this.#parts.server.ask(
        {
          messages: this.#window.messages(servedPrompts.probe(this.#parts.request)),
          maxTokens: tellsProbabilities ? 1 : maxWordTokens,
          wantsAlternatives: tellsProbabilities,
        },
        { ...this.#patience, signal },
      ),
    );
    this.#measure(answer);
    return { silenceProbability: this.#decide(readYesNo(answer)) };
  }

  async reply(options: ReplyOptions): Promise<GeneratedReply> {
    for (let tries = 1; ; tries++) {
      try {
        const { text, finish } = await this.#untilItFits(() => this.#speak(options));
        if (finish === 'length') return { text, ending: 'cut', likelihood: 1 };
        const isSilent = servedPrompts.silent.test(text);
        if (!isSilent) this.#window.say(text);
        return { text: isSilent ? '' : text, ending: 'finished', likelihood: 1 };
      } catch (error) {
        const isOutage = isAppError(error, 'endpoint.away') || isAppError(error, 'endpoint.busy');
        if (!options.signal.aborted && !isOutage) throw error;
        const isLast = !this.#parts.isPatient || tries >= maxReplyTries;
        if (options.signal.aborted || isLast) {
          return { text: '', ending: 'interrupted', likelihood: 1 };
        }
      }
    }
  }

  recite(text: string): Promise<void> {
    this.#window.say(text);
    return Promise.resolve();
  }

  rollback(): Promise<void> {
    this.#window.unsay();
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }

  /** An answer without probabilities is taken by its word; one that is neither yes nor no says nothing. */
  #decide(yes: number | undefined): number {
    if (yes === undefined) return 1;
    if (!this.#parts.abilities.tellsProbabilities) return 1 - yes;
    const { silenceProbability, history } = scoreProbe(yes, this.#history);
    this.#history = history;
    return silenceProbability;
  }

  async #speak({ signal, onText }: ReplyOptions) {
    const messages = this.#window.messages(servedPrompts.speak);
    const request = { messages, maxTokens: maxReplyTokens };
    let text = '';
    let finish: string | undefined;
    for await (const delta of this.#parts.server.stream(request, { ...this.#patience, signal })) {
      text += delta.text;
      finish ??= delta.finish;
      if (delta.text !== '') onText?.(delta.text);
      // One sentence was asked for; what follows it is of no use.
      if (/\S.*\n/s.test(text)) break;
    }
    signal.throwIfAborted();
    const [sentence = ''] = text.trim().split('\n');
    return { text: sentence.trim(), finish };
  }

  /** A server that refuses what it is told is told half of it. @throws as `ChatServer.ask`, and AppError endpoint.refused */
  async #untilItFits<Value>(work: () => Promise<Value>): Promise<Value> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        const isRefused = error instanceof ServerRefusal;
        if (!isRefused || !this.#window.shrink()) throw this.#parts.server.explained(error);
      }
    }
  }

  #measure({ promptTokens }: ChatAnswer): void {
    if (promptTokens === undefined) return;
    this.#tokens = promptTokens;
    const { contextTokens } = this.#parts.abilities;
    if (contextTokens !== undefined && promptTokens > fullShare * contextTokens) {
      this.#window.shrink();
    }
  }
}
