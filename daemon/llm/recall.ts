/** Answers from stored rows on a sequence of its own: which rows, then a sentence that can use nothing but their words. */
import { AppError } from '../base/errors.ts';
import type { LlmBackend, LlmSequence, SequencePart, SequenceReading, TokenId } from './backend.ts';
import {
  defaultLoopRule,
  generateReply,
  type GeneratedReply,
  type ReplyOptions,
} from './replyGeneration.ts';
import { sentenceGrammar, wordsIn } from './replyGrammar.ts';
import type { RecallManifest, StreamManifest } from '../weights/streamManifest.ts';
import { fitted } from './fitting.ts';
import { decayStretches, likeliest, type PastStretch } from './pastStretches.ts';
import { decayRounds } from './roundDecay.ts';
import {
  neutralise,
  pastPieces,
  recallPrompt,
  type RecallPiece,
  type RecallPrompt,
  type RecallTurn,
} from './streamTemplate.ts';

export interface RecallParts {
  readonly backend: Pick<
    LlmBackend,
    'tokenize' | 'detokenize' | 'createSequence' | 'specialTokens' | 'trainedContext' | 'rowWidth'
  >;
  readonly manifest: StreamManifest;
}

/** The questions that ask for a list of rows. */
export type RecallLists = RecallManifest['listPrompts'];

/** What a model is asked about rows. */
export interface RecallRequest extends RecallPrompt {
  /** Several rows are wanted, not the few that an answer rests on. */
  readonly isList?: boolean;
  /** Only the rows are wanted, as many as bear on the question, and no sentence. */
  readonly isSilent?: boolean;
  /** What the words and the pack's retriever say for the best of the rows; absent when no retriever was asked. */
  readonly relevance?: number;
  /** Indices of the rows that the sentence is about, best first, where they were chosen before. */
  readonly about?: readonly number[];
}

/** What the model says of the rows. */
export interface RecallReply {
  /** Indices into the evidence, best first; empty when it holds no answer. */
  readonly rows: readonly number[];
  /**
   * How likely each of the evidence bears on the question, 0 … 1, in its order. What a model thinks that was not trained to judge
   * each row: 1 for those that it names.
   */
  readonly shares: readonly number[];
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
/** Of a model that judges rows: a list has those that likelier bear on the question than not, an answer the few that are not far behind the best one. */
const listedShare = 0.5;
const nearBest = 0.1;

/**
 * Earlier turns decay from the oldest on until all find room; of past stretches stays as much as the rest leaves.
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
  const evidence = asked.evidence.slice(0, layout.refs.length);
  if (evidence.length === 0) return { rows: [], shares: [], text: '', notSeen: 1 };
  const tokenize = (text: string, parseSpecial = true): Promise<TokenId[]> =>
    backend.tokenize(text, { parseSpecial, signal });
  const toParts = partsWriter(tokenize);
  const oneToken = async (text: string): Promise<TokenId> => {
    const [token, ...rest] = await tokenize(text);
    if (token !== undefined && rest.length === 0) return token;
    throw new AppError('model.unsupported', `The pack's sign ${text} is not one token.`);
  };

  const maxRefs = Math.min(asked.isList ? layout.maxListRefs : layout.maxRefs, evidence.length);
  const replyTokens =
    Math.max(maxRefs, asked.about?.length ?? 0) + (asked.isSilent ? 0 : manifest.maxReplyTokens);
  const room = backend.trainedContext - replyTokens;
  const rules = { manifest, specialTokens: backend.specialTokens };
  const fits = (parts: readonly SequencePart[]): boolean => lengthOf(parts, backend) <= room;
  const { past = [] } = asked;
  const promptWith = (
    earlier: readonly RecallTurn[],
    stretches: readonly PastStretch[],
  ): Promise<SequencePart[]> =>
    toParts(recallPrompt(rules, { ...asked, evidence, earlier, past: stretches }));
  const { items: earlier, parts: withoutPast } = await fitted(asked.earlier ?? [], {
    write: (turns) => promptWith(turns, []),
    ...{ fits, decay: decayRounds },
  });
  let prompt = withoutPast;
  if (!fits(prompt)) throw new AppError('question.tooLong');

  const references = await Promise.all(layout.refs.slice(0, evidence.length).map(oneToken));
  const refusal = manifest.notSeenReply;
  const [refused] = refusal === undefined ? [] : await tokenize(refusal, false);
  const contextSize =
    past.length > 0 ? backend.trainedContext : lengthOf(prompt, backend) + replyTokens;
  await using sequence = await backend.createSequence({ contextSize, signal });
  if (past.length > 0) {
    const write = (left: readonly PastStretch[]): Promise<SequencePart[]> =>
      toParts(pastPieces(rules, left).pieces);
    const heardBehind = await tokenize(
      pastPieces(rules, past).seam + neutralise(asked.question, backend.specialTokens),
    );
    const ranked = layout.past?.candidates
      ? await likeliest(past, { sequence, write, fits, question: heardBehind, signal })
      : past;
    const { parts } = await fitted(ranked.slice(0, layout.past?.stretches), {
      write: (stretches) => promptWith(earlier, stretches),
      ...{ fits, decay: decayStretches },
    });
    prompt = parts;
  }
  const watched = refused === undefined ? references : [...references, refused];
  const { verdict } = layout;
  const heard = await hear(
    sequence,
    {
      ...{ prompt, references, watched },
      ...(verdict && { yes: await oneToken(verdict.yes), no: await oneToken(verdict.no) }),
    },
    signal,
  );
  const notSeen = refusalOf(
    shareOf(refused, references, heard.last),
    layout.refusal,
    asked.relevance,
  );
  const isJudged = heard.shares.length > 0;
  const chosen =
    asked.about ?? (isJudged ? judged(heard.shares, { ...asked, maxRefs }) : undefined);
  const mayRefuse = !asked.about && !(isJudged && asked.isList);
  if (chosen?.length === 0 || (mayRefuse && notSeen >= layout.notSeenThreshold)) {
    const shares = isJudged ? heard.shares : evidence.map(() => 0);
    return { rows: [], shares, text: '', notSeen };
  }
  const rows = chosen ?? (await cite(sequence, { references, first: heard.last, maxRefs }, signal));
  const shares = isJudged ? heard.shares : evidence.map((_, row) => (rows.includes(row) ? 1 : 0));
  if (asked.isSilent) return { rows, shares, text: '', notSeen };
  const cited = rows.slice(0, maxRefs);
  if (chosen) {
    // Those of a list stand in the order of their rows, as in training.
    const inOrder = asked.isList ? cited.toSorted((a, b) => a - b) : cited;
    const tokens = inOrder.map((row) => references[row]!);
    await sequence.append([{ kind: 'tokens', tokens }], { signal });
  }

  const { quote = '' } = manifest.grounding ?? {};
  // The signs around what guidance quotes are none of its words.
  const rowTexts = cited
    .map((row) => evidence[row]!)
    .map(({ kind, text }) => (kind === 'guidance' ? text.replaceAll(quote, '') : text));
  const texts = [asked.question, ...rowTexts];
  const plain = plainWordsOf(manifest, layout);
  const reply = await generateReply(
    sequence,
    backend,
    {
      maxTokens: manifest.maxReplyTokens,
      stopTokens: await tokenize(manifest.endOfTurn),
      loop: defaultLoopRule,
      grammar: sentenceGrammar({
        plain,
        texts: texts.map((text) => neutralise(text, backend.specialTokens)),
      }),
    },
    options,
  );
  const text = sentenceOf(reply, { rows: rowTexts, plain, subject: layout.subject });
  return { rows: cited, shares, text, notSeen };
}

/** Pieces → parts; no text is tokenised twice. */
function partsWriter(
  tokenize: (text: string) => Promise<readonly TokenId[]>,
): (pieces: readonly RecallPiece[]) => Promise<SequencePart[]> {
  const known = new Map<string, readonly TokenId[]>();
  return async (pieces) => {
    const parts: SequencePart[] = [];
    for (const piece of pieces) {
      if (piece.kind === 'rows') {
        parts.push(piece);
        continue;
      }
      const tokens = known.get(piece.text) ?? (await tokenize(piece.text));
      known.set(piece.text, tokens);
      parts.push({ kind: 'tokens', tokens });
    }
    return parts;
  };
}

const lengthOf = (parts: readonly SequencePart[], { rowWidth }: { rowWidth: number }): number =>
  parts.reduce(
    (sum, part) =>
      sum + (part.kind === 'tokens' ? part.tokens.length : part.rows.length / rowWidth),
    0,
  );

interface HeardPrompt {
  readonly prompt: readonly SequencePart[];
  readonly references: readonly TokenId[];
  /** Tokens that may come behind the prompt. */
  readonly watched: readonly TokenId[];
  /** What follows the reference of a row that bears on the question, and of one that does not. */
  readonly yes?: TokenId;
  readonly no?: TokenId;
}

/** Takes the prompt in. @returns what may follow it, and, of a model that judges rows, its verdict on each */
async function hear(
  sequence: LlmSequence,
  { prompt, references, watched, yes, no }: HeardPrompt,
  signal: AbortSignal,
): Promise<{ readonly last: SequenceReading | undefined; readonly shares: readonly number[] }> {
  const shares: number[] = [];
  let parts: SequencePart[] = [];
  for (const part of prompt) {
    if (part.kind === 'rows' || yes === undefined || no === undefined) {
      parts.push(part);
      continue;
    }
    let from = 0;
    for (const [index, token] of part.tokens.entries()) {
      if (token !== references[shares.length]) continue;
      parts.push({ kind: 'tokens', tokens: part.tokens.slice(from, index + 1) });
      const reading = await sequence.append(parts, { probabilitiesOf: [yes, no], signal });
      const [of, against] = [yes, no].map((sign) => reading?.probabilities.get(sign) ?? 0);
      shares.push(of! > 0 ? of! / (of! + against!) : 0);
      [parts, from] = [[], index + 1];
    }
    parts.push({ kind: 'tokens', tokens: part.tokens.slice(from) });
  }
  return { last: await sequence.append(parts, { probabilitiesOf: watched, signal }), shares };
}

/** Those that bear on the question, the likeliest first; a list may have none. */
function judged(
  shares: readonly number[],
  { isList, maxRefs }: { readonly isList?: boolean; readonly maxRefs: number },
): number[] {
  const order = shares.map((_, row) => row).sort((a, b) => shares[b]! - shares[a]!);
  if (isList) return order.filter((row) => shares[row]! >= listedShare);
  const least = nearBest * Math.max(...shares);
  return order.filter((row) => shares[row]! >= least).slice(0, maxRefs);
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

/** What decoder and retriever think together; the decoder alone where the pack does not say how to weigh them. */
function refusalOf(
  share: number,
  weights: RecallManifest['refusal'],
  relevance: number | undefined,
): number {
  if (!weights || relevance === undefined || share === 0) return share;
  // A share that was rounded to 1 is still no certainty.
  const logit = Math.log(share / Math.max(1 - share, Number.EPSILON));
  const { bias, notSeen, relevance: against } = weights;
  return 1 / (1 + Math.exp(-(bias + notSeen * logit - against * relevance)));
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

interface SentenceSources {
  readonly rows: readonly string[];
  readonly plain: readonly string[] | undefined;
  readonly subject: RecallManifest['subject'] | undefined;
}

/**
 * What of a reply is worth showing: what a looping decoder says is not, nor what takes nothing from the rows but words that go with
 * everything; what was merely cut is still what it found.
 */
function sentenceOf(
  { text, ending }: GeneratedReply,
  { rows, plain, subject }: SentenceSources,
): string {
  if (ending === 'looping' || repeatsClause(text, subject)) return '';
  const common = new Set(plain);
  const known = new Set(rows.flatMap((row) => [...wordsIn(row)]));
  const takes = [...wordsIn(text)].some(
    (word) => known.has(word) && !common.has(word.toLowerCase()),
  );
  return takes ? text.trim() : '';
}

/** Parts of a sentence that could each be one: twice the same is no news. @param subject that they share */
function repeatsClause(text: string, subject: string | undefined): boolean {
  const own = subject !== undefined && text.startsWith(`${subject} `) ? subject.length + 1 : 0;
  const parts = text
    .slice(own)
    .replace(/[.!?]$/, '')
    .split(/,? and |, /);
  const clauses = parts.filter((part) => part.includes(' '));
  return new Set(clauses).size < clauses.length;
}

/** Those of answers, where the pack tells them apart from those of guidance. */
const plainWordsOf = (
  { plainWords }: StreamManifest,
  layout: RecallManifest,
): readonly string[] | undefined => layout.plainWords ?? plainWords;
