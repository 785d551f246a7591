/** What watching and asking gave, as figures. Pure; models/evaluation/scoring.py is the reference, test/golden/scoring.json binds the two. */
import { isWithin, match, type Window } from './matching.ts';
import { hasName, hasWords, KindClassifier, normal } from './sentences.ts';
import type { Clip, Question, Rules } from './truth.ts';

/** Said unasked, at the presentation time of the deciding frame. */
export interface Reply {
  readonly seconds: number;
  readonly text: string;
}

export interface Answer {
  readonly text: string;
  readonly abstained?: boolean | undefined;
  /** Moments of the rows it rests on, best first. Left out: those that its text tells. */
  readonly seconds?: readonly number[] | undefined;
}

/** A clip with all that was said about it. */
export interface WatchedClip extends Clip {
  readonly replies: readonly Reply[];
  /** One for each question, in their order. */
  readonly answers: readonly Answer[];
  /** Replies that nobody heard: unlikely, naming what was not there, or going round in circles. */
  readonly withheld: number;
  readonly ungrounded: number;
  readonly looping: number;
}

/** A part of a whole; nothing where the whole is nothing. */
class Share {
  #part = 0;
  #whole = 0;

  add(isPart: boolean | number): void {
    this.#part += Number(isPart);
    this.#whole++;
  }

  get count(): number {
    return this.#part;
  }

  get of(): number {
    return this.#whole;
  }

  get rate(): number | undefined {
    return this.#whole === 0 ? undefined : rounded(this.#part / this.#whole);
  }
}

/** One for each name, made when it is first asked for. */
class Shares {
  readonly #shares = new Map<string, Share>();

  of(name: string): Share {
    const share = this.#shares.get(name) ?? new Share();
    this.#shares.set(name, share);
    return share;
  }

  get rates(): Readonly<Record<string, number>> | undefined {
    const sorted = [...this.#shares].sort(([one], [other]) => (one < other ? -1 : 1));
    const rates = sorted.map(([name, { rate }]) => [name, rate ?? 0] as const);
    return rates.length === 0 ? undefined : Object.fromEntries(rates);
  }
}

/** A kind of steps. */
interface KindCount {
  steps: number;
  found: number;
  exact: number;
}

/** Figures; those that nothing was counted for are left out. */
export type Summary = Readonly<Record<string, number | Readonly<Record<string, number | object>>>>;

const byTime = <Timed extends { readonly seconds: number }>(items: readonly Timed[]): Timed[] =>
  [...items].sort((one, other) => one.seconds - other.seconds);

const byDue = <Due extends { readonly atSeconds: number }>(items: readonly Due[]): Due[] =>
  [...items].sort((one, other) => one.atSeconds - other.atSeconds);

export class Scoring {
  readonly #rules: Rules;
  readonly #classifier: KindClassifier;
  readonly #delays: number[] = [];
  #narratedSeconds = 0;
  #quietSeconds = 0;
  #falseReplies = 0;
  readonly #matchedReplies = new Share();
  readonly #foundSteps = new Share();
  readonly #redundant = new Share();
  readonly #rightKinds = new Share();
  readonly #slots = new Share();
  readonly #slotsByClass = new Shares();
  readonly #exactSteps = new Share();
  readonly #sayLess = new Share();
  readonly #byKind = new Map<string, KindCount>();
  readonly #requests = new Share();
  readonly #within = new Share();
  readonly #once = new Share();
  readonly #neverBefore = new Share();
  readonly #requestNames = new Share();
  readonly #silent = new Share();
  readonly #questionsByKind = new Shares();
  readonly #questions = new Share();
  readonly #abstention = new Share();
  readonly #wronglyAbstained = new Share();
  readonly #unheard = { withheld: 0, ungrounded: 0, looping: 0 };

  constructor(rules: Rules) {
    this.#rules = rules;
    this.#classifier = new KindClassifier(rules.phrasings);
  }

  add(clip: WatchedClip): void {
    switch (clip.kind) {
      case 'session':
        this.#addNarrated(clip);
        break;
      case 'standing':
        this.#addStanding(clip);
        break;
      case 'nothing':
        this.#addQuiet(clip);
    }
    for (const [index, question] of clip.questions.entries()) {
      this.#addAnswer(question, clip.answers[index] ?? { text: '' });
    }
    this.#unheard.withheld += clip.withheld;
    this.#unheard.ungrounded += clip.ungrounded;
    this.#unheard.looping += clip.looping;
  }

  get summary(): Summary {
    const [steps, found, replies] = [
      this.#foundSteps.of,
      this.#foundSteps.count,
      this.#redundant.of,
    ];
    const perMinute = (count: number, seconds: number): number | undefined =>
      seconds === 0 ? undefined : rounded((count * 60) / seconds);
    const figures = {
      minutes: Math.round(this.#narratedSeconds / 6) / 10,
      ...{ steps, replies },
      stepPrecision: this.#matchedReplies.rate,
      stepRecall: this.#foundSteps.rate,
      stepF1: steps === 0 ? undefined : rounded((2 * found) / (steps + replies)),
      kindF1: steps === 0 ? undefined : rounded((2 * this.#rightKinds.count) / (steps + replies)),
      missingRate: steps === 0 ? undefined : rounded(1 - found / steps),
      redundantRate: this.#redundant.rate,
      meanDelaySeconds: meanOf(this.#delays.map(Math.abs)),
      medianDelaySeconds: medianOf(this.#delays),
      kindAccuracy: this.#rightKinds.rate,
      slotExact: this.#slots.rate,
      slotExactByClass: this.#slotsByClass.rates,
      exactSteps: this.#exactSteps.rate,
      sayLess: this.#sayLess.rate,
      unmatchedPerMinute: perMinute(replies - found, this.#narratedSeconds),
      nothingMinutes: this.#quietSeconds === 0 ? undefined : rounded(this.#quietSeconds / 60),
      falsePerMinute: perMinute(this.#falseReplies, this.#quietSeconds),
      requestsDue: this.#requests.of,
      standingRequests: this.#requests.rate,
      requestsWithin: this.#within.rate,
      requestsOnce: this.#once.rate,
      requestsNeverBefore: this.#neverBefore.rate,
      requestNames: this.#requestNames.rate,
      silentRequests: this.#silent.rate,
      questions: this.#questions.of + this.#abstention.of,
      questionAccuracy: this.#questions.rate,
      questionAccuracyByKind: this.#questionsByKind.rates,
      abstention: this.#abstention.rate,
      wronglyAbstained: this.#wronglyAbstained.rate,
      ...this.#unheard,
      byKind:
        this.#byKind.size === 0
          ? undefined
          : Object.fromEntries([...this.#byKind].sort(([one], [other]) => (one < other ? -1 : 1))),
    };
    const known = Object.entries(figures).filter(([, value]) => value !== undefined);
    return Object.fromEntries(known) as Summary;
  }

  #addNarrated(clip: WatchedClip): void {
    const { earlySeconds: early, lateSeconds: late, repeatSeconds } = this.#rules.window;
    const steps = byDue(clip.steps);
    const replies = byTime(clip.replies);
    const pairs = match(...timesOf(steps, replies), { early, late });
    const replyOf = new Map(pairs.map(([i, j]) => [i, replies[j]!]));
    const matched = new Set(replyOf.values());
    this.#narratedSeconds += clip.seconds;
    for (const [j, reply] of replies.entries()) {
      const isMatched = matched.has(reply);
      this.#matchedReplies.add(isMatched);
      const repeats = replies
        .slice(0, j)
        .some(
          ({ seconds, text }) =>
            reply.seconds - seconds <= repeatSeconds && normal(text) === normal(reply.text),
        );
      const isToldAlready = pairs.some(([i]) =>
        isWithin(steps[i]!.atSeconds, reply.seconds, { early, late }),
      );
      this.#redundant.add(!isMatched && (repeats || isToldAlready));
    }
    for (const [i, step] of steps.entries()) this.#addStep(step, replyOf.get(i));
  }

  /** What begins with a file open may say so. */
  #addQuiet({ seconds, steps, replies }: WatchedClip): void {
    const { earlySeconds: early, lateSeconds: late } = this.#rules.window;
    const pairs = match(...timesOf(byDue(steps), byTime(replies)), { early, late });
    this.#quietSeconds += seconds;
    this.#falseReplies += replies.length - pairs.length;
  }

  #addStep({ atSeconds, kind, slots }: Clip['steps'][number], reply: Reply | undefined): void {
    const count = this.#byKind.get(kind) ?? { steps: 0, found: 0, exact: 0 };
    this.#byKind.set(kind, count);
    count.steps++;
    this.#foundSteps.add(reply !== undefined);
    if (!reply) {
      this.#exactSteps.add(false);
      return;
    }
    count.found++;
    this.#delays.push(reply.seconds - atSeconds);
    const isKind = this.#classifier.kinds(reply.text).has(kind);
    this.#rightKinds.add(isKind);
    const right = Object.entries(slots).map(([name, value]) => {
      const isRight = hasName(reply.text, value);
      this.#slots.add(isRight);
      this.#slotsByClass.of(this.#rules.slotClasses[name] ?? 'text').add(isRight);
      return isRight;
    });
    const isExact = isKind && right.every(Boolean);
    this.#exactSteps.add(isExact);
    count.exact += Number(isExact);
    const namesNothing = right.length > 0 && !right.some(Boolean);
    this.#sayLess.add(isKind && namesNothing && this.#classifier.isNameless(reply.text));
  }

  /** A request is fulfilled that was told in time, once, and never before it was due. */
  #addStanding(clip: WatchedClip): void {
    const { requestEarlySeconds: early, lateSeconds: late } = this.#rules.window;
    const requests = byDue(clip.requests);
    const replies = byTime(clip.replies);
    if (requests.length === 0) {
      this.#silent.add(replies.length === 0);
      return;
    }
    const [due, said] = timesOf(requests, replies);
    const pairs = new Map(match(due, said, { early, late }));
    const told = new Set(pairs.values());
    const spoilt = { once: new Set<number>(), neverBefore: new Set<number>() };
    for (const [j, seconds] of said.entries()) {
      if (!told.has(j)) blame(seconds, due, { early, late }, spoilt);
    }
    for (const [i, { slots }] of requests.entries()) {
      const reply = replies[pairs.get(i) ?? -1];
      const isOnce = reply !== undefined && !spoilt.once.has(i);
      this.#within.add(reply !== undefined);
      this.#once.add(isOnce);
      this.#neverBefore.add(!spoilt.neverBefore.has(i));
      this.#requests.add(isOnce && !spoilt.neverBefore.has(i));
      if (!reply) continue;
      for (const value of Object.values(slots)) this.#requestNames.add(hasName(reply.text, value));
    }
  }

  #addAnswer(question: Question, answer: Answer): void {
    const isNotSeen = normal(answer.text) === normal(this.#rules.notSeenReply);
    const abstains = answer.abstained === true || isNotSeen;
    if (question.kind === 'unanswerable') {
      this.#abstention.add(abstains);
      return;
    }
    const isRight = !abstains && this.#isRight(question, answer);
    this.#wronglyAbstained.add(abstains);
    this.#questions.add(isRight);
    this.#questionsByKind.of(question.kind).add(isRight);
  }

  #isRight(question: Question, answer: Answer): boolean {
    const { kind, expected, slots, seconds } = question;
    if (kind === 'when') {
      const tolerance = {
        early: this.#rules.window.whenSeconds,
        late: this.#rules.window.whenSeconds,
      };
      const times = answer.seconds?.slice(0, 1) ?? timesIn(answer.text);
      return seconds !== undefined && times.some((time) => isWithin(seconds, time, tolerance));
    }
    if (normal(answer.text) === normal(expected)) return true;
    const values = Object.values(slots);
    return values.length > 0 && values.every((value) => hasWords(answer.text, value));
  }
}

/** Which request an unfulfilling reply speaks against, and how. */
function blame(
  seconds: number,
  due: readonly number[],
  window: Window,
  spoilt: { readonly once: Set<number>; readonly neverBefore: Set<number> },
): void {
  const near = due
    .map((time, index) => ({ index, time, delay: seconds - time }))
    .filter(({ time }) => isWithin(time, seconds, window))
    .sort((one, other) => Math.abs(one.delay) - Math.abs(other.delay));
  const later = due.findIndex((time) => time > seconds);
  if (near[0]) spoilt.once.add(near[0].index);
  else if (later >= 0) spoilt.neverBefore.add(later);
  else spoilt.once.add(due.length - 1);
}

function timesOf(
  due: readonly { readonly atSeconds: number }[],
  said: readonly Reply[],
): [due: number[], said: number[]] {
  return [due.map(({ atSeconds }) => atSeconds), said.map(({ seconds }) => seconds)];
}

/** Moments that a text tells, as 1:15, 1:02:03 or 12.5 seconds. */
export function timesIn(text: string): number[] {
  const found = text.matchAll(
    /\b(?:(\d+):)?(\d{1,2}):(\d{2})\b|\b(\d+(?:\.\d+)?) ?(?:s|seconds?)\b/g,
  );
  return [...found].map(([, hours = 0, minutes, rest, seconds]) =>
    seconds === undefined
      ? Number(hours) * 3600 + Number(minutes) * 60 + Number(rest)
      : Number(seconds),
  );
}

const rounded = (value: number): number => Number(value.toFixed(3));

function meanOf(values: readonly number[]): number | undefined {
  if (values.length === 0) return undefined;
  return rounded(values.reduce((sum, value) => sum + value, 0) / values.length);
}

function medianOf(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((one, other) => one - other);
  const [below, above] = [sorted[(sorted.length - 1) >> 1], sorted[sorted.length >> 1]];
  return below === undefined || above === undefined ? undefined : rounded((below + above) / 2);
}
