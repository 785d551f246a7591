/** From a frame to the probability of silence: what the decoder says after the frame's last row, or what it answers when asked. */
import { AppError } from '../base/errors.ts';
import type { ProbeManifest, StreamManifest } from '../weights/streamManifest.ts';
import type { LlmBackend, LlmSequence, SequencePart, TokenId } from './backend.ts';
import { initialProbeHistory, scoreProbe } from './probeScore.ts';

/** One stream's; not for concurrent calls. */
export interface SilenceGate {
  /** Positions that are needed behind a frame for the moment of asking. */
  readonly positions: number;
  /** Appends a frame. @returns probability of silence, 0 … 1 */
  append(
    sequence: LlmSequence,
    parts: readonly SequencePart[],
    options: { signal: AbortSignal },
  ): Promise<number>;
}

/** @throws AppError model.unsupported when what the pack reads is not one token of its decoder */
export async function openGate(
  backend: Pick<LlmBackend, 'tokenize'>,
  { silenceToken, probe }: Pick<StreamManifest, 'silenceToken' | 'probe'>,
  { signal }: { signal: AbortSignal },
): Promise<SilenceGate> {
  const tokenize = (text: string): Promise<TokenId[]> =>
    backend.tokenize(text, { parseSpecial: true, signal });
  const single = async (text: string, what: string): Promise<TokenId> => {
    const [token, ...rest] = await tokenize(text);
    if (token !== undefined && rest.length === 0) return token;
    throw new AppError('model.unsupported', `The pack's ${what} is not one token.`);
  };
  if (!probe) return new TokenGate(await single(silenceToken ?? '', 'silence token'));
  const answers = async (texts: ProbeManifest['yes']): Promise<TokenId[]> =>
    Promise.all(texts.map((text) => single(text, `answer "${text}"`)));
  return new ProbeGate(
    await tokenize(probe.ask),
    await answers(probe.yes),
    await answers(probe.no),
  );
}

/** Of a decoder that was trained to say, after each frame, whether the next frame follows. */
class TokenGate implements SilenceGate {
  readonly positions = 0;
  readonly #token: TokenId;

  constructor(token: TokenId) {
    this.#token = token;
  }

  async append(
    sequence: LlmSequence,
    parts: readonly SequencePart[],
    { signal }: { signal: AbortSignal },
  ): Promise<number> {
    const reading = await sequence.append(parts, { probabilitiesOf: [this.#token], signal });
    return reading?.probabilities.get(this.#token) ?? 0;
  }
}

/**
 * Of a decoder without such training: it is asked behind the frame, and the question is taken back. That leaves what a fork would, for
 * nothing but the question's positions.
 */
class ProbeGate implements SilenceGate {
  readonly positions: number;
  readonly #ask: readonly TokenId[];
  readonly #yes: readonly TokenId[];
  readonly #no: readonly TokenId[];
  #history = initialProbeHistory;

  constructor(ask: readonly TokenId[], yes: readonly TokenId[], no: readonly TokenId[]) {
    this.positions = ask.length;
    this.#ask = ask;
    this.#yes = yes;
    this.#no = no;
  }

  async append(
    sequence: LlmSequence,
    parts: readonly SequencePart[],
    { signal }: { signal: AbortSignal },
  ): Promise<number> {
    const before = sequence.length;
    await sequence.append(parts, { signal });
    const { length } = sequence;
    try {
      const reading = await sequence.append([{ kind: 'tokens', tokens: this.#ask }], {
        probabilitiesOf: [...this.#yes, ...this.#no],
        signal,
      });
      await sequence.truncate(length, { signal });
      const share = (tokens: readonly TokenId[]): number =>
        tokens.reduce((sum, token) => sum + (reading?.probabilities.get(token) ?? 0), 0);
      const [yes, no] = [share(this.#yes), share(this.#no)];
      const { silenceProbability, history } = scoreProbe(
        yes + no > 0 ? yes / (yes + no) : 0.5,
        this.#history,
      );
      this.#history = history;
      return silenceProbability;
    } catch (error) {
      // A frame that was not judged is not in the stream.
      await sequence.truncate(before, { signal: never });
      throw error;
    }
  }
}

/** Taking something back must not be given up half-way. */
const never = new AbortController().signal;
