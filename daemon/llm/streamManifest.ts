/** The part of a model pack's manifest that says how a stream is laid out in tokens. */

/** How new screen text enters a frame. */
export interface ScreenTextLayout {
  /** Written once before the lines. */
  readonly open: string;
  /** Written after each line. */
  readonly lineEnd: string;
  /** Of more new lines, the first `headLines` and the last ones are kept. */
  readonly maxLines: number;
  readonly headLines: number;
  /** Longer lines are cut, counted in Unicode code points. */
  readonly maxLineChars: number;
}

/** How stored rows are laid out when a question is answered without pictures; `{text}` stands for the row's text. */
export interface RecallLayout {
  readonly guidance: string;
  /** Written once before consecutive rows of screen text. */
  readonly screenOpen: string;
  readonly screenLine: string;
}

export interface StreamManifest {
  readonly frameRateFps: number;
  /** Text of the one token that means "next frame". */
  readonly silenceToken: string;
  /** Text that ends a turn; it must be a special token of the decoder. */
  readonly endOfTurn: string;
  /** Silent at or above this probability, 0 … 1. */
  readonly silenceThreshold: number;
  readonly maxReplyTokens: number;
  /** Text between two roles, keyed `from>to`; a pair that is not here is not legal. Special tokens are written as text. */
  readonly seams: Readonly<Partial<Record<string, string>>>;
  /** Absent when the decoder sees pictures only. */
  readonly screenText?: ScreenTextLayout | undefined;
  /** Absent when the decoder cannot answer without pictures. */
  readonly recall?: RecallLayout | undefined;
  /** What the decoder answers when the evidence does not hold the answer. */
  readonly notSeenReply?: string | undefined;
  /** The question that asks for a summary. */
  readonly summaryPrompt?: string | undefined;
}
