/** What was asked and answered before a question. */
import type { AnswerRow, QueryRow } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import type { RecallTurn } from '../llm/streamTemplate.ts';
import { sentenceIn } from './citations.ts';
import type { RecallTimeline } from './recall.ts';

/** A question with its answer. */
export interface Turn {
  readonly question: string;
  readonly answer: AnswerRow;
}

/** Older turns are hardly meant by "that", and a small decoder is only distracted by them. */
const maxTurns = 3;

/**
 * The turns that lead to an answer, oldest first, of which only the newest.
 * @throws AppError request.invalid when there is no such answer
 */
export function readThread(timeline: Pick<RecallTimeline, 'read'>, answerId: number): Turn[] {
  const rows = timeline.read({ kinds: ['query', 'answer'] });
  const queries = new Map<number, QueryRow>();
  const answers = new Map<number, AnswerRow>();
  for (const row of rows) {
    if (row.kind === 'query') queries.set(row.id, row);
    if (row.kind === 'answer') answers.set(row.id, row);
  }
  if (!answers.has(answerId)) {
    throw new AppError(
      'request.invalid',
      `The answer ${answerId}, which the question follows up, is not stored for this video.`,
    );
  }
  const turns: Turn[] = [];
  let next: number | undefined = answerId;
  while (next !== undefined && turns.length < maxTurns) {
    const answer = answers.get(next);
    const query: QueryRow | undefined = answer && queries.get(answer.queryId);
    if (!answer || !query) break;
    turns.unshift({ question: query.text, answer });
    next = query.followUpOf;
  }
  return turns;
}

/** The turns as a model is told them: no times, which it does not know, no quotations, and nothing that it could not answer. */
export function toRecallTurns(thread: readonly Turn[]): RecallTurn[] {
  return thread
    .filter(({ answer }) => !answer.abstained)
    .map(({ question, answer }) => ({ question, answer: sentenceIn(answer.text) }));
}
