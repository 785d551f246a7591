/**
 * What a daemon asks a hub: the seam of a streaming model, one request for each of its methods, and a question on rows. Each frame goes once,
 * and what the model has seen stays there.
 */
import { promisify } from 'node:util';
import { deflate, inflate } from 'node:zlib';
import { z } from 'zod';

const pack = promisify(deflate);
const unpack = promisify(inflate);

/** Of a picture; what is sampled is no larger. */
const maxSidePx = 8192;
const maxPixels = 4096 * 4096;
const maxText = 20_000;

const line = z.strictObject({ text: z.string().max(maxText), region: z.string().max(40) });

/** RGB, 8 bits, as it was sampled: nothing is lost on the way, so that a model says there what it says here. */
const picture = z.strictObject({
  width: z.number().int().min(1).max(maxSidePx),
  height: z.number().int().min(1).max(maxSidePx),
  /** Deflated, base64. */
  data: z.string(),
});
export type PackedPicture = z.output<typeof picture>;

export const hubSchemas = {
  open: z.strictObject({
    instruction: z.string().max(500).optional(),
    isUngrounded: z.boolean(),
    isLive: z.boolean(),
  }),
  frame: z.strictObject({
    /** Counts from 0: one that is sent again, because its answer got lost, is looked at once. The same number at another moment is the next frame. */
    number: z.number().int().nonnegative(),
    ptsMs: z.number().nonnegative(),
    lines: z.array(line).max(2000),
    /** Left out when it is the one before. */
    picture: picture.optional(),
  }),
  recite: z.strictObject({ text: z.string().max(maxText) }),
  recall: z.strictObject({
    evidence: z
      .array(
        z.discriminatedUnion('kind', [
          z.strictObject({ kind: z.literal('screen'), ...line.shape }),
          z.strictObject({ kind: z.literal('guidance'), text: z.string().max(maxText) }),
        ]),
      )
      .max(1000),
    question: z.string().max(maxText),
    earlier: z
      .array(
        z.strictObject({
          question: z.string(),
          answer: z.string(),
          brief: z.strictObject({ question: z.string(), answer: z.string() }).optional(),
        }),
      )
      .max(20)
      .optional(),
    about: z.array(z.number().int().nonnegative()).max(1000).optional(),
    isList: z.boolean().optional(),
    isSilent: z.boolean().optional(),
    relevance: z.number().optional(),
  }),
} as const;

const usage = z.object({ tokens: z.number(), evicted: z.number(), keptPercent: z.number() });

/** What a hub answers; read as it comes, because it may be of another version. */
export const hubAnswers = {
  description: z.object({
    name: z.string(),
    frameRateFps: z.number(),
    silenceThreshold: z.number(),
    requestSilenceThreshold: z.number().optional(),
    plainWords: z.array(z.string()).optional(),
    quote: z.string().optional(),
    minReplyLikelihood: z.number().optional(),
    refractoryMs: z.number().optional(),
    isDemonstration: z.boolean(),
    recall: z.object({
      notSeenReply: z.string(),
      maxRows: z.number(),
      order: z.enum(['rank', 'time']),
      prompts: z.object({
        summary: z.string(),
        title: z.string(),
        lists: z.object({ commands: z.string(), files: z.string(), errors: z.string() }),
      }),
    }),
  }),
  opened: z.object({ id: z.string().regex(/^[\da-f-]{36}$/) }),
  looked: z.object({ silenceProbability: z.number(), usage }),
  done: z.object({ usage }),
  /** Lines of a streamed answer: words, and at last what they are. */
  replied: z.object({
    text: z.string(),
    ending: z.enum(['finished', 'cut', 'looping', 'interrupted', 'unasked']),
    likelihood: z.number(),
  }),
  recalled: z.object({
    rows: z.array(z.number()),
    shares: z.array(z.number()),
    text: z.string(),
    notSeen: z.number(),
  }),
} as const;

export type HubDescription = z.output<typeof hubAnswers.description>;

export async function packPicture({
  width,
  height,
  data,
}: {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}): Promise<PackedPicture> {
  // Screens are flat: the quickest level takes nine tenths away.
  return { width, height, data: (await pack(data, { level: 1 })).toString('base64') };
}

/** @throws RangeError when it is not as large as it says */
export async function unpackPicture({ width, height, data }: PackedPicture) {
  const length = width * height * 3;
  if (width * height > maxPixels) throw new RangeError('the picture is too large');
  const bytes = await unpack(Buffer.from(data, 'base64'), { maxOutputLength: length });
  if (bytes.length !== length) throw new RangeError('the picture is not as large as it says');
  return { width, height, data: new Uint8Array(bytes) };
}
