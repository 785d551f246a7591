/** From the probability of silence to the decision to speak, with its reason. Pure. */

export interface SpeakConfig {
  /** Silent at or above this probability of silence, 0 … 1. The model pack's manifest carries the value it was tuned with. */
  readonly silenceThreshold: number;
  /**
   * How much further below the threshold the probability must fall, 0 … 1, for speaking again on the frame after one that spoke.
   * A decoder that hovers around the threshold would otherwise speak on every frame.
   */
  readonly hysteresis: number;
  /** Media time after a reply in which nothing is said, ms. Shorter than this nobody has read the sentence before. */
  readonly refractoryMs: number;
}

/** @source one sampled frame at 2 fps for the pause; the margin is a fifth of the way from 0.5 to certainty of speech */
export const defaultSpeakConfig: SpeakConfig = {
  silenceThreshold: 0.5,
  hysteresis: 0.1,
  refractoryMs: 500,
};

interface SpeakObservation {
  /** Probability of the silence token at the frame's last row, 0 … 1. */
  readonly silenceProbability: number;
  readonly ptsMs: number;
}

/** What the decision depends on beside the frame. */
interface SpeakHistory {
  /** Presentation time of the last frame that spoke. */
  readonly lastSpokenMs: number | undefined;
  /** True from a silent frame on, until one speaks. */
  readonly isArmed: boolean;
}

export const initialSpeakHistory: SpeakHistory = { lastSpokenMs: undefined, isArmed: true };

/** silent, refractory and notRearmed mean silence. */
export type SpeakReason = 'belowThreshold' | 'silent' | 'refractory' | 'notRearmed';

interface SpeakDecision {
  readonly shouldSpeak: boolean;
  readonly reason: SpeakReason;
  /** To be passed in with the next frame. */
  readonly history: SpeakHistory;
}

/** Decides for one frame. Jumping back in the video ends the pause. */
export function decideSpeech(
  observation: SpeakObservation,
  history: SpeakHistory,
  config: SpeakConfig,
): SpeakDecision {
  const reason = reasonFor(observation, history, config);
  const { ptsMs } = observation;
  switch (reason) {
    case 'belowThreshold':
      return { shouldSpeak: true, reason, history: { lastSpokenMs: ptsMs, isArmed: false } };
    case 'silent':
      return { shouldSpeak: false, reason, history: { ...history, isArmed: true } };
    case 'refractory':
    case 'notRearmed':
      return { shouldSpeak: false, reason, history };
  }
}

function reasonFor(
  { silenceProbability, ptsMs }: SpeakObservation,
  { lastSpokenMs, isArmed }: SpeakHistory,
  { silenceThreshold, hysteresis, refractoryMs }: SpeakConfig,
): SpeakReason {
  if (silenceProbability >= silenceThreshold) return 'silent';
  const sinceMs = lastSpokenMs === undefined ? Infinity : ptsMs - lastSpokenMs;
  if (sinceMs >= 0 && sinceMs < refractoryMs) return 'refractory';
  if (!isArmed && silenceProbability >= silenceThreshold - hysteresis) return 'notRearmed';
  return 'belowThreshold';
}
