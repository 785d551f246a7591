/** Generates one reply on a sequence: text as it grows, an end at the length limit, at repetition, or when interrupted. */
import { isCancellation } from '../base/errors.ts';
import type { LlmBackend, LlmSequence, TokenId } from './backend.ts';

/**
 * finished: the model ended it. cut: it reached the longest allowed length. looping: it repeated itself. interrupted: the signal
 * was aborted. unasked: it ended it, and it is not what a standing request waits for; it stays in the stream, and nobody hears it.
 */
type ReplyEnding = 'finished' | 'cut' | 'looping' | 'interrupted' | 'unasked';

export interface GeneratedReply {
  readonly text: string;
  readonly ending: ReplyEnding;
  /**
   * How sure the model was of its words: geometric mean of the probabilities of its tokens, the one that ends it among them, before a
   * grammar ruled any out; 0 … 1, and 1 for no tokens.
   */
  readonly likelihood: number;
}

export interface ReplyOptions {
  /** Aborting ends the reply within one token. */
  readonly signal: AbortSignal;
  /** Called with every new piece of text. */
  readonly onText?: (text: string) => void;
}

interface ReplyRules {
  readonly maxTokens: number;
  readonly stopTokens: readonly TokenId[];
  readonly loop: LoopRule;
  /** GBNF that the text must match. */
  readonly grammar?: string;
}

/** When a reply counts as repeating itself. */
export interface LoopRule {
  /** The same run of tokens this often in a row. */
  readonly repeats: number;
  /** The repeats must cover at least this many tokens, so that a row of dots is no loop. */
  readonly minTokens: number;
}

/** Three times the same phrase is never meant; code has runs of single signs, so those need nine. */
export const defaultLoopRule: LoopRule = { repeats: 3, minTokens: 9 };

/** Greedy. The generated tokens stay in the sequence, whatever the ending. */
export async function generateReply(
  sequence: LlmSequence,
  backend: Pick<LlmBackend, 'detokenize'>,
  rules: ReplyRules,
  { signal, onText }: ReplyOptions,
): Promise<GeneratedReply> {
  const tokens: TokenId[] = [];
  // The text of what was generated is wanted even when the reply was interrupted.
  const decode = (): Promise<string> =>
    backend.detokenize(tokens, { signal: new AbortController().signal });
  let picks = 0;
  let logProbability = 0;
  const onPick = (probability: number): void => {
    picks++;
    logProbability += Math.log(probability);
  };
  const finish = async (ending: ReplyEnding): Promise<GeneratedReply> => ({
    text: await decode(),
    ending,
    likelihood: Math.exp(logProbability / Math.max(1, picks)),
  });
  let shown = '';
  try {
    for await (const token of sequence.generate({ ...rules, temperature: 0, onPick, signal })) {
      tokens.push(token);
      if (signal.aborted) return await finish('interrupted');
      if (isLooping(tokens, rules.loop)) return await finish('looping');
      if (!onText) continue;
      const text = stableText(await decode());
      if (text.length > shown.length) onText(text.slice(shown.length));
      shown = text;
    }
  } catch (error) {
    if (!isCancellation(error)) throw error;
    return await finish('interrupted');
  }
  return await finish(tokens.length >= rules.maxTokens ? 'cut' : 'finished');
}

/** True when the last tokens are one run of tokens, several times in a row. */
export function isLooping(tokens: readonly TokenId[], rule: LoopRule): boolean {
  const { repeats, minTokens } = rule;
  const longest = Math.floor(tokens.length / repeats);
  for (let period = 1; period <= longest; period++) {
    const needed = Math.max(repeats, Math.ceil(minTokens / period)) * period;
    if (needed > tokens.length) continue;
    const tail = tokens.slice(-needed);
    if (tail.every((token, index) => index < period || token === tail[index - period])) return true;
  }
  return false;
}

/** Without a character at the end whose bytes have not all come yet. */
function stableText(text: string): string {
  return text.replace(/\uFFFD+$/, '');
}
