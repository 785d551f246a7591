/** From a frame to the probability of silence, by the pack's policy: what a trained decoder says after the frame's last row, or another sign. */
import { AppError } from '../base/errors.ts';
import type { ProbePolicy, ScoresPolicy, StreamManifest } from '../weights/streamManifest.ts';
import type { LlmBackend, LlmSequence, SequencePart, TokenId } from './backend.ts';
import { ChangeGate } from './changeGate.ts';
import { ProbeGate, Question, ScoresGate } from './probeGates.ts';

/** A frame that is to be appended. */
export interface GateFrame {
  /** What of it the decoder is given. */
  readonly parts: readonly SequencePart[];
  /** All of its rows, shape [frameTokens, rowWidth]. Must not be changed afterwards. */
  readonly rows: Float32Array;
  /** The user has spoken since the frame before. */
  readonly followsUser: boolean;
  /** A request of the user's own is in force. */
  readonly hasRequest: boolean;
}

/** One stream's; not for concurrent calls. What it remembers of frames is only of those that were appended. */
export interface SilenceGate {
  /** Positions that are needed behind a frame for the moment of asking. */
  readonly positions: number;
  /** Appends a frame; one that could not be judged is not in the sequence afterwards. @returns probability of silence, 0 … 1 */
  append(
    sequence: LlmSequence,
    frame: GateFrame,
    options: { signal: AbortSignal },
  ): Promise<number>;
  /** A frame in which nothing is new, so that the decoder is given nothing of it. */
  skip?(): void;
  /** Something was said. */
  speak?(): void;
}

/** @throws AppError model.unsupported when what the pack reads is not one token of its decoder */
export async function openGate(
  backend: Pick<LlmBackend, 'tokenize' | 'rowWidth'>,
  {
    silenceToken,
    policy,
    frameRateFps,
  }: Pick<StreamManifest, 'silenceToken' | 'policy' | 'frameRateFps'>,
  { signal }: { signal: AbortSignal },
): Promise<SilenceGate> {
  const tokenize = (text: string): Promise<TokenId[]> =>
    backend.tokenize(text, { parseSpecial: true, signal });
  const single = async (text: string, what: string): Promise<TokenId> => {
    const [token, ...rest] = await tokenize(text);
    if (token !== undefined && rest.length === 0) return token;
    throw new AppError('model.unsupported', `The pack's ${what} is not one token.`);
  };
  if (!policy) return new TokenGate(await single(silenceToken ?? '', 'silence token'));
  const facts = { rowWidth: backend.rowWidth, frameRateFps };
  if (policy.kind === 'change') return new ChangeGate({ ...facts, rowChange: policy.rowChange });
  const inner = await openAsking(policy, tokenize, single);
  const { rowChange } = policy;
  return rowChange === undefined ? inner : new ChangeGate({ ...facts, rowChange, inner });
}

/** The gate that asks the model. */
async function openAsking(
  policy: ProbePolicy | ScoresPolicy,
  tokenize: (text: string) => Promise<TokenId[]>,
  single: (text: string, what: string) => Promise<TokenId>,
): Promise<SilenceGate> {
  const answers = (texts: readonly string[]): Promise<TokenId[]> =>
    Promise.all(texts.map((text) => single(text, `answer "${text}"`)));
  const [yes, no] = [await answers(policy.yes), await answers(policy.no)];
  const question = async (ask: string): Promise<Question> =>
    new Question(await tokenize(ask), yes, no);
  if (policy.kind === 'probe') return new ProbeGate(await question(policy.ask));
  const { informative, relevance } = policy;
  return new ScoresGate(await question(informative), await question(relevance), policy);
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
    { parts }: GateFrame,
    { signal }: { signal: AbortSignal },
  ): Promise<number> {
    const reading = await sequence.append(parts, { probabilitiesOf: [this.#token], signal });
    return reading?.probabilities.get(this.#token) ?? 0;
  }
}
