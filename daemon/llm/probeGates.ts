/**
 * Gates of decoders that were not trained to be silent: they are asked behind the frame, and the question is taken back. That leaves what a
 * fork would, for nothing but the question's positions.
 */
import type { LlmSequence, SequencePart, TokenId } from './backend.ts';
import { initialProbeHistory, scoreProbe } from './probeScore.ts';
import { initialScoreHistory, scoreFrame, type ScoreSumConfig } from './scoreSum.ts';
import type { GateFrame, SilenceGate } from './silenceGate.ts';

/** Taking something back must not be given up half-way. */
const never = new AbortController().signal;

/** Something that is answered with yes or no. */
export class Question {
  readonly length: number;
  readonly #ask: readonly TokenId[];
  readonly #yes: readonly TokenId[];
  readonly #no: readonly TokenId[];

  /** @param yes what the answer may begin with, as `no` */
  constructor(ask: readonly TokenId[], yes: readonly TokenId[], no: readonly TokenId[]) {
    this.length = ask.length;
    this.#ask = ask;
    this.#yes = yes;
    this.#no = no;
  }

  /** Asks at the end of the sequence, and takes it back. @returns probability of yes against no, 0 … 1 */
  async ask(sequence: LlmSequence, { signal }: { signal: AbortSignal }): Promise<number> {
    const { length } = sequence;
    const reading = await sequence.append([{ kind: 'tokens', tokens: this.#ask }], {
      probabilitiesOf: [...this.#yes, ...this.#no],
      signal,
    });
    await sequence.truncate(length, { signal });
    const share = (tokens: readonly TokenId[]): number =>
      tokens.reduce((sum, token) => sum + (reading?.probabilities.get(token) ?? 0), 0);
    const [yes, no] = [share(this.#yes), share(this.#no)];
    return yes + no > 0 ? yes / (yes + no) : 0.5;
  }
}

/** Appends a frame and asks behind it. A frame that was not judged is not in the stream. */
async function appendAsking<Answers>(
  sequence: LlmSequence,
  parts: readonly SequencePart[],
  { ask, signal }: { readonly ask: () => Promise<Answers>; readonly signal: AbortSignal },
): Promise<Answers> {
  const before = sequence.length;
  await sequence.append(parts, { signal });
  try {
    return await ask();
  } catch (error) {
    await sequence.truncate(before, { signal: never });
    throw error;
  }
}

/** Asks whether there is anything worth telling. */
export class ProbeGate implements SilenceGate {
  readonly positions: number;
  readonly #question: Question;
  #history = initialProbeHistory;

  constructor(question: Question) {
    this.positions = question.length;
    this.#question = question;
  }

  async append(
    sequence: LlmSequence,
    { parts }: GateFrame,
    { signal }: { signal: AbortSignal },
  ): Promise<number> {
    const ask = (): Promise<number> => this.#question.ask(sequence, { signal });
    const yes = await appendAsking(sequence, parts, { ask, signal });
    const { silenceProbability, history } = scoreProbe(yes, this.#history);
    this.#history = history;
    return silenceProbability;
  }
}

/** Asks whether there is anything new and, while a request is in force, whether it bears on that. */
export class ScoresGate implements SilenceGate {
  readonly positions: number;
  readonly #informative: Question;
  readonly #relevance: Question;
  readonly #config: ScoreSumConfig;
  #history = initialScoreHistory;

  constructor(informative: Question, relevance: Question, config: ScoreSumConfig) {
    this.positions = Math.max(informative.length, relevance.length);
    this.#informative = informative;
    this.#relevance = relevance;
    this.#config = config;
  }

  async append(
    sequence: LlmSequence,
    { parts, hasRequest }: GateFrame,
    { signal }: { signal: AbortSignal },
  ): Promise<number> {
    const answers = await appendAsking(sequence, parts, {
      ask: async () => ({
        informative: await this.#informative.ask(sequence, { signal }),
        ...(hasRequest && { relevance: await this.#relevance.ask(sequence, { signal }) }),
      }),
      signal,
    });
    const { silenceProbability, history } = scoreFrame(answers, this.#history, this.#config);
    this.#history = history;
    return silenceProbability;
  }

  speak(): void {
    this.#history = { ...this.#history, sum: 0 };
  }
}
