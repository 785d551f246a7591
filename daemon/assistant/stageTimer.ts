/** Mean milliseconds a frame spends in each stage: counters cheap enough to stay on. */
import type { SessionStats } from '../../protocol/index.ts';
import type { Clock } from '../base/clock.ts';

export type Stage = keyof SessionStats['stageMs'];

export class StageTimer {
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #totals: Record<Stage, { ms: number; count: number }> = {
    decode: { ms: 0, count: 0 },
    vision: { ms: 0, count: 0 },
    reading: { ms: 0, count: 0 },
    llm: { ms: 0, count: 0 },
    reply: { ms: 0, count: 0 },
  };

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
  }

  /** Runs work that handles `count` frames. */
  async time<Result>(stage: Stage, count: number, work: () => Promise<Result>): Promise<Result> {
    const start = this.#clock.monotonicMs();
    try {
      return await work();
    } finally {
      this.#add(stage, this.#clock.monotonicMs() - start, count);
    }
  }

  /** Passes items on and counts the time that was spent waiting for each. */
  async *each<Item>(stage: Stage, items: AsyncIterable<Item>): AsyncIterable<Item> {
    let start = this.#clock.monotonicMs();
    for await (const item of items) {
      this.#add(stage, this.#clock.monotonicMs() - start, 1);
      yield item;
      start = this.#clock.monotonicMs();
    }
  }

  means(): SessionStats['stageMs'] {
    const mean = ({ ms, count }: { ms: number; count: number }): number =>
      count === 0 ? 0 : Math.round((ms / count) * 100) / 100;
    const { decode, vision, reading, llm, reply } = this.#totals;
    return {
      decode: mean(decode),
      vision: mean(vision),
      reading: mean(reading),
      llm: mean(llm),
      reply: mean(reply),
    };
  }

  framesPerSecond(frames: number): number {
    const seconds = (this.#clock.monotonicMs() - this.#startedMs) / 1000;
    return seconds > 0 ? Math.round((frames / seconds) * 100) / 100 : 0;
  }

  #add(stage: Stage, ms: number, count: number): void {
    this.#totals[stage].ms += ms;
    this.#totals[stage].count += count;
  }
}
