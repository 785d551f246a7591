/** Stretches of a stream that was watched, as they are decoded once more before a question. */
import type { LlmSequence, TokenId } from './backend.ts';
import { fitted, type Fitting } from './fitting.ts';
import type { StreamLine } from './streamTemplate.ts';

/** A frame as the decoder was given it, or what was said behind it. */
export type PastEvent =
  | {
      readonly kind: 'frame';
      readonly lines: readonly StreamLine[];
      /** Shape [frameTokens, rowWidth]; undefined where they were given up, which leaves the text. */
      readonly rows: Float32Array | undefined;
    }
  | { readonly kind: 'reply'; readonly text: string };

export interface PastStretch {
  /** ms; they are decoded in the order of their times. */
  readonly startMs: number;
  readonly events: readonly PastEvent[];
}

/**
 * One step towards less room: in the last of the stretches that have any, every second frame gives up its rows, down to none; once all are
 * text alone, the last one goes as a whole.
 * @param stretches the one that matters least last
 * @source round-decayed compression of StreamBridge (arXiv 2505.05467), by rank in the place of age: all of them are past
 */
export function decayStretches(stretches: readonly PastStretch[]): readonly PastStretch[] {
  const last = stretches.findLastIndex(({ events }) => events.some(hasRows));
  if (last < 0) return stretches.slice(0, -1);
  return stretches.map((stretch, index) => (index === last ? thin(stretch) : stretch));
}

const hasRows = (event: PastEvent): boolean => event.kind === 'frame' && event.rows !== undefined;

function thin(stretch: PastStretch): PastStretch {
  const isLast = stretch.events.filter(hasRows).length === 1;
  let seen = 0;
  const events = stretch.events.flatMap((event): PastEvent[] => {
    if (event.kind !== 'frame' || !event.rows || (seen++ % 2 === 0 && !isLast)) return [event];
    return event.lines.length === 0 ? [] : [{ ...event, rows: undefined }];
  });
  return { ...stretch, events };
}

/**
 * The model's own choice among stretches: how likely are the words of a question behind each?
 * @param options.sequence empty, before and after
 * @returns the likeliest first
 */
export async function likeliest(
  stretches: readonly PastStretch[],
  options: Omit<Fitting<PastStretch>, 'decay'> & {
    readonly sequence: LlmSequence;
    /** As it stands behind a stretch. */
    readonly question: readonly TokenId[];
    readonly signal: AbortSignal;
  },
): Promise<PastStretch[]> {
  const { sequence, question, signal } = options;
  const judged: { readonly stretch: PastStretch; readonly likelihood: number }[] = [];
  for (const stretch of stretches) {
    const { parts } = await fitted([stretch], { ...options, decay: decayStretches });
    await sequence.append(parts, { signal });
    judged.push({ stretch, likelihood: await likelihoodOf(question, sequence, { signal }) });
    await sequence.truncate(0, { signal });
  }
  return judged.sort((a, b) => b.likelihood - a.likelihood).map(({ stretch }) => stretch);
}

/** Sum of the logarithms of the probabilities of all tokens but the first, each behind those before it. */
async function likelihoodOf(
  tokens: readonly TokenId[],
  sequence: LlmSequence,
  { signal }: { signal: AbortSignal },
): Promise<number> {
  let sum = 0;
  for (const [index, next] of tokens.slice(1).entries()) {
    const parts = [{ kind: 'tokens', tokens: [tokens[index]!] }] as const;
    const reading = await sequence.append(parts, { probabilitiesOf: [next], signal });
    sum += Math.log(Math.max(reading?.probabilities.get(next) ?? 0, Number.MIN_VALUE));
  }
  return sum;
}
