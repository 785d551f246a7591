/** Answers from stored rows on a fresh sequence without pictures: which rows, then a sentence that can use nothing but their words. */
import { AppError } from '../base/errors.ts';
import type { LlmBackend, LlmSequence, SequenceReading, TokenId } from './backend.ts';
import {
  defaultLoopRule,
  generateReply,
  type GeneratedReply,
  type ReplyOptions,
} from './replyGeneration.ts';
import { sentenceGrammar } from './replyGrammar.ts';
import type { RecallManifest, StreamManifest } from '../weights/manifest.ts';
import { neutralise, recallPrompt, type RecallPrompt, type RecallTurn } from './streamTemplate.ts';

export interface RecallParts {
  readonly backend: Pick<
    LlmBackend,
    'tokenize' | 'detokenize' | 'createSequence' | 'specialTokens' | 'trainedContext'
  >;
  readonly manifest: StreamManifest;
}

/** The questions that ask for a list of rows. */
export type RecallLists = RecallManifest['listPrompts'];

/** What a model is asked about rows. */
export interface RecallRequest extends RecallPrompt {
  /** Several rows are wanted, not the few that an answer rests on. */
  readonly isList?: boolean;
  /** Only the rows are wanted: no sentence is generated. */
  readonly isSilent?: boolean;
}

/** What the model says of the rows. */
export interface RecallReply {
  /** Indices into the evidence, best first; empty when it holds no answer. */
  readonly rows: readonly number[];
  /** A sentence of plain words and words of question and rows; empty without rows, or when none was wanted or none came about. */
  readonly text: string;
  /** Probability that the evidence holds no answer, against all references, 0 … 1; 1 without evidence. */
  readonly notSeen: number;
}

/**
 * A further reference is given as long as one is likelier than the beginning of the sentence: in training nothing else follows a
 * reference.
 */
const furtherReference = 0.5;

/**
 * Of the earlier turns, as many of the newest as find room.
 * @throws AppError question.tooLong when evidence, question and answer do not fit the model's context together;
 *   model.unsupported when the pack has no recall mode
 */
export async function recall(
  { backend, manifest }: RecallParts,
  asked: RecallRequest,
  options: ReplyOptions,
): Promise<RecallReply> {
  const { recall: layout } = manifest;
  if (!layout) throw new AppError('model.unsupported');
  const { signal } = options;
  const rules = { manifest, specialTokens: backend.specialTokens };
  const evidence = asked.evidence.slice(0, layout.refs.length);
  const refusal = manifest.notSeenReply;
  if (evidence.length === 0) return { rows: [], text: '', notSeen: 1 };
  const tokenize = (text: string, parseSpecial = true): Promise<TokenId[]> =>
    backend.tokenize(text, { parseSpecial, signal });
  const prompt = (earlier: readonly RecallTurn[]): Promise<TokenId[]> =>
    tokenize(recallPrompt(rules, { ...asked, earlier }));

  const maxRefs = Math.min(asked.isList ? layout.maxListRefs : layout.maxRefs, evidence.length);
  const replyTokens = maxRefs + (asked.isSilent ? 0 : manifest.maxReplyTokens);
  const room = backend.trainedContext - replyTokens;
  let earlier = asked.earlier ?? [];
  let tokens = await prompt(earlier);
  while (tokens.length > room && earlier.length > 0) {
    earlier = earlier.slice(1);
    tokens = await prompt(earlier);
  }
  if (tokens.length > room) throw new AppError('question.tooLong');

  const references = await Promise.all(
    layout.refs.slice(0, evidence.length).map(async (text) => {
      const [token, ...rest] = await tokenize(text);
      if (token !== undefined && rest.length === 0) return token;
      throw new AppError('model.unsupported', `The pack's reference ${text} is not one token.`);
    }),
  );
  const [refused] = refusal === undefined ? [] : await tokenize(refusal, false);
  const stopTokens = await tokenize(manifest.endOfTurn);
  await using sequence = await backend.createSequence({
    contextSize: tokens.length + replyTokens,
    signal,
  });
  const watched = refused === undefined ? references : [...references, refused];
  const first = await sequence.append([{ kind: 'tokens', tokens }], {
    probabilitiesOf: watched,
    signal,
  });
  const notSeen = shareOf(refused, references, first);
  if (notSeen >= layout.notSeenThreshold) return { rows: [], text: '', notSeen };
  const rows = await cite(sequence, { references, first, maxRefs }, signal);
  if (asked.isSilent) return { rows, text: '', notSeen };

  const texts = [asked.question, ...rows.map((row) => evidence[row]!.text)];
  const reply = await generateReply(
    sequence,
    backend,
    {
      maxTokens: manifest.maxReplyTokens,
      stopTokens,
      loop: defaultLoopRule,
      grammar: sentenceGrammar({
        plain: plainWordsOf(manifest, layout),
        texts: texts.map((text) => neutralise(text, backend.specialTokens)),
      }),
    },
    options,
  );
  return { rows, text: sentenceOf(reply), notSeen };
}

/** The share of a refusal in what may come first. Without a refusal in the pack there is always an answer. */
function shareOf(
  refused: TokenId | undefined,
  references: readonly TokenId[],
  reading: SequenceReading | undefined,
): number {
  const of = (token: TokenId): number => reading?.probabilities.get(token) ?? 0;
  const against = references.reduce((sum, token) => sum + of(token), 0);
  const share = refused === undefined ? 0 : of(refused);
  return share === 0 ? 0 : share / (share + against);
}

/** Has the model name rows, best first: each time the likeliest of those that are left. */
async function cite(
  sequence: LlmSequence,
  at: {
    readonly references: readonly TokenId[];
    readonly first: SequenceReading | undefined;
    readonly maxRefs: number;
  },
  signal: AbortSignal,
): Promise<number[]> {
  const rows: number[] = [];
  let reading = at.first;
  while (rows.length < at.maxRefs) {
    const left = at.references
      .map((token, row) => ({ token, row, share: reading?.probabilities.get(token) ?? 0 }))
      .filter(({ row }) => !rows.includes(row))
      .sort((a, b) => b.share - a.share);
    const together = left.reduce((sum, { share }) => sum + share, 0);
    const [best] = left;
    if (!best || (rows.length > 0 && together < furtherReference)) break;
    rows.push(best.row);
    reading = await sequence.append([{ kind: 'tokens', tokens: [best.token] }], {
      probabilitiesOf: at.references,
      signal,
    });
  }
  return rows;
}

/** What of a reply is worth showing: what a looping decoder says is not, what was merely cut is still what it found. */
const sentenceOf = ({ text, ending }: GeneratedReply): string =>
  ending === 'looping' ? '' : text.trim();

function plainWordsOf(
  { plainWords }: StreamManifest,
  layout: RecallManifest,
): readonly string[] | undefined {
  if (!plainWords && !layout.plainWords) return undefined;
  return [...(plainWords ?? []), ...(layout.plainWords ?? [])];
}
