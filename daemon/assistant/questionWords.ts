/** What a question asks for: its words by their weight, the kind of thing it wants, and the time it speaks of. Pure. */
import { stem, wordsOf } from '../timeline/terms.ts';

/** Terms by how much a row that has them says about the text they come from. */
export interface WeighedTerms {
  /** Names that someone gave: `main.py`, `userName`, `40s`. */
  readonly names: ReadonlySet<string>;
  /** Plain words of the subject: "dialect", "timeout". */
  readonly subjects: ReadonlySet<string>;
  /** Words for what is seen rather than written: "clicks", "window". A video that answers need not show them. */
  readonly scene: ReadonlySet<string>;
}

/**
 * when: asks for a time. now: for the state at the end of what was seen. last, first: for the newest or oldest of several.
 */
export type TimeFocus = 'when' | 'now' | 'last' | 'first' | 'any';

export interface QuestionWords extends WeighedTerms {
  readonly time: TimeFocus;
  /** What the wanted row looks like; empty when the question gives no hint. */
  readonly shapes: readonly RegExp[];
  /** The words that gave that hint: they name a kind of thing, and the thing itself need not bear the word. */
  readonly kinds: ReadonlySet<string>;
}

const listed = (words: string): ReadonlySet<string> =>
  new Set(words.split(/\s+/).filter(Boolean).map(stem));

/** Grammar, and the people that every question and every sentence of guidance is about. */
const stopWords = listed(`
  a an the this that these those it its he she they them their his her him we you i my your our us one ones
  is are was were be been being am do does did done doing has have had having can could will would shall should may might must
  and or but not no nor if then than so as of in on at to for from by with without into onto over under out off up down about
  after before during while until besides except between again once only just also too very more most much many any some
  all each every both other another same such own there here yes
  what which who whom whose when where why how
  developer presenter programmer speaker person user someone video s t`);

/**
 * Things and deeds that show as pictures and movement, and the general nouns that a question is built with. They help to
 * rank rows, but a video that never shows the letters "click" or "menu" may well answer a question that has them.
 */
const sceneWords = listed(`
  open close click choose select pick press type enter write edit change modify replace insert add remove delete create make
  use run start stop begin end finish launch execute trigger call show display appear disappear see look read view hide
  go jump switch move scroll navigate hover drag drop expand collapse set give put get take happen occur contain include
  reach mention say tell name call become turn accept apply save load reload work try want need directly visible
  window tab page screen browser terminal editor panel sidebar bar view menu context entry item option button icon link
  dialog popup box form field list row column section block area part tooltip notification message prompt cursor mouse
  selection breakpoint debugger heading title text word string label value number name line code program project
  application app folder directory file command error function method class variable type
  second minute moment time point step thing kind total current currently now right left top bottom
  ran wrote written chose chosen began begun gave given made saw seen shown took taken went gone got said told became
  found left kept held used using
  new old first last next previous final initial latest recent different main`);

interface Shape {
  /** Stems that ask for it. */
  readonly asked: ReadonlySet<string>;
  readonly looksLike: RegExp;
}

/** Kinds of things that questions about programming ask for, and how they look when they stand on a screen. */
const shapes: readonly Shape[] = [
  {
    asked: listed('file document script tab'),
    looksLike: /(?:^|[\s/"'(])[\w@-][\w.@-]*\.[a-z]\w{0,4}\b/,
  },
  {
    asked: listed('command terminal shell execute'),
    looksLike:
      /(?:^|\s)[$%>❯➜#]\s+\S|\b(?:runs?|ran)\b|^(?:npm|npx|pnpm|yarn|node|deno|bun|python3?|pip3?|uv|pytest|go|cargo|git|docker|make|cd|ls|curl|mvn|gradle|dotnet|ruby|php|swift|kubectl|sudo|brew|apt)\s/,
  },
  {
    asked: listed('error exception fail failure failed problem wrong crash bug'),
    looksLike: /error|exception|traceback|fail|panic|cannot|denied|not found|undefined|invalid/i,
  },
  { asked: listed('port'), looksLike: /:\d{2,5}\b|\bport\b\D{0,4}\d/i },
  {
    asked: listed('address url site website page link host'),
    looksLike: /https?:|www\.|localhost|\b\d{1,3}(?:\.\d{1,3}){3}\b/,
  },
  { asked: listed('function method routine'), looksLike: /\b(?:def|func|fn|function)\b|\w\(/ },
  {
    asked: listed('class type struct interface enum'),
    looksLike: /\b(?:class|struct|interface|enum|trait|type)\b/,
  },
  {
    asked: listed('module package library dependency import framework'),
    looksLike: /\b(?:import|from|require|use|using|install|installs|installed|include)\b/,
  },
  {
    asked: listed('log logs logging output'),
    looksLike: /\b(?:debug|info|warn|warning|error|trace)\b/i,
  },
  { asked: listed('heading title headline'), looksLike: /<h[1-6]\b|<title|^#+\s/i },
];

const numbers: Shape = {
  asked: listed('line number count version status code percent value amount total'),
  looksLike: /\d/,
};

/** "How many" wants a number, whatever its noun. */
const howMany = /\bhow (?:many|much|often|long)\b/i;
/** "When …?" asks for a time, "When …, what …?" does not. */
const wantsTime =
  /^\W*(?:(?:and|so|but) )?when\b(?!.*\b(?:what|which|who|how|why)\b)|\b(?:know|remember|tell me|say) when\b|\b(?:at|in) (?:what|which) (?:second|minute|moment|time|point)\b|\bhow (?:far|long) into\b/i;

/** Splits any text by the weight of its words. */
export function weighTerms(text: string): WeighedTerms {
  const names = new Set<string>();
  const subjects = new Set<string>();
  const scene = new Set<string>();
  for (const { whole, isName, terms } of wordsOf(text)) {
    const [first] = terms;
    if (first === undefined || stopWords.has(first) || stopWords.has(whole)) continue;
    if (isName) names.add(first);
    else if (sceneWords.has(first)) scene.add(first);
    else if (whole.length > 1) subjects.add(first);
  }
  return { names, subjects, scene };
}

/** Looks at a question's words. */
export function analyseQuestion(question: string): QuestionWords {
  const terms = wordsOf(question).flatMap((word) => word.terms.slice(0, 1));
  const asks = ({ asked }: Shape): boolean => terms.some((term) => asked.has(term));
  const time = timeFocus(question);
  // A number is a fact, never an event: "when do the first lines appear" wants none.
  const wantsNumber = time !== 'when' && (asks(numbers) || howMany.test(question));
  const wanted = [...shapes.filter(asks), ...(wantsNumber ? [numbers] : [])];
  return {
    ...weighTerms(question),
    time,
    shapes: wanted.map((shape) => shape.looksLike),
    kinds: new Set(terms.filter((term) => wanted.some(({ asked }) => asked.has(term)))),
  };
}

function timeFocus(question: string): TimeFocus {
  if (wantsTime.test(question)) return 'when';
  if (/\bright now\b|\bcurrently\b|\bat the moment\b|\bnow\b|\b(?:is|are) being\b/i.test(question))
    return 'now';
  if (/\b(?:last|latest|finally|in the end|at the end|most recent)\b/i.test(question))
    return 'last';
  if (/\b(?:first|initially|at the beginning|at the start)\b/i.test(question)) return 'first';
  return 'any';
}
