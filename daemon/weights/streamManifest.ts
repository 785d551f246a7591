/** What a manifest says of the token stream: the types, and the schema that checks them. */
import { z } from 'zod';
/** Every place where one role of the stream may follow another; nothing is said before the first frame or word. */
const seamNames = [
  'begin>stream',
  'begin>user',
  'stream>stream',
  'stream>assistant',
  'stream>user',
  'user>assistant',
  'user>stream',
  'user>user',
  'assistant>stream',
  'assistant>user',
] as const;
type SeamName = (typeof seamNames)[number];

/** How new screen text stands in the stream, before its frame's rows. */
export interface ScreenTextManifest {
  readonly open: string;
  readonly lineEnd: string;
  /** New lines per frame at most. */
  readonly maxLines: number;
  /** Of `maxLines`, how many come from the top when there are too many. */
  readonly headLines: number;
  /** Of the text alone, without its mark. */
  readonly maxLineChars: number;
  /** Put before each line: in which region of the screen it stands. Left out by models whose lines bear no mark. */
  readonly regionMarks?: Readonly<Record<string, string>>;
}

/** How stored rows stand behind a question, and what is said of them; `{mark}`, `{text}` and `{ref}` are replaced. */
export interface RecallManifest {
  readonly guidance: string;
  readonly screenOpen: string;
  readonly screenLine: string;
  /** One token each, in the order of the rows; as many rows at most. */
  readonly refs: readonly string[];
  /** References of an answer, and of the answer to one of `listPrompts`. */
  readonly maxRefs: number;
  readonly maxListRefs: number;
  /** Longer rows are cut. */
  readonly maxRowChars: number;
  /** In which order the rows of a question stand: by their rank, best first, or by time, which is meant when left out. */
  readonly order?: 'rank' | 'time';
  /** `notSeenReply` is said when its share of the first token's probability, against all references, is at least this, 0 … 1. */
  readonly notSeenThreshold: number;
  /**
   * How that share and the best row's score (words and retriever) make a probability: sigmoid(bias + notSeen · logit(share) − relevance ·
   * score). The share alone counts when left out, or when there is no score.
   */
  readonly refusal?: {
    readonly bias: number;
    readonly notSeen: number;
    readonly relevance: number;
  };
  /** What follows the reference of a row that bears on the question, and of one that does not; left out by models not trained to judge. */
  readonly verdict?: { readonly yes: string; readonly no: string };
  /** Stretches of the video that are decoded once more before a question; left out when the decoder was trained without. */
  readonly past?: PastManifest;
  /** The question that asks for a title of the rows. */
  readonly titlePrompt: string;
  /** The questions that ask for a list of rows. */
  readonly listPrompts: Readonly<Record<'commands' | 'files' | 'errors', string>>;
  /** Lower-case words of answers that need not stand in the rows; `stream.plainWords` when left out. */
  readonly plainWords?: readonly string[];
  /** What a sentence may begin with that all of its clauses share: `They` of "They ran ls and opened a.py.". None when left out. */
  readonly subject?: string;
}

/** Which stretches of what was watched come back with a question. */
export interface PastManifest {
  /** As many at most, those of the best rows of the search. */
  readonly stretches: number;
  readonly seconds: number;
  /**
   * Of so many stretches that the search proposes, the decoder itself chooses: those behind which the question is likeliest. Left out,
   * the search alone chooses.
   */
  readonly candidates?: number;
}

/** What unasked replies may name: only what they quote. */
export interface GroundingManifest {
  /** The sign before and behind each quotation. */
  readonly quote: string;
  /** Screen lines that may be quoted: so many of the newest. */
  readonly recentLines: number;
  /** All that guidance may say, `{}` standing for a quotation with its quotes; left out, any sentence of `plainWords`. */
  readonly sentences?: readonly string[];
}

/** What of a frame's rows is left out where the screen does not change. */
export interface RowBudgetManifest {
  /** A row is new when it is so far from the one that was last kept at its place, against that one's length. */
  readonly rowChange: number;
  /** Unchanged frames in a row of which the decoder is given the last row; those behind them take no positions. */
  readonly ticks: number;
  /** After so many frames one is given whole, so that what stands still stays in the window. */
  readonly wholeEveryFrames: number;
  /** frames: a frame that brings something is given whole. rows: only its new rows, for decoders that were trained so. */
  readonly keep: 'frames' | 'rows';
}

/** Words of yes/no questions that stand behind a frame's rows while they are asked. */
interface AnswersManifest {
  /** What an answer may begin with, one token each. */
  readonly yes: readonly string[];
  readonly no: readonly string[];
}

/** The decoder is asked whether to speak. What counts is how far its answer stands out from those before. */
export interface ProbePolicy extends AnswersManifest {
  readonly kind: 'probe';
  /** Closes what is open, puts the question, opens the answer. */
  readonly ask: string;
  /** Only frames whose rows have changed so much that they stand out are asked about; see `ChangePolicy`. Every frame when left out. */
  readonly rowChange?: number;
  readonly refractoryMs?: number;
}

/** Spoken is where much more changes than in the last two minutes. */
export interface ChangePolicy {
  readonly kind: 'change';
  /** A row has changed when it is so far from what was there when it last changed, against that one's length. */
  readonly rowChange: number;
  readonly refractoryMs?: number;
}

/** The decoder is asked for what is new and, while a request of the user's own is in force, whether it bears on that. */
export interface ScoresPolicy extends AnswersManifest {
  readonly kind: 'scores';
  /** The two questions, each as `ProbePolicy.ask`. */
  readonly informative: string;
  readonly relevance: string;
  /** With a request in force: sum of how far both answers stand out, in standard deviations. */
  readonly instantThreshold: number;
  /** Without: the same of the first answer, summed up since something was last said. */
  readonly sumThreshold: number;
  /** As in `ProbePolicy`. */
  readonly rowChange?: number;
  readonly refractoryMs?: number;
}

/**
 * When a decoder speaks that was not trained to be silent. `refractoryMs`: media time after something was said in which nothing more is;
 * the usual when left out.
 */
export type PolicyManifest = ProbePolicy | ChangePolicy | ScoresPolicy;

/** The layout of the token stream; the reference is models/decoder/template.py. */
export interface StreamManifest {
  readonly frameRateFps: number;
  /** Read after a frame's last row: "next frame". Left out by models that were not trained to be silent: they have a `policy`. */
  readonly silenceToken?: string;
  /** In place of a silence token. */
  readonly policy?: PolicyManifest;
  readonly endOfTurn: string;
  /** Silent at or above this probability of the silence token, 0 … 1. */
  readonly silenceThreshold: number;
  /** The same while a request of the user's own is in force, which is rarely fulfilled; left out: as ever. */
  readonly requestSilenceThreshold?: number;
  readonly maxReplyTokens: number;
  /** Text between two roles. What stands before everything, such as a system prompt, is part of the seams from `begin`. */
  readonly seams: Readonly<Record<SeamName, string>>;
  /** Pieces of the template and the ids that the decoder's tokenizer must make of them; it is refused when it does not. */
  readonly tokenIds?: Readonly<Record<string, readonly number[]>>;
  /** Left out by models that get no screen text. */
  readonly screenText?: ScreenTextManifest;
  /** Left out by models that must see every row of every frame. */
  readonly rowBudget?: RowBudgetManifest;
  /** Left out by models that cannot answer from stored rows. */
  readonly recall?: RecallManifest;
  /** The user turn that a plain watching begins with. */
  readonly instruction?: string;
  /** Lower-case words that guidance may use without their standing on screen; without the list only names are looked for. */
  readonly plainWords?: readonly string[];
  /**
   * Guidance consists of `plainWords` and of quotations from lines that were read: it is written under a grammar. Left out by models that
   * do not quote; without `plainWords` there is no grammar.
   */
  readonly grounding?: GroundingManifest;
  /** Guidance with a smaller likelihood (see `GeneratedReply`) is withheld, 0 … 1; left out, nothing is. */
  readonly minReplyLikelihood?: number;
  /** What the model says, word for word, when the evidence holds no answer. */
  readonly notSeenReply?: string;
  /** The question that asks for a summary. */
  readonly summaryPrompt?: string;
}

const count = z.int().positive();
const share = z.number().min(0).max(1);

const row = z.string().includes('{text}').includes('{ref}');

const text = z.string().min(1);
const answers = z.array(text).min(1).readonly();
const refractory = { refractoryMs: z.exactOptional(z.number().min(0)) };
const asking = { yes: answers, no: answers, rowChange: z.exactOptional(z.number().positive()) };

const policySchema = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('probe'), ask: text, ...asking, ...refractory }),
  z.object({ kind: z.literal('change'), rowChange: z.number().positive(), ...refractory }),
  z.object({
    ...{ kind: z.literal('scores'), informative: text, relevance: text, ...asking },
    ...{ instantThreshold: z.number().positive(), sumThreshold: z.number().positive() },
    ...refractory,
  }),
]);

const streamObject = z.object({
  frameRateFps: z.number().positive(),
  silenceToken: z.exactOptional(z.string().min(1)),
  policy: z.exactOptional(policySchema),
  endOfTurn: z.string().min(1),
  silenceThreshold: share,
  requestSilenceThreshold: z.exactOptional(share),
  maxReplyTokens: count,
  seams: z.record(z.enum(seamNames), z.string('must be a text, as every stream needs this seam')),
  tokenIds: z.exactOptional(z.record(z.string(), z.array(z.int().min(0)).min(1).readonly())),
  screenText: z.exactOptional(
    z
      .object({
        open: z.string(),
        lineEnd: z.string(),
        maxLines: count,
        headLines: z.int().min(0),
        maxLineChars: count,
        regionMarks: z.exactOptional(z.record(z.string(), z.string().min(1))),
      })
      .refine(
        ({ headLines, maxLines }) => headLines <= maxLines,
        'has more headLines than maxLines',
      ),
  ),
  rowBudget: z.exactOptional(
    z.object({
      rowChange: z.number().positive(),
      ticks: z.int().min(0),
      wholeEveryFrames: count,
      keep: z.enum(['frames', 'rows']),
    }),
  ),
  recall: z.exactOptional(
    z.object({
      guidance: row,
      screenOpen: z.string(),
      screenLine: row,
      refs: z.array(z.string().min(1)).min(1).readonly(),
      maxRefs: count,
      maxListRefs: count,
      maxRowChars: count,
      order: z.exactOptional(z.enum(['rank', 'time'])),
      notSeenThreshold: share,
      refusal: z.exactOptional(
        z.object({ bias: z.number(), notSeen: z.number(), relevance: z.number() }),
      ),
      verdict: z.exactOptional(z.object({ yes: z.string().min(1), no: z.string().min(1) })),
      past: z.exactOptional(
        z.object({
          stretches: count,
          seconds: z.number().positive(),
          candidates: z.exactOptional(count),
        }),
      ),
      titlePrompt: z.string().min(1),
      listPrompts: z.record(z.enum(['commands', 'files', 'errors']), z.string().min(1)),
      plainWords: z.exactOptional(z.array(z.string()).readonly()),
      subject: z.exactOptional(z.string().min(1)),
    }),
  ),
  systemPrompt: z.undefined('is not supported; write it into the seams from begin').optional(),
  instruction: z.exactOptional(z.string().min(1)),
  plainWords: z.exactOptional(z.array(z.string()).readonly()),
  grounding: z.exactOptional(
    z.object({
      quote: z.string().regex(/^[^\w\s]$/u, 'must be one sign that words do not have'),
      recentLines: count.default(120),
      sentences: z.exactOptional(z.array(z.string().min(1)).min(1).readonly()),
    }),
  ),
  minReplyLikelihood: z.exactOptional(share),
  notSeenReply: z.exactOptional(z.string().min(1)),
  summaryPrompt: z.exactOptional(z.string().min(1)),
});

export const streamSchema = streamObject.refine(
  ({ silenceToken, policy }) => (silenceToken === undefined) !== (policy === undefined),
  'needs either a silenceToken or a policy',
);
