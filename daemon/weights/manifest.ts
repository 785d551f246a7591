/** What a model pack says of itself in `manifest.json`: the types, and a parser that refuses what it cannot trust. */
import { z } from 'zod';
import { AppError } from '../base/errors.ts';
import { streamSchema, type StreamManifest } from './streamManifest.ts';

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
  readonly matcher?: PackFile;
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
  /** How its weights are stored, in llama.cpp's words: f32, f16, q8_0, q4_K_M, … */
  readonly quantisation?: string;
  /** Keys and values of one position in a float16 cache, bytes: with the file's size, what a device must hold. */
  readonly cacheBytesPerToken?: number;
}

/** Something that the pack was made of: what an installer shows, and has accepted where `mustAccept`. */
export interface OriginManifest {
  /** As its publisher calls it. */
  readonly name: string;
  /** SPDX identifier, or the licence's own name. */
  readonly licence: string;
  /** Where its terms stand. */
  readonly address: string;
  /** Its terms bind whoever uses it, and ask for consent. */
  readonly mustAccept: boolean;
  /** What its terms ask to be shown, word for word. */
  readonly notice?: string;
  /** Of the file with its weights; of its index where they are in several. Lower-case hexadecimal. */
  readonly sha256?: string;
}

/** How a picture becomes the encoder's input. */
export interface VisionManifest {
  /** Size of the encoder's input, pixels. */
  readonly width: number;
  readonly height: number;
  /** How it is shrunk or enlarged: daemon/media/pixels.ts, and Pillow's filters of these names. */
  readonly resize: 'area' | 'bicubic' | 'lanczos';
  /** With its aspect kept, between bars; or stretched over the whole input. */
  readonly fit: 'contain' | 'stretch';
  /** Between bars its sides are rounded to multiples of this, pixels; 1 when left out. */
  readonly sideMultiple?: number;
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

/** Features of a text, as the retriever and the matcher take them. */
export interface FeaturesManifest {
  /** Features are hashed to 1 … `buckets - 1`; 0 stands for none. */
  readonly buckets: number;
  /** The rest of a long text is left out. */
  readonly maxFeatures: number;
}

/** Of what tells whether a sentence of guidance fulfils a standing request. */
export interface MatcherManifest extends FeaturesManifest {
  /** It does from this probability on, 0 … 1. */
  readonly threshold: number;
}

export interface PackManifest {
  readonly schemaVersion: typeof manifestSchemaVersion;
  readonly name: string;
  readonly version: string;
  readonly description: string;
  readonly licence: string;
  /** What it was made of, where that has terms of its own. */
  readonly origins?: readonly OriginManifest[];
  readonly files: PackFiles;
  readonly decoder: DecoderManifest;
  readonly vision?: VisionManifest;
  readonly reader?: ReaderManifest;
  readonly regions?: RegionsManifest;
  readonly retriever?: FeaturesManifest;
  readonly matcher?: MatcherManifest;
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

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits');

const packFile = z.object({ path: innerPath, sha256, bytes: count });

const origin = z.object({
  name: z.string().min(1),
  licence: z.string().min(1),
  address: z.url({ protocol: /^https?$/ }),
  mustAccept: z.boolean(),
  notice: z.exactOptional(z.string().min(1)),
  sha256: z.exactOptional(sha256),
});

const vision = z.object({
  width: count,
  height: count,
  resize: z.enum(['area', 'bicubic', 'lanczos']),
  fit: z.enum(['contain', 'stretch']),
  sideMultiple: z.exactOptional(count),
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
const matcher = retriever.extend({ threshold: z.number().min(0).max(1) });

const manifestSchema: z.ZodType<PackManifest> = z.object({
  schemaVersion: z.literal(manifestSchemaVersion),
  // Upper case too: some licences want a name to begin with theirs.
  name: z.string().regex(/^[A-Za-z0-9][\w.-]{0,63}$/, 'must be letters, digits, ._-'),
  version: z.string().min(1).max(64),
  description: z.string(),
  licence: z.string().min(1),
  origins: z.exactOptional(z.array(origin).readonly()),
  files: z.object({
    decoder: packFile,
    vision: z.exactOptional(packFile),
    reader: z.exactOptional(packFile),
    regions: z.exactOptional(packFile),
    retriever: z.exactOptional(packFile),
    matcher: z.exactOptional(packFile),
    parity: z.exactOptional(packFile),
    parityData: z.exactOptional(packFile),
  }),
  decoder: z.object({
    architecture: z.string().min(1),
    embeddingWidth: count,
    vocabularySize: count,
    contextTokens: count,
    quantisation: z.exactOptional(z.string().min(1)),
    cacheBytesPerToken: z.exactOptional(count),
  }),
  vision: z.exactOptional(vision),
  reader: z.exactOptional(reader),
  regions: z.exactOptional(regions),
  retriever: z.exactOptional(retriever),
  matcher: z.exactOptional(matcher),
  stream: streamSchema,
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
  for (const part of ['vision', 'reader', 'regions', 'retriever', 'matcher'] as const) {
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
