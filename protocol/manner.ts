/** The manner in which a session speaks: how much unasked, and what it was asked to tell. It may change while it runs. */

/** How much is said unasked, least first; `usual` is what the model pack was calibrated for. */
export const chattinessLevels = ['quietest', 'quieter', 'usual', 'chattier', 'chattiest'] as const;
export type Chattiness = (typeof chattinessLevels)[number];

export interface Manner {
  /** `usual` when left out. */
  readonly chattiness?: Chattiness;
  /**
   * Standing requests, in the user's own words: "when the tests pass". Each is heard from the frame on at which it comes, beside what is
   * said unasked, and costs a decode of its own with each frame.
   */
  readonly requests?: readonly string[];
}

/** A session hears so many standing requests at once: each costs a decode with each frame, and positions of its own. */
export const maxRequests = 4;
/** It stays in a decoder's memory as long as the session runs. */
export const maxRequestCharacters = 200;

/** From one level to the next the odds of silence that are needed for silence grow so many times. */
const oddsStep = 3;

/**
 * The silence threshold of a level of chattiness: the pack's own for `usual`, and from level to level three times the odds, so that it
 * stays between 0 and 1 and moves alike to both sides, whatever the pack was calibrated to.
 * @param threshold the pack's own, or what was chosen in its place, 0 … 1
 * @source 0.1, 0.25, 0.5, 0.75, 0.9 for 0.5; the sample gets 0, 2, 7, 10, 15 sentences so (live-tiny)
 */
export function silenceThresholdOf(threshold: number, chattiness: Chattiness = 'usual'): number {
  const steps = chattinessLevels.indexOf(chattiness) - chattinessLevels.indexOf('usual');
  const factor = oddsStep ** steps;
  // Up to the last digit the pack's own: it is part of what tells timelines apart.
  if (factor === 1) return threshold;
  return (threshold * factor) / (threshold * factor + (1 - threshold));
}

/** What people write when they are asked what they want to be told, without what the sentence around it says anyway. */
export function requestWords(typed: string): string {
  return typed
    .trim()
    .replace(/^(?:please\s+)?tell\s+me\s+/i, '')
    .replace(/[.!\s]+$/, '')
    .replace(/\s+/g, ' ');
}

/** The sentence that a model was trained to be asked: "when the tests pass" → "Tell me when the tests pass." */
export const requestSentence = (request: string): string => `Tell me ${requestWords(request)}.`;
