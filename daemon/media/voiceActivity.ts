/**
 * Pure: where somebody may be speaking, by loudness alone: a gate with hysteresis above a noise floor that is measured as it goes. Music is
 * as loud as speech, so it passes; silence, hiss and a fan do not, once the floor knows them.
 * @source thresholds: common values for such gates (open at 12 dB above the floor, close at 6), tried on generated tones and noise alone;
 *   how a floor is followed: R. Martin, "Noise power spectral density estimation based on optimal smoothing and minimum statistics", 2001
 */
import { soundRateHz } from './hearingArgs.ts';

/** What was said in one go. */
export interface Utterance {
  /** Of its first sample, counted from the first one that was heard. */
  readonly startMs: number;
  readonly samples: Int16Array;
}

const frameSamples = (soundRateHz * 30) / 1000;
const frameMs = 30;
const openDb = 12;
const closeDb = 6;
/** Of full scale: nothing below it is speech, however silent it is around. */
const leastDb = -50;
/** What a floor may be before anything was heard. */
const firstFloorDb = -60;
/** Down it follows at once, up slowly: what goes on for many seconds is noise. */
const floorFallShare = 0.3;
const floorRiseDb = 0.03;
/** A click is shorter. */
const openFrames = 3;
/** A pause between two sentences. */
const closeFrames = 20;
/** What is softer at the beginning and the end of a word is heard, too. */
const paddingFrames = 7;
/** Transcribers listen to half a minute at once. @source whisper.cpp, WHISPER_CHUNK_SIZE */
const mostFrames = 20_000 / frameMs;

export class VoiceActivity {
  #rest = new Int16Array(0);
  #floorDb = firstFloorDb;
  #isOpen = false;
  /** Frames in a row that speak for the other state. */
  #turning = 0;
  /** When silent the last few, else all since it began. */
  #kept: Int16Array[] = [];
  #heard = 0;

  /** @param samples the next ones @returns what has come to its end with them */
  push(samples: Int16Array): readonly Utterance[] {
    const all = new Int16Array(this.#rest.length + samples.length);
    all.set(this.#rest);
    all.set(samples, this.#rest.length);
    const ended: Utterance[] = [];
    let at = 0;
    for (; at + frameSamples <= all.length; at += frameSamples) {
      const utterance = this.#hear(all.subarray(at, at + frameSamples));
      if (utterance) ended.push(utterance);
    }
    this.#rest = all.slice(at);
    return ended;
  }

  /** Nothing more comes. @returns what was being said */
  finish(): Utterance | undefined {
    return this.#isOpen ? this.#close() : undefined;
  }

  #hear(frame: Int16Array): Utterance | undefined {
    const db = loudness(frame);
    this.#floorDb =
      db < this.#floorDb
        ? this.#floorDb + (db - this.#floorDb) * floorFallShare
        : Math.min(db, this.#floorDb + floorRiseDb);
    this.#kept.push(frame.slice());
    this.#heard++;
    const isLoud = db > Math.max(leastDb, this.#floorDb + (this.#isOpen ? closeDb : openDb));
    this.#turning = isLoud === this.#isOpen ? 0 : this.#turning + 1;
    if (!this.#isOpen) {
      this.#isOpen = this.#turning >= openFrames;
      if (this.#isOpen) this.#turning = 0;
      else this.#kept = this.#kept.slice(-(paddingFrames + openFrames));
      return undefined;
    }
    const isOver = this.#turning >= closeFrames;
    return isOver || this.#kept.length >= mostFrames ? this.#close() : undefined;
  }

  #close(): Utterance {
    const startMs = (this.#heard - this.#kept.length) * frameMs;
    const silent = Math.max(0, this.#turning - paddingFrames);
    const spoken = this.#kept.slice(0, this.#kept.length - silent);
    const samples = new Int16Array(spoken.length * frameSamples);
    for (const [index, frame] of spoken.entries()) samples.set(frame, index * frameSamples);
    this.#kept = [];
    this.#turning = 0;
    this.#isOpen = false;
    return { startMs, samples };
  }
}

/** Decibels of full scale. */
function loudness(frame: Int16Array): number {
  let sum = 0;
  for (const sample of frame) sum += sample * sample;
  return 10 * Math.log10(sum / frame.length / 2 ** 30 + 1e-9);
}
