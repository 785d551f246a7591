/**
 * The second stage of speaking: it may withhold what the model said, never change it or say something itself. Is it new, sure enough,
 * and which lines on screen does it rest on? Pure.
 */
import type { MediaMs } from '../../protocol/index.ts';
import { mediaMs } from '../../protocol/index.ts';
import { spellForDecoder } from '../perception/decoderSpelling.ts';

/** A line of screen text that the decoder may have spoken of. */
export interface SeenLine {
  readonly rowId: number;
  readonly text: string;
  readonly startMs: MediaMs;
  /** When it left the screen; absent as long as it stands there. */
  readonly goneMs?: MediaMs;
}

export interface GuidanceConfig {
  /** The same sentence is not shown twice within this time. Long enough for a test that is run again to be worth a word. */
  readonly repeatWindowMs: number;
  /**
   * Within this time another sentence that names the very same is told as little: it is about the same event. Shorter than it takes
   * to do two things to one file.
   */
  readonly echoWindowMs: number;
  /** Lower-case words that a sentence may use without their standing on screen. Absent: only what looks like a name is checked. */
  readonly plainWords?: ReadonlySet<string>;
  /** The sign before and behind what a sentence quotes, of a model that does. */
  readonly quote?: string;
  /** What the model was asked, in the user's own words: a sentence may name what stands there. */
  readonly asked?: string;
  /** Sentences with a smaller likelihood (see `GeneratedReply`) are withheld, 0 … 1. Absent: none. */
  readonly minLikelihood?: number;
  /** Nothing is dropped for what it names. */
  readonly isUngrounded?: boolean;
  /**
   * A sentence whose every line on screen has been gone for longer than this contradicts the screen: it speaks of a moment that is over.
   * Longer than a reply is late; what has just gone may be what it is about.
   */
  readonly goneWindowMs: number;
  /** Lines first seen longer ago than this are no evidence. Twice the longest due window of the synthetic sessions. */
  readonly evidenceWindowMs: number;
}

export const defaultGuidanceConfig: GuidanceConfig = {
  repeatWindowMs: 8_000,
  echoWindowMs: 1_500,
  goneWindowMs: 10_000,
  evidenceWindowMs: 60_000,
};

/**
 * The same for a model that quotes: its decoder can only quote the newest lines that it was given, however long ago that was, and a
 * slide may stand for minutes.
 */
export const quotingEvidenceWindowMs = 600_000;

export interface Said {
  readonly text: string;
  readonly atMs: MediaMs;
  /** The standing request that it answers. */
  readonly request?: string;
}

/** A finished reply that nobody has seen yet. */
export interface Utterance extends Said {
  /** As in `GeneratedReply`. */
  readonly likelihood: number;
}

export type GuidanceVerdict =
  | {
      readonly kind: 'show';
      /** When the evidence began to show; the deciding frame itself when the sentence names nothing. */
      readonly startMs: MediaMs;
      readonly evidence: readonly number[];
    }
  | {
      readonly kind: 'drop';
      readonly reason: 'empty' | 'repeated' | 'unlikely' | 'ungrounded' | 'contradicted';
    };

/**
 * Judges a finished reply. A sentence that names something (a file, a symbol, a command's argument) which was not read on
 * screen is an invention of the small decoder and is not shown; one that names nothing can only rest on the picture. Whoever asked to
 * be told something is told it, though it was said unasked before.
 */
export function judgeGuidance(
  said: Utterance,
  seen: readonly SeenLine[],
  earlier: readonly Said[],
  config: GuidanceConfig,
): GuidanceVerdict {
  const text = said.text.trim();
  if (text === '') return { kind: 'drop', reason: 'empty' };
  const { minLikelihood = 0, plainWords, quote, isUngrounded = false } = config;
  const asked = said.request ?? config.asked;
  const names = namesIn(text, plainWords, quote);
  const isRepeated = earlier.some((other) => {
    const agoMs = said.atMs - other.atMs;
    if (said.request !== undefined && other.request !== said.request) return false;
    if (other.text === text) return agoMs < config.repeatWindowMs;
    return agoMs < config.echoWindowMs && isSame(names, namesIn(other.text, plainWords, quote));
  });
  if (isRepeated) return { kind: 'drop', reason: 'repeated' };
  if (said.likelihood < minLikelihood) return { kind: 'drop', reason: 'unlikely' };

  const recent = seen.filter((line) => said.atMs - line.startMs <= config.evidenceWindowMs);
  const evidence = new Set<number>();
  let startMs: number | undefined;
  let isSeen = false;
  for (const name of names) {
    const lines = recent.filter((line) => reads(line.text, name));
    const newest = lines.at(-1);
    if (!newest) {
      if (isUngrounded || (asked !== undefined && reads(asked, name))) continue;
      return { kind: 'drop', reason: 'ungrounded' };
    }
    evidence.add(newest.rowId);
    isSeen ||= lines.some(({ goneMs }) => said.atMs - (goneMs ?? said.atMs) <= config.goneWindowMs);
    // The sentence is due when the last of its names has appeared, so that is where its evidence begins.
    startMs = Math.max(startMs ?? 0, newest.startMs);
  }
  if (evidence.size > 0 && !isSeen) return { kind: 'drop', reason: 'contradicted' };
  return {
    kind: 'show',
    startMs: mediaMs(Math.min(startMs ?? said.atMs, said.atMs)),
    evidence: [...evidence],
  };
}

const isSame = (names: readonly string[], others: readonly string[]): boolean =>
  names.length > 0 && names.join('\n') === others.join('\n');

/**
 * What a sentence can only have from the screen: what it quotes, and every other word that is not plain. Without a list of plain words,
 * those with a digit, an inner capital, or a sign that prose does not have.
 */
export function namesIn(
  sentence: string,
  plainWords?: ReadonlySet<string>,
  quote?: string,
): string[] {
  if (quote !== undefined) {
    // Behind every other quote, even one that is never closed, begins a quotation.
    return sentence.split(quote).flatMap((part, index) => {
      if (index % 2 === 0) return namesIn(part, plainWords);
      return part.trim() === '' ? [] : [part];
    });
  }
  const words = sentence
    .split(/[\s"'`“”‘’()[\]{}<>,;]+/)
    .map((word) => word.replace(/^[.:!?]+|[.:!?]+$/g, ''))
    .filter((word) => /[\p{L}\p{N}]/u.test(word));
  if (plainWords) return words.filter((word) => !plainWords.has(word.toLowerCase()));
  return words
    .filter((word) => word.length > 1 && /[A-Za-z]/.test(word))
    .filter((word) => /[_/\\@#=*.:-]|\d|[a-z][A-Z]/.test(word));
}

/**
 * Whether a line, as it is or as the decoder got it, shows the name, spaces and case apart, with one misread character forgiven in a long name. Narrower than
 * `isShown`, which an answer needs only once: here a later line whose reader lost a dot would pass for newer evidence.
 */
function reads(line: string, name: string): boolean {
  const needle = squeeze(name);
  return [line, spellForDecoder(line)].some((spelt) => shows(squeeze(spelt), needle));
}

function shows(hay: string, needle: string): boolean {
  if (hay.includes(needle)) return true;
  if (needle.length < 6) return false;
  for (let start = 0; start + needle.length <= hay.length; start++) {
    let misread = 0;
    for (let i = 0; i < needle.length && misread < 2; i++) {
      if (hay[start + i] !== needle[i]) misread++;
    }
    if (misread < 2) return true;
  }
  return false;
}

const squeeze = (text: string): string => text.toLowerCase().replace(/\s+/g, '');
