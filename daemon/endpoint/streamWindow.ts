/**
 * What a server is told of a stream: it remembers nothing, so each request tells all of it anew. To let it reuse what it has computed, a
 * request begins as the one before did: what is added comes last, and when there is too much, half of it goes at once. Pure.
 */
import { formatMediaTime } from '../../protocol/index.ts';
import { picturePart, textPart, type ChatMessage, type ChatPart } from './chat.ts';

/** One frame as the server is told of it. */
export interface ToldFrame {
  readonly ptsMs: number;
  /** Base64 of a JPEG; undefined for a model that takes no pictures. */
  readonly picture: string | undefined;
  /** What newly stands on screen, and where. */
  readonly lines: readonly { readonly text: string; readonly region: string }[];
}

type Entry =
  | { readonly kind: 'frame'; readonly frame: ToldFrame }
  | { readonly kind: 'said'; readonly text: string; readonly ptsMs: number };

/** How much of a stream is told at once. */
export interface WindowLimits {
  readonly maxFrames: number;
  /** Of pictures and text, in a request. */
  readonly maxCharacters: number;
}

/** Sentences from before the window that are told: the newest. */
const maxEarlier = 12;

export class StreamWindow {
  readonly #head: string;
  readonly #limits: WindowLimits;
  #entries: Entry[] = [];
  #earlier: string[] = [];
  #maxFrames: number;
  #cut = 0;

  /** @param head what the model is told before everything; the same for as long as the stream lasts */
  constructor(head: string, limits: WindowLimits) {
    this.#head = head;
    this.#limits = limits;
    this.#maxFrames = limits.maxFrames;
  }

  /** Frames that are told. */
  get frames(): number {
    return this.#entries.filter(({ kind }) => kind === 'frame').length;
  }

  /** Frames that are told no more. */
  get cutFrames(): number {
    return this.#cut;
  }

  /** What the model looked at last. */
  get lastFrame(): ToldFrame | undefined {
    const last = this.#entries.findLast(({ kind }) => kind === 'frame');
    return last?.kind === 'frame' ? last.frame : undefined;
  }

  add(frame: ToldFrame): void {
    if (this.frames >= this.#maxFrames || this.#size + sizeOf(frame) > this.#limits.maxCharacters) {
      this.halve();
    }
    this.#entries.push({ kind: 'frame', frame });
  }

  /** What the model said to the last frame. */
  say(text: string): void {
    const ptsMs = this.lastFrame?.ptsMs;
    if (ptsMs !== undefined) this.#entries.push({ kind: 'said', text, ptsMs });
  }

  /** Takes back what was said last, if nothing came after it. */
  unsay(): void {
    if (this.#entries.at(-1)?.kind === 'said') this.#entries.pop();
  }

  /** Forgets the older half. @returns whether there was more than one frame */
  halve(): boolean {
    const { frames } = this;
    if (frames <= 1) return false;
    const keep = Math.floor(frames / 2);
    for (let left = frames; left > keep;) {
      const first = this.#entries.shift()!;
      if (first.kind === 'frame') left--;
      else this.#earlier.push(toldAt(first.ptsMs, `you said: ${first.text}`));
    }
    // What was said to a frame that is gone.
    while (this.#entries[0]?.kind === 'said') {
      const { ptsMs, text } = this.#entries.shift() as Extract<Entry, { kind: 'said' }>;
      this.#earlier.push(toldAt(ptsMs, `you said: ${text}`));
    }
    this.#earlier = this.#earlier.slice(-maxEarlier);
    this.#cut += frames - keep;
    return true;
  }

  /** The server takes no more than are told now: from here on it is told fewer. @returns whether there was more than one frame */
  shrink(): boolean {
    this.#maxFrames = Math.max(1, Math.floor(this.frames / 2));
    return this.halve();
  }

  /** @param question what is asked behind everything, and is not kept */
  messages(question: string): ChatMessage[] {
    const earlier =
      this.#earlier.length === 0 ? [] : [textPart(['Before this:', ...this.#earlier].join('\n'))];
    const messages: ChatMessage[] = [{ role: 'system', content: this.#head }];
    let parts: ChatPart[] = earlier;
    for (const entry of this.#entries) {
      if (entry.kind === 'frame') {
        parts.push(...partsOf(entry.frame));
        continue;
      }
      messages.push({ role: 'user', content: parts }, { role: 'assistant', content: entry.text });
      parts = [];
    }
    return [...messages, { role: 'user', content: [...parts, textPart(question)] }];
  }

  get #size(): number {
    return this.#entries.reduce(
      (sum, entry) => sum + (entry.kind === 'frame' ? sizeOf(entry.frame) : entry.text.length),
      0,
    );
  }
}

const sizeOf = ({ picture = '', lines }: ToldFrame): number =>
  lines.reduce((sum, { text }) => sum + text.length, picture.length);

/** A stream has several frames a second. */
function toldAt(ptsMs: number, words: string): string {
  const tenths = Math.floor((ptsMs % 1000) / 100);
  return `${formatMediaTime(ptsMs)}${tenths === 0 ? '' : `.${tenths}`} ${words}`;
}

/** Its time, the picture, and what is new to read: quoted, because it is what somebody's screen says. */
function partsOf({ ptsMs, picture, lines }: ToldFrame): ChatPart[] {
  const read = lines.map(({ text, region }) => `${region}: ${JSON.stringify(text)}`);
  return [
    textPart(toldAt(ptsMs, picture === undefined ? 'The screen.' : 'The screen:')),
    ...(picture === undefined ? [] : [picturePart(picture)]),
    ...(read.length === 0 ? [] : [textPart(['New text on it:', ...read].join('\n'))]),
  ];
}
