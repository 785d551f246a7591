/**
 * truth.json: what held-out videos show and when, what is asked about them, and in which words anything may be told. Written by
 * models/evaluation/clips.py, so that no sentence of the model stands in this program.
 */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { AppError } from '../base/errors.ts';

const seconds = z.number().nonnegative();
const slots = z.record(z.string(), z.string());

/** What happens, due at `atSeconds`; `slots` are the names that a telling of it must copy, by what they name. `sentence` is one such telling. */
const due = z.object({ atSeconds: seconds, sentence: z.string().optional(), slots });

const question = z.object({
  atSeconds: seconds,
  kind: z.enum(['past', 'current', 'next', 'when', 'unanswerable']),
  text: z.string().min(1),
  expected: z.string(),
  slots,
  /** Of a "when": the moment that is right. */
  seconds: seconds.optional(),
});

const clip = z.object({
  /** Beside truth.json. */
  file: z.string().min(1),
  seconds: z.number().positive(),
  /** session: narrated. standing: asked to be told something. nothing: nothing happens that is worth a word. */
  kind: z.enum(['session', 'standing', 'nothing']),
  /** What the model is told before the video, where that is not what its pack says. */
  instruction: z.string().min(1).optional(),
  steps: z.array(due.extend({ kind: z.string() })).default([]),
  /** When a standing request is due; none when it must never be fulfilled. */
  requests: z.array(due).default([]),
  questions: z.array(question).default([]),
});

export const truthSchema = z.object({
  format: z.literal(1),
  window: z.object({
    earlySeconds: seconds,
    lateSeconds: seconds,
    requestEarlySeconds: seconds,
    /** The same sentence again within this time is redundant. */
    repeatSeconds: seconds,
    whenSeconds: seconds,
  }),
  notSeenReply: z.string().min(1),
  /** Class of what a slot names; those that are not listed are texts. */
  slotClasses: z.record(z.string(), z.string()),
  /** Every sentence of every kind, with the names left open: "Opened `{file}`." */
  phrasings: z.array(z.object({ kind: z.string(), text: z.string().min(1) })).min(1),
  clips: z.array(clip).min(1),
});

export type Truth = z.infer<typeof truthSchema>;
export type Clip = z.infer<typeof clip>;
export type Question = z.infer<typeof question>;
/** What is true of all clips. */
export type Rules = Omit<Truth, 'clips'>;

/** @throws AppError source.notFound, bench.invalidTruth */
export async function readTruth(folder: string): Promise<Truth> {
  const file = path.join(folder, 'truth.json');
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new AppError('source.notFound', `There is no ${file}.`, { cause });
  });
  const { data, error } = truthSchema.safeParse(parsed(text));
  if (data) return data;
  const [issue] = error.issues;
  const where = issue?.path.join('.') ?? '';
  const what = where === '' ? 'it is no such object' : `"${where}": ${issue?.message ?? ''}`;
  throw new AppError('bench.invalidTruth', `${file} has not the agreed form: ${what}.`);
}

/** @returns undefined for what is no JSON */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
