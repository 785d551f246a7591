/** Answers from stored rows on a fresh sequence without pictures: questions about a watched video, and summaries. */
import { AppError } from '../base/errors.ts';
import type { LlmBackend, TokenId } from './backend.ts';
import {
  defaultLoopRule,
  generateReply,
  type GeneratedReply,
  type ReplyOptions,
} from './replyGeneration.ts';
import type { StreamManifest } from '../weights/manifest.ts';
import { recallPrompt, type RecallPrompt, type RecallTurn } from './streamTemplate.ts';

export interface RecallParts {
  readonly backend: Pick<
    LlmBackend,
    'tokenize' | 'detokenize' | 'createSequence' | 'specialTokens' | 'trainedContext'
  >;
  readonly manifest: StreamManifest;
}

/**
 * Of the earlier turns, as many of the newest as find room.
 * @throws AppError question.tooLong when evidence, question and answer do not fit the model's context together;
 *   model.unsupported when the pack has no recall mode
 */
export async function recall(
  { backend, manifest }: RecallParts,
  asked: RecallPrompt,
  options: ReplyOptions,
): Promise<GeneratedReply> {
  if (!manifest.recall) throw new AppError('model.unsupported');
  const { signal } = options;
  const rules = { manifest, specialTokens: backend.specialTokens };
  const tokenize = (earlier: readonly RecallTurn[]): Promise<TokenId[]> =>
    backend.tokenize(recallPrompt(rules, { ...asked, earlier }), { parseSpecial: true, signal });
  let earlier = asked.earlier ?? [];
  let tokens = await tokenize(earlier);
  const room = backend.trainedContext - manifest.maxReplyTokens;
  while (tokens.length > room && earlier.length > 0) {
    earlier = earlier.slice(1);
    tokens = await tokenize(earlier);
  }
  if (tokens.length > room) throw new AppError('question.tooLong');
  const contextSize = tokens.length + manifest.maxReplyTokens;
  const stopTokens = await backend.tokenize(manifest.endOfTurn, { parseSpecial: true, signal });
  await using sequence = await backend.createSequence({ contextSize, signal });
  await sequence.append([{ kind: 'tokens', tokens }], { signal });
  const reply = { maxTokens: manifest.maxReplyTokens, stopTokens, loop: defaultLoopRule };
  return await generateReply(sequence, backend, reply, options);
}
