/** Questions and their answers in the order they were asked: those of the timeline and those that are being answered now. Pure. */
import {
  type AnswerRow,
  type HostToWebview,
  type QueryRow,
  type QuestionScope,
  type ShownError,
  type WebviewToHost,
} from '../protocol/index.ts';
import type { BoxAt } from './state.ts';

/** A question with what has become of it. */
export interface Exchange {
  /** The request's id, or `q` and the id of the stored question. */
  readonly key: string;
  readonly question: string;
  /** Absent for questions that were read from the timeline, which does not keep it. */
  readonly scope: QuestionScope | undefined;
  readonly followUpOf: number | undefined;
  /** The part of the picture that it is about. */
  readonly box: BoxAt | undefined;
  /** The words of the answer that have arrived. */
  readonly text: string;
  readonly state: 'waiting' | 'answered' | 'stopped' | 'failed';
  readonly answer: AnswerRow | undefined;
  readonly error: ShownError | undefined;
}

/** @param asked a question that goes out now, from this page or by command; it takes the place of a failed try */
export function beginExchange(
  exchanges: readonly Exchange[],
  asked: WebviewToHost['ask'],
): readonly Exchange[] {
  if (exchanges.some(({ key }) => key === asked.requestId)) return exchanges;
  const { requestId: key, question, scope, followUpOf } = asked;
  const box = asked.box && scope.kind === 'now' ? { atMs: scope.atMs, box: asked.box } : undefined;
  const rest = { text: '', state: 'waiting', answer: undefined, error: undefined } as const;
  const kept = exchanges.filter((one) => one.state !== 'failed' || one.question !== question);
  return [...kept, { key, question, scope, followUpOf, box, ...rest }];
}

/** Changes the exchange of a request as long as it waits; what comes later belongs to nothing. */
function changeWaiting(
  exchanges: readonly Exchange[],
  requestId: string,
  change: (waiting: Exchange) => Partial<Exchange>,
): readonly Exchange[] {
  const index = exchanges.findIndex(({ key, state }) => key === requestId && state === 'waiting');
  const waiting = exchanges[index];
  return waiting ? exchanges.with(index, { ...waiting, ...change(waiting) }) : exchanges;
}

/** Appends words that have just been written. */
export const addWords = (
  exchanges: readonly Exchange[],
  { requestId, text }: HostToWebview['answerDelta'],
): readonly Exchange[] =>
  changeWaiting(exchanges, requestId, (waiting) => ({ text: waiting.text + text }));

/** Without an error it was stopped; words that have arrived stay. */
export const failExchange = (
  exchanges: readonly Exchange[],
  { requestId, error }: HostToWebview['answerFailed'],
): readonly Exchange[] =>
  changeWaiting(exchanges, requestId, () => ({ state: error ? 'failed' : 'stopped', error }));

/**
 * The same answer may have come as a stored row already: it is shown once, where it was asked. One that came although it was
 * stopped is shown too, since it is stored.
 */
export function completeExchange(
  exchanges: readonly Exchange[],
  { requestId, answer }: HostToWebview['answer'],
): readonly Exchange[] {
  const asked = exchanges.find(({ key }) => key === requestId);
  if (!asked) return exchanges;
  const { text } = answer;
  const complete: Exchange = { ...asked, state: 'answered', answer, text, error: undefined };
  return exchanges
    .filter((other) => other === asked || other.answer?.id !== answer.id)
    .map((other) => (other === asked ? complete : other));
}

/** Joins answers of the timeline; those that wait stay last. @param questionOf finds the question of an answer */
export function addStoredAnswers(
  exchanges: readonly Exchange[],
  answers: readonly AnswerRow[],
  questionOf: (answer: AnswerRow) => QueryRow | undefined,
): readonly Exchange[] {
  const known = new Set(exchanges.map(({ answer }) => answer?.id));
  const added = answers.flatMap((answer): Exchange[] => {
    const query = questionOf(answer);
    if (!query || known.has(answer.id)) return [];
    const rest = { scope: undefined, state: 'answered', answer, error: undefined } as const;
    const { id, text: question, followUpOf, atMs } = query;
    const box = query.box && { atMs, box: query.box };
    return [{ key: `q${id}`, question, followUpOf, box, text: answer.text, ...rest }];
  });
  if (added.length === 0) return exchanges;
  const order = ({ answer }: Exchange): number => answer?.id ?? Infinity;
  // Two that wait compare as NaN, which counts as equal: they keep their order.
  return [...exchanges, ...added].sort((a, b) => order(a) - order(b) || 0);
}

/** What remains when the rows of the timeline are void. */
export const withoutStored = (exchanges: readonly Exchange[]): readonly Exchange[] =>
  exchanges.filter(({ answer }) => !answer);

/** Where an exchange stands on the lane; nowhere when it is about the whole video and nothing is cited. */
export const askedAt = ({ scope, answer }: Exchange): number | undefined => {
  if (scope?.kind === 'now') return scope.atMs;
  if (scope?.kind === 'range') return scope.fromMs;
  return answer?.citations[0]?.startMs;
};
