/** Answers from stored rows on a fresh sequence without pictures: questions about a watched video, and summaries. */
import { AppError } from '../base/errors.ts';
import type { LlmBackend } from './backend.ts';
import {
  defaultLoopRule,
  generateReply,
  type GeneratedReply,
  type ReplyOptions,
} from './replyGeneration.ts';
import type { StreamManifest } from '../weights/manifest.ts';
import { recallPrompt, type RecallEvidence } from './streamTemplate.ts';

export interface RecallParts {
  readonly backend: Pick<
    LlmBackend,
    'tokenize' | 'detokenize' | 'createSequence' | 'specialTokens' | 'trainedContext'
  >;
  readonly manifest: StreamManifest;
}

/**
 * @param evidence in time order
 * @throws AppError question.tooLong when evidence, question and answer do not fit the model's context together;
 *   model.unsupported when the pack has no recall mode
 */
export async function recall(
  { backend, manifest }: RecallParts,
  asked: { readonly evidence: readonly RecallEvidence[]; readonly question: string },
  options: ReplyOptions,
): Promise<GeneratedReply> {
  if (!manifest.recall) throw new AppError('model.unsupported');
  const { signal } = options;
  const rules = { manifest, specialTokens: backend.specialTokens };
  const prompt = recallPrompt(rules, asked.evidence, asked.question);
  const tokens = await backend.tokenize(prompt, { parseSpecial: true, signal });
  const contextSize = tokens.length + manifest.maxReplyTokens;
  if (contextSize > backend.trainedContext) throw new AppError('question.tooLong');
  const stopTokens = await backend.tokenize(manifest.endOfTurn, { parseSpecial: true, signal });
  await using sequence = await backend.createSequence({ contextSize, signal });
  await sequence.append([{ kind: 'tokens', tokens }], { signal });
  const reply = { maxTokens: manifest.maxReplyTokens, stopTokens, loop: defaultLoopRule };
  return await generateReply(sequence, backend, reply, options);
}
