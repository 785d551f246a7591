/** What a model pack says of itself in `manifest.json`: the types, and a parser that refuses what it cannot trust. */
import { z } from 'zod';
import { AppError } from '../base/errors.ts';

/** The only layout of manifests that this version reads. */
const manifestSchemaVersion = 1;

export interface PackFile {
  /** Inside the pack's folder, with forward slashes. */
  readonly path: string;
  /** Lower-case hexadecimal. */
  readonly sha256: string;
  readonly bytes: number;
}

export interface PackFiles {
  /** GGUF. */
  readonly decoder: PackFile;
  /** ONNX: `pixels` [n, 3, height, width] → `rows` [n, frameTokens, embeddingWidth]. */
  readonly vision?: PackFile;
  /** ONNX: `lines` [n, 1, height, w] → `probabilities` [n, w / stride, classes]. */
  readonly reader?: PackFile;
  /** ONNX: `lines` [n, features] of one screen (daemon/perception/regionFeatures.ts) → `regions` [n, labels]. */
  readonly regions?: PackFile;
  /** ONNX: `texts` [1 + n, features], the question first → `scores` [n]. */
  readonly retriever?: PackFile;
  /** What the exporting program computed, for the parity test. */
  readonly parity?: PackFile;
  readonly parityData?: PackFile;
}

export interface DecoderManifest {
  /** As in the GGUF key `general.architecture`. */
  readonly architecture: string;
  readonly embeddingWidth: number;
  readonly vocabularySize: number;
  readonly contextTokens: number;
}

/** How a picture becomes the encoder's input. */
export interface VisionManifest {
  /** Size of the encoder's input, pixels. */
  readonly width: number;
  readonly height: number;
  readonly resize: 'area';
  readonly fit: 'contain';
  /** RGB of the bars around the picture, 0 … 255. */
  readonly padColour: readonly number[];
  /** Per channel, on the 0 … 255 scale: input = (value − mean) / std. */
  readonly mean: readonly number[];
  readonly std: readonly number[];
  /** Embedding rows per frame. */
  readonly frameTokens: number;
}

/** Where lines stand. */
export interface RegionsManifest {
  /** Regions (protocol/timeline.ts) in the order of the network's outputs. */
  readonly labels: readonly string[];
}

/** How lines are found on a screen; `…Heights` are multiples of the screen's usual line height. */
export interface SegmenterManifest {
  readonly gradientThreshold: number;
  readonly firstGapPx: number;
  readonly gapHeights: number;
  readonly maxStrokeHeights: number;
  readonly maxStrokeExtraPx: number;
  readonly minLineHeightPx: number;
  readonly maxLineHeightPx: number;
  readonly usualHeightPercentile: number;
  readonly growBelow: number;
  readonly longLine: number;
  readonly mostGrowth: number;
}

/** How a line's box becomes the recogniser's input; the reference is models/reader/line_crop.py. */
export interface LineCropManifest {
  readonly height: number;
  /** Input columns per output frame. */
  readonly stride: number;
  readonly widthFactor: number;
  readonly padY: number;
  readonly padX: number;
  readonly lowPercentile: number;
  readonly highPercentile: number;
  readonly minimumContrast: number;
  readonly minimumWidth: number;
}

export interface ReaderManifest extends LineCropManifest {
  /** Class n is the n-th sign, counted from 1; class 0 is the CTC blank. */
  readonly alphabet: string;
  /** Lines read with less are dropped, 0 … 1. */
  readonly minConfidence: number;
  /** Consecutive frames with the same reading before a line counts as text. */
  readonly stableFrames: number;
  readonly segmenter: SegmenterManifest;
}

/** Features of a text, as the retriever takes them. */
export interface RetrieverManifest {
  /** Features are hashed to 1 … `buckets - 1`; 0 stands for none. */
  readonly buckets: number;
  /** The rest of a long text is left out. */
  readonly maxFeatures: number;
}

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

/** The layout of the token stream; the reference is models/decoder/template.py. */
export interface StreamManifest {
  readonly frameRateFps: number;
  /** Read after a frame's last row: "next frame". */
  readonly silenceToken: string;
  readonly endOfTurn: string;
  /** Silent at or above this probability of the silence token, 0 … 1. */
  readonly silenceThreshold: number;
  /** The same while a request of the user's own is in force, which is rarely fulfilled; left out: as ever. */
  readonly requestSilenceThreshold?: number;
  readonly maxReplyTokens: number;
  /** Text between two roles. What stands before everything, such as a system prompt, is part of the seams from `begin`. */
  readonly seams: Readonly<Record<SeamName, string>>;
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

export interface PackManifest {
  readonly schemaVersion: typeof manifestSchemaVersion;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly licence: string;
  readonly files: PackFiles;
  readonly decoder: DecoderManifest;
  readonly vision?: VisionManifest;
  readonly reader?: ReaderManifest;
  readonly regions?: RegionsManifest;
  readonly retriever?: RetrieverManifest;
  readonly stream: StreamManifest;
}

const count = z.int().positive();
const share = z.number().min(0).max(1);
const channels = z.array(z.number()).length(3).readonly();

/** Only plain relative paths: a manifest may come from anywhere and must not reach outside its folder. */
const innerPath = z
  .string()
  .max(200)
  .regex(/^[\w-][\w.-]*(\/[\w-][\w.-]*)*$/, 'must be a path inside the pack');

const packFile = z.object({
  path: innerPath,
  sha256: z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits'),
  bytes: count,
});

const vision = z.object({
  width: count,
  height: count,
  resize: z.literal('area'),
  fit: z.literal('contain'),
  padColour: channels,
  mean: channels,
  std: channels.refine((values) => values.every((value) => value > 0), 'must be positive'),
  frameTokens: count,
});

const reader = z.object({
  height: count,
  stride: count,
  widthFactor: z.number().positive(),
  padY: z.number().min(0),
  padX: z.number().min(0),
  lowPercentile: z.number().min(0).max(100),
  highPercentile: z.number().min(0).max(100),
  minimumContrast: z.number().min(0),
  minimumWidth: z.number().min(0),
  alphabet: z.string().min(1),
  minConfidence: share,
  stableFrames: count,
  segmenter: z.object({
    gradientThreshold: z.number(),
    firstGapPx: z.number(),
    gapHeights: z.number(),
    maxStrokeHeights: z.number(),
    maxStrokeExtraPx: z.number(),
    minLineHeightPx: z.number(),
    maxLineHeightPx: z.number(),
    usualHeightPercentile: z.number(),
    growBelow: z.number(),
    longLine: z.number(),
    mostGrowth: z.number(),
  }),
});

const regions = z.object({ labels: z.array(z.string()).min(1).readonly() });

const retriever = z.object({ buckets: count, maxFeatures: count });

const row = z.string().includes('{text}').includes('{ref}');

const stream = z.object({
  frameRateFps: z.number().positive(),
  silenceToken: z.string().min(1),
  endOfTurn: z.string().min(1),
  silenceThreshold: share,
  requestSilenceThreshold: z.exactOptional(share),
  maxReplyTokens: count,
  seams: z.record(z.enum(seamNames), z.string('must be a text, as every stream needs this seam')),
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

const manifestSchema: z.ZodType<PackManifest> = z.object({
  schemaVersion: z.literal(manifestSchemaVersion),
  name: z.string().regex(/^[a-z0-9][a-z0-9._-]{0,63}$/, 'must be lower-case letters, digits, ._-'),
  version: z.string().min(1).max(64),
  description: z.string(),
  licence: z.string().min(1),
  files: z.object({
    decoder: packFile,
    vision: z.exactOptional(packFile),
    reader: z.exactOptional(packFile),
    regions: z.exactOptional(packFile),
    retriever: z.exactOptional(packFile),
    parity: z.exactOptional(packFile),
    parityData: z.exactOptional(packFile),
  }),
  decoder: z.object({
    architecture: z.string().min(1),
    embeddingWidth: count,
    vocabularySize: count,
    contextTokens: count,
  }),
  vision: z.exactOptional(vision),
  reader: z.exactOptional(reader),
  regions: z.exactOptional(regions),
  retriever: z.exactOptional(retriever),
  stream,
});

/**
 * Reads a manifest.
 * @param origin names the file in the sentence when something is wrong.
 * @throws AppError model.invalidManifest naming the first field that is wrong, or the version that is not supported.
 */
export function parseManifest(text: string, origin: string): PackManifest {
  const refuse = (why: string, cause?: unknown): AppError =>
    new AppError('model.invalidManifest', `${origin} is not a valid manifest: ${why}.`, { cause });
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw refuse('it is not JSON', error);
  }
  const declared = z.object({ schemaVersion: z.number() }).safeParse(value);
  if (declared.success && declared.data.schemaVersion !== manifestSchemaVersion) {
    const { schemaVersion } = declared.data;
    throw refuse(`its schemaVersion is ${schemaVersion}, and only 1 is supported`);
  }
  const parsed = manifestSchema.safeParse(value);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    throw refuse(`${issue?.path.join('.') || 'manifest'}: ${issue?.message ?? 'unknown'}`);
  }
  for (const part of ['vision', 'reader', 'regions', 'retriever'] as const) {
    const { files } = parsed.data;
    if ((parsed.data[part] === undefined) !== (files[part] === undefined)) {
      throw refuse(`${part} needs both its section and its file`);
    }
  }
  if ((parsed.data.reader === undefined) !== (parsed.data.regions === undefined)) {
    throw refuse('reader and regions need each other');
  }
  return parsed.data;
}

/** The pack's full name, as shown wherever its model speaks. */
export function packName({ name, version }: Pick<PackManifest, 'name' | 'version'>): string {
  return `${name} ${version}`;
}

/** Whether the pack calls itself a demonstration: what it says then needs a word of warning. */
export function isDemonstration({ description }: Pick<PackManifest, 'description'>): boolean {
  return /\bdemonstration\b/i.test(description);
}
