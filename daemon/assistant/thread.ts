/** What was asked and answered before a question, and what the question takes from it. */
import type { AnswerRow, QueryRow } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import type { RecallTurn } from '../llm/streamTemplate.ts';
import type { RecallTimeline } from './recall.ts';
import { analyseQuestion, weighTerms, type QuestionWords } from './questionWords.ts';

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

/** The turns as a model is told them: no times, which it does not know, and nothing that it could not answer. */
export function toRecallTurns(thread: readonly Turn[]): RecallTurn[] {
  return thread
    .filter(({ answer }) => !answer.abstained)
    .map(({ question, answer }) => ({ question, answer: withoutTimes(answer.text) }));
}

/** "And …?", "What about …?": what is wanted was said before. */
const asksTheSame = /^\W*(?:and|what about|how about)\b/i;

/**
 * The words of a question that follows others. "And when?", "which file was that in?", "why?" have no subject of their own: theirs
 * is what was asked before and what was answered. "And the client?" has one, and wants of it what was wanted before.
 */
export function followUp(text: string, thread: readonly Turn[]): QuestionWords {
  const question = analyseQuestion(text);
  const before = thread.map((turn) => analyseQuestion(turn.question));
  const last = before.at(-1);
  if (!last) return question;
  if (hasSubject(question)) {
    const isOpen = question.shapes.length === 0 && question.time === 'any';
    if (!isOpen || !asksTheSame.test(text)) return question;
    const { shapes, time } = last;
    return { ...question, shapes, time, kinds: join(question.kinds, last.kinds) };
  }
  const source = before.findLast(hasSubject) ?? last;
  const { answer } = thread.at(-1)!;
  const answered = weighTerms(answer.abstained ? '' : withoutTimes(answer.text));
  const asksForItself = question.shapes.length > 0 || question.time === 'when';
  return {
    names: join(question.names, source.names, answered.names),
    subjects: join(question.subjects, source.subjects, answered.subjects),
    scene: join(question.scene, source.scene),
    shapes: asksForItself ? question.shapes : source.shapes,
    kinds: join(question.kinds, source.kinds),
    // "Why?" after "when …?" does not ask for the time again.
    time: question.time === 'any' && source.time !== 'when' ? source.time : question.time,
  };
}

/** Whether a question says itself what it is about. */
export function hasSubject({ names, subjects, kinds }: QuestionWords): boolean {
  return [...names, ...subjects].some((term) => !kinds.has(term));
}

const withoutTimes = (text: string): string =>
  text.replace(/\s*\(\d+:\d\d(?::\d\d)?\)/g, '').trim();

const join = (...sets: readonly ReadonlySet<string>[]): ReadonlySet<string> =>
  new Set(sets.flatMap((set) => [...set]));
