/** A stream being watched by a decoder: frames, questions and replies on one sequence, within its context. */
import { AppError, isAppError, isCancellation } from '../base/errors.ts';
import type { LlmBackend, LlmSequence, SequencePart, TokenId } from './backend.ts';
import { defaultKvPolicy, planEviction, type CacheSpan, type KvPolicy } from './kvBudget.ts';
import {
  defaultLoopRule,
  generateReply,
  type GeneratedReply,
  type LoopRule,
  type ReplyOptions,
} from './replyGeneration.ts';
import type { StreamManifest } from '../weights/streamManifest.ts';
import { guidanceGrammar } from './groundedGrammar.ts';
import { ReplayingSequence } from './replayingSequence.ts';
import { RowBudget } from './rowBudget.ts';
import { openGate, type SilenceGate } from './silenceGate.ts';
import {
  advance,
  initialStreamState,
  neutralise,
  screenLines,
  type StreamEvent,
  type StreamLine,
  type StreamState,
  type TemplateRules,
} from './streamTemplate.ts';

/** What of a backend a stream needs. */
export type StreamBackend = Pick<
  LlmBackend,
  'tokenize' | 'detokenize' | 'createSequence' | 'specialTokens' | 'canShift' | 'rowWidth'
>;

interface StreamingOptions {
  readonly backend: StreamBackend;
  readonly manifest: StreamManifest;
  /** Positions to keep; not more than the model was trained for. */
  readonly contextSize: number;
  readonly kvPolicy?: KvPolicy;
  readonly loopRule?: LoopRule;
  /** Unasked replies may use words that stood nowhere, whatever the pack says. */
  readonly isUngrounded?: boolean;
  /** @see SequenceOptions.isUrgent */
  readonly isUrgent?: boolean;
}

/** A frame as the decoder takes it. */
interface StreamFrame {
  /** Text that newly stands on screen. */
  readonly lines: readonly StreamLine[];
  /** Shape [frameTokens, rowWidth]. Must not be changed afterwards. */
  readonly rows: Float32Array;
}

/** What the decoder thinks after a frame's last row. */
interface FrameReading {
  readonly silenceProbability: number;
}

const silence: FrameReading = { silenceProbability: 1 };

/** A place to which the sequence can be taken back: nothing before it is changed by what follows. */
interface Mark {
  readonly length: number;
  readonly state: StreamState;
  readonly spans: readonly CacheSpan[];
}

/** What a reply may be. */
interface ReplyLimits {
  /** Positions that may stand before its first word. */
  readonly maxPrompt?: number;
  /** GBNF that it must match. */
  readonly grammar?: string | undefined;
}

const nothingSaid = { text: '', likelihood: 1 } as const;

/** Taking something back must not be given up half-way. */
const never = new AbortController().signal;

/** Share of the context that a question may take: a longer one would push out the very frames that it asks about. */
const questionShare = 1 / 4;

/** Not for concurrent calls: whoever owns it awaits each. */
export class StreamingSequence implements AsyncDisposable {
  readonly #options: StreamingOptions;
  readonly #rules: TemplateRules;
  readonly #sequence: LlmSequence;
  readonly #gate: SilenceGate;
  readonly #endOfTurn: readonly TokenId[];
  readonly #seamTokens = new Map<string, readonly TokenId[]>();
  #state = initialStreamState;
  #spans: readonly CacheSpan[] = [];
  #evicted = 0;
  #mark: Mark | undefined;
  /** What an unasked reply may quote: the newest screen lines, newest last, and what the user said last. */
  #recentLines: readonly string[] = [];
  #asked: readonly string[] = [];
  readonly #budget: RowBudget | undefined;
  /** What the decoder thinks while nothing new is seen: of the last frame, or silence once it has spoken. A user's words end it. */
  #lastReading: FrameReading | undefined;
  /** Positions evicted when a frame was last given whole. */
  #evictedAtWhole = 0;
  readonly #framePositions = { kept: 0, whole: 0 };

  private constructor(
    options: StreamingOptions,
    sequence: LlmSequence,
    { gate, endOfTurn }: { readonly gate: SilenceGate; readonly endOfTurn: readonly TokenId[] },
  ) {
    const { manifest, backend } = options;
    this.#options = options;
    this.#rules = { manifest, specialTokens: backend.specialTokens };
    this.#sequence = sequence;
    this.#gate = gate;
    this.#endOfTurn = endOfTurn;
    const { rowBudget } = manifest;
    this.#budget = rowBudget && new RowBudget(rowBudget, backend.rowWidth);
  }

  /**
   * @throws AppError model.unsupported when the pack's silence token is not one token of its decoder, or its tokenizer is not the one
   *   that the pack was made for.
   */
  static async open(
    options: StreamingOptions,
    { signal }: { signal: AbortSignal },
  ): Promise<StreamingSequence> {
    const { backend, manifest, contextSize, isUrgent = false } = options;
    const tokenize = (text: string): Promise<TokenId[]> =>
      backend.tokenize(text, { parseSpecial: true, signal });
    const gate = await openGate(backend, manifest, { signal });
    const endOfTurn = await tokenize(manifest.endOfTurn);
    for (const [text, ids] of Object.entries(manifest.tokenIds ?? {})) {
      const made = await tokenize(text);
      if (made.join() === ids.join()) continue;
      const sentence = `The decoder's tokenizer makes ${made.join(', ')} of ${JSON.stringify(text)}, and its manifest says ${ids.join(', ')}.`;
      throw new AppError('model.unsupported', sentence);
    }
    const created = await backend.createSequence({ contextSize, isUrgent, signal });
    const sequence = backend.canShift ? created : new ReplayingSequence(created, backend.rowWidth);
    return new StreamingSequence(options, sequence, { gate, endOfTurn });
  }

  /** Positions in use. */
  get length(): number {
    return this.#sequence.length;
  }

  /** Positions dropped so far. */
  get evicted(): number {
    return this.#evicted;
  }

  /** Percentage of their positions that frames have taken, text aside; 100 without a budget. */
  get keptPercent(): number {
    const { kept, whole } = this.#framePositions;
    return whole === 0 ? 100 : (100 * kept) / whole;
  }

  /**
   * Adds a frame, or nothing where a pack's budget says that it brings nothing.
   * @throws AppError engine.contextFull when nothing can be dropped for it.
   */
  async appendFrame(frame: StreamFrame, options: { signal: AbortSignal }): Promise<FrameReading> {
    const last = this.#lastReading;
    const isWhole = last === undefined || this.#evicted !== this.#evictedAtWhole;
    const facts = { hasText: frame.lines.length > 0, isWhole };
    const plan = this.#budget?.plan(frame.rows, facts) ?? { kind: 'rows', rows: frame.rows };
    this.#framePositions.whole += this.#positionsOf(frame.rows);
    if (plan.kind === 'skip' && last) {
      this.#gate.skip?.();
      return last;
    }
    const rows = plan.kind === 'skip' ? frame.rows : plan.rows;
    this.#framePositions.kept += this.#positionsOf(rows);
    this.#lastReading = await this.#append(frame, rows, options);
    if (rows.length === frame.rows.length) this.#evictedAtWhole = this.#evicted;
    return this.#lastReading;
  }

  /** Of a frame without text: its rows, and the seam before them. */
  #positionsOf(rows: Float32Array): number {
    return 1 + Math.ceil(rows.length / this.#options.backend.rowWidth);
  }

  /** @param kept those of the frame's rows that the decoder is given */
  async #append(
    frame: StreamFrame,
    kept: Float32Array,
    { signal }: { signal: AbortSignal },
  ): Promise<FrameReading> {
    const { state, text, lead } = this.#step({ role: 'stream', lines: frame.lines });
    const tokens = await this.#tokenize(text, signal);
    const leadLength = await this.#sharedLength(lead, tokens, signal);
    // An instruction that nobody has to answer stays in force, so it stays in the cache.
    const isInstruction = this.#state.role === 'user';
    const rowCount = Math.ceil(kept.length / this.#options.backend.rowWidth);
    const needed = tokens.length + rowCount + this.#gate.positions;
    await this.#makeRoom(needed, this.#spansBeforeFrame(isInstruction), signal);

    const start = this.length;
    const seamLength = this.#opensAnew && !isInstruction ? leadLength : 0;
    const parts: SequencePart[] = [
      { kind: 'tokens', tokens: tokens.slice(seamLength) },
      { kind: 'rows', rows: kept },
    ];
    const asked = { followsUser: isInstruction, hasRequest: this.#asked.length > 0 };
    const gated = { parts, rows: frame.rows, ...asked };
    const silenceProbability = await this.#gate.append(this.#sequence, gated, { signal });
    this.#state = state;
    this.#mark = undefined;
    this.#remember(frame.lines);
    this.#addSpans({ start, content: start + leadLength - seamLength, isInstruction });
    return { silenceProbability };
  }

  /** A user's words that ask for no answer now. They enter the cache with what follows. */
  appendUser(text: string): void {
    const { specialTokens } = this.#rules;
    const before = this.#state.role === 'user' ? this.#asked : [];
    // What the pack says itself names nothing.
    const isAsked = text !== this.#options.manifest.instruction;
    this.#lastReading = undefined;
    this.#asked = isAsked ? [...before, neutralise(text, specialTokens)] : before;
    this.#state = advance(this.#rules, this.#state, { role: 'user', text }).state;
    this.#mark = undefined;
  }

  /** Speaks unasked after the last frame. A reply that did not finish, for instance for want of room, is taken back. */
  async reply(options: ReplyOptions): Promise<GeneratedReply> {
    this.#mark = undefined;
    try {
      return await this.#speak(this.#state, options, { grammar: this.#grammar() });
    } catch (error) {
      // A screen full of text may leave less room than a reply needs. The next frame makes room again.
      if (!isAppError(error, 'engine.contextFull')) throw error;
      return { ...nothingSaid, ending: 'cut' };
    }
  }

  /** Enters a reply as if it had just been generated after the last frame. Does nothing when there is no room for it. */
  async recite(reply: string, { signal }: { signal: AbortSignal }): Promise<void> {
    const { state, text } = this.#step({ role: 'assistant' });
    const words = neutralise(reply, this.#rules.specialTokens);
    const tokens = await this.#tokenize(text + words, signal);
    try {
      await this.#makeRoom(tokens.length, this.#spans.slice(0, -1), signal);
    } catch (error) {
      if (!isAppError(error, 'engine.contextFull')) throw error;
      return;
    }
    this.#mark = undefined;
    this.#hasSpoken();
    await this.#sequence.append([{ kind: 'tokens', tokens }], { signal });
    this.#state = state;
  }

  /**
   * Answers at this point of the stream. An answer that did not finish is taken back with its question.
   * @throws AppError question.tooLong for a question of more than a quarter of the context, or that finds no room behind those
   *   asked since the last frame; the sequence is then what it was
   */
  async answer(question: string, options: ReplyOptions): Promise<GeneratedReply> {
    this.#mark = undefined;
    const asked = advance(this.#rules, this.#state, { role: 'user', text: question }).state;
    try {
      const maxPrompt = this.#options.contextSize * questionShare;
      return await this.#speak(asked, options, { maxPrompt });
    } catch (error) {
      if (!isAppError(error, 'engine.contextFull')) throw error;
      throw new AppError('question.tooLong', undefined, { cause: error });
    }
  }

  /** Takes the last reply, with its question, back. Does nothing when a frame or the user's words came after it. */
  async rollback(): Promise<void> {
    const mark = this.#mark;
    if (!mark) return;
    this.#mark = undefined;
    await this.#sequence.truncate(mark.length, { signal: never });
    this.#state = mark.state;
    this.#spans = mark.spans;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#sequence[Symbol.asyncDispose]();
  }

  async #speak(
    asked: StreamState,
    options: ReplyOptions,
    limits: ReplyLimits,
  ): Promise<GeneratedReply> {
    try {
      const reply = await this.#generate(asked, options, limits);
      if (reply.ending !== 'finished') await this.rollback();
      return reply;
    } catch (error) {
      await this.rollback();
      // Who interrupts a reply wants to go on with the stream, however far the reply had come.
      if (isCancellation(error) && options.signal.aborted)
        return { ...nothingSaid, ending: 'interrupted' };
      throw error;
    }
  }

  async #generate(
    asked: StreamState,
    options: ReplyOptions,
    { maxPrompt = Infinity, grammar }: ReplyLimits,
  ): Promise<GeneratedReply> {
    const { signal } = options;
    const { backend, manifest, loopRule = defaultLoopRule } = this.#options;
    this.#hasSpoken();
    const { state, text } = this.#step({ role: 'assistant' }, asked);
    const tokens = await this.#tokenize(text, signal);
    if (tokens.length > maxPrompt) throw new AppError('engine.contextFull');
    // The last frame and what follows it are what the reply rests on: they are not offered.
    const offered = this.#spans.slice(0, -1);
    await this.#makeRoom(tokens.length + manifest.maxReplyTokens, offered, signal);
    this.#mark = { length: this.length, state: this.#state, spans: this.#spans };
    await this.#sequence.append([{ kind: 'tokens', tokens }], { signal });
    this.#state = state;
    const rules = {
      maxTokens: manifest.maxReplyTokens,
      stopTokens: this.#endOfTurn,
      loop: loopRule,
      ...(grammar === undefined ? {} : { grammar }),
    };
    return await generateReply(this.#sequence, backend, rules, options);
  }

  /** From here on only what comes next is news, whatever becomes of the reply. */
  #hasSpoken(): void {
    this.#lastReading = silence;
    this.#gate.speak?.();
  }

  #remember(lines: readonly StreamLine[]): void {
    const { grounding } = this.#options.manifest;
    if (!grounding || lines.length === 0) return;
    const texts = screenLines(this.#rules, lines).map(({ text }) => text);
    this.#recentLines = [...this.#recentLines, ...texts].slice(-grounding.recentLines);
  }

  /** What an unasked reply is made of now; undefined when it may say anything. */
  #grammar(): string | undefined {
    const { manifest, isUngrounded = false } = this.#options;
    const { grounding, plainWords: plain } = manifest;
    if (isUngrounded || !grounding || !plain) return undefined;
    const lines = [...this.#recentLines, ...this.#asked];
    return guidanceGrammar({ ...grounding, plain, lines });
  }

  /** The template's step to an event, and its text. */
  #step(
    event: Exclude<StreamEvent, { role: 'user' }>,
    from: StreamState = this.#state,
  ): { state: StreamState; text: string; lead: string } {
    const { state, pieces } = advance(this.#rules, from, event);
    const piece = pieces.find(({ kind }) => kind === 'text');
    if (piece?.kind !== 'text') throw new Error('a frame or a reply begins with text');
    return { state, text: piece.text, lead: piece.lead };
  }

  /** Most frames bring no text: their seams are looked up. */
  async #tokenize(text: string, signal: AbortSignal): Promise<readonly TokenId[]> {
    const known = this.#seamTokens.get(text);
    if (known) return known;
    const tokens = await this.#options.backend.tokenize(text, { parseSpecial: true, signal });
    const isSeam = Object.values(this.#options.manifest.seams).includes(text);
    if (isSeam) this.#seamTokens.set(text, tokens);
    return tokens;
  }

  /** How many of `tokens` are exactly the lead; 0 when the tokenizer has merged across its end. */
  async #sharedLength(
    lead: string,
    tokens: readonly TokenId[],
    signal: AbortSignal,
  ): Promise<number> {
    const own = await this.#tokenize(lead, signal);
    return own.every((token, index) => token === tokens[index]) ? own.length : 0;
  }

  /**
   * A span begins where a frame's own content begins, behind the seam. What stays after dropping whole spans then reads as if
   * the stream had begun there: the head ends with a seam into a frame, and a frame's content follows.
   */
  #addSpans(at: { start: number; content: number; isInstruction: boolean }): void {
    const { start, content, isInstruction } = at;
    const before = this.#spans.map((span, index) => {
      const isLast = index === this.#spans.length - 1;
      // Only the newest instruction is in force.
      const isPinned = span.isPinned && !isInstruction;
      return { ...span, isPinned, end: isLast ? (isInstruction ? start : content) : span.end };
    });
    const instruction = { start, end: content, isPinned: true };
    this.#spans = [
      ...before,
      ...(isInstruction && start > 0 ? [instruction] : []),
      { start: content, end: this.length, isPinned: false },
    ];
  }

  /** All that may go for a coming frame: it takes the last one's place, and its instruction that of the one in force. */
  #spansBeforeFrame(isInstruction: boolean): readonly CacheSpan[] {
    return this.#spans.map((span, index) => ({
      ...span,
      isPinned: span.isPinned && !isInstruction,
      end: index === this.#spans.length - 1 ? this.length : span.end,
    }));
  }

  /** True when every frame was dropped: the next one then stands where the first stood, behind the seam that is there already. */
  get #opensAnew(): boolean {
    return this.length > 0 && this.#spans.every(({ isPinned }) => isPinned);
  }

  /** @throws AppError engine.contextFull, with nothing dropped, when dropping all that is offered is not enough */
  async #makeRoom(
    positions: number,
    spans: readonly CacheSpan[],
    signal: AbortSignal,
  ): Promise<void> {
    const limit = this.#options.contextSize - positions;
    if (limit < 0) throw new AppError('engine.contextFull');
    if (this.length <= limit) return;
    const policy = this.#options.kvPolicy ?? defaultKvPolicy;
    const ranges = planEviction({ length: this.length, spans }, limit, policy);
    const dropped = ranges.reduce((sum, { start, end }) => sum + end - start, 0);
    if (this.length - dropped > limit) throw new AppError('engine.contextFull');
    this.#mark = undefined;
    for (const { start, end } of ranges.toReversed()) {
      await this.#sequence.removeRange(start, end, { signal });
      this.#evicted += end - start;
      this.#spans = withoutRange(this.#spans, start, end);
    }
  }
}

/** The spans after positions [start, end) were dropped. */
function withoutRange(
  spans: readonly CacheSpan[],
  start: number,
  end: number,
): readonly CacheSpan[] {
  const moved = end - start;
  return spans
    .filter((span) => span.start < start || span.start >= end)
    .map((span) =>
      span.start < end ? span : { ...span, start: span.start - moved, end: span.end - moved },
    );
}
