/** How long each measurement takes. */

export interface BenchSettings {
  /** The sample is watched so many times in one go. */
  readonly loops: number;
  /** Different screens that are encoded and read one by one; each is a picture of 2.7 MB. */
  readonly screens: number;
  /** Frames of a video that are only decoded; all when it has fewer. */
  readonly decodedFrames: number;
  /** Encoding alone goes on for so long. */
  readonly encodingMs: number;
  /** Silent frames that one sequence takes. */
  readonly silentFrames: number;
  /** Encoding with and without replies beside it alternates in pairs of stretches of this length. */
  readonly replyStretchMs: number;
  readonly replyPairs: number;
  /** Watching at the video's own pace. */
  readonly paceMs: number;
  /** Questions to each kind of session. */
  readonly questions: number;
  /** Screens with known text, of each size; each is read three times, once by the rivals too. */
  readonly syntheticScreens: number;
  /** Videos of an hour in the library that is searched, and how many searches. */
  readonly libraryHours: number;
  readonly searches: number;
}

/** More than 2,000 frames before the last window: 17 loops of 135 frames, the last two of which are compared. */
export const fullSettings: BenchSettings = {
  loops: 17,
  screens: 24,
  decodedFrames: 540,
  encodingMs: 3000,
  silentFrames: 2200,
  replyStretchMs: 2500,
  replyPairs: 4,
  paceMs: 20_000,
  questions: 6,
  syntheticScreens: 8,
  libraryHours: 100,
  searches: 100,
};

/** Tries everything out; the long run has 405 frames. */
export const quickSettings: BenchSettings = {
  loops: 3,
  screens: 8,
  decodedFrames: 135,
  encodingMs: 1000,
  silentFrames: 900,
  replyStretchMs: 1000,
  replyPairs: 2,
  paceMs: 8000,
  questions: 3,
  syntheticScreens: 2,
  libraryHours: 10,
  searches: 30,
};

/**
 * Frames of silence before the first window of a sequence is taken, and frames in each window: long enough for two rounds
 * of dropping the oldest quarter.
 */
export const sequenceWindow = { warmUp: 20, length: 200 } as const;

/** What is asked; the answers are of no interest here. */
export const questions: readonly string[] = [
  'Which command was run to test the code?',
  'What was the function renamed to?',
  'Which file was opened?',
  'What did the developer write?',
  'Which test failed?',
  'What is on screen?',
];
