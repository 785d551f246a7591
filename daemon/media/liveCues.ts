/** Pure: captions of something live, as they come in, each given when what is watched has come to its end. */
import { Unroller, type Cue } from './captionSource.ts';

/** Captions that nobody takes, because nothing is seen: hours of them. */
const mostWaiting = 10_000;

/** Captions may come before their moment, behind it, and in any order. */
export class LiveCues {
  /** In the order of their start. */
  readonly #waiting: Cue[] = [];
  readonly #unroller = new Unroller();

  add(cue: Cue): void {
    const behind = this.#waiting.findLastIndex(({ startMs }) => startMs <= cue.startMs) + 1;
    this.#waiting.splice(behind, 0, cue);
    if (this.#waiting.length > mostWaiting) this.#waiting.shift();
  }

  /** Those that are whole at a moment, each once: until then a caption that rolls may go on. @param untilMs media time */
  due(untilMs: number): readonly Cue[] {
    const begun = this.#waiting.findLastIndex(({ startMs }) => startMs <= untilMs) + 1;
    for (const cue of this.#waiting.splice(0, begun)) this.#unroller.add(cue);
    return this.#unroller.take(untilMs);
  }
}
