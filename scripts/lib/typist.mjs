// Types, waits and looks like a person at a keyboard; the same seed gives the same rhythm.
import { setTimeout as delay } from 'node:timers/promises';
import { generator } from './dice.mjs';

/** Milliseconds between keys: quick within a word, slower where a person thinks. */
function pauseBefore(character, random) {
  const base = 45 + 60 * random();
  if (character === '\n') return base + 250 + 200 * random();
  if (/[^\w\s]/.test(character)) return base + 45;
  return random() < 0.04 ? base + 220 : base;
}

/** What hands wait by. @typedef {{now: () => number, until: (ms: number) => Promise<void>}} Clock in ms */

/** @type {Clock} */
const wallClock = {
  now: () => performance.now(),
  until: (ms) => delay(Math.max(0, ms - performance.now())),
};

/** A pair of hands on one page. */
export class Typist {
  #page;
  #random;
  #clock;

  /** @param {import('playwright-core').Page} page @param {number} seed @param {Clock} [clock] */
  constructor(page, seed, clock = wallClock) {
    this.#page = page;
    this.#random = generator(seed);
    this.#clock = clock;
  }

  #wait(ms) {
    return this.#clock.until(this.#clock.now() + ms);
  }

  /** Types text key by key; the machine's own slowness does not add to the rhythm. @param {string} text */
  async type(text) {
    let due = this.#clock.now();
    for (const character of text) {
      due = Math.max(due + pauseBefore(character, this.#random), this.#clock.now());
      await this.#clock.until(due);
      await this.#page.keyboard.press(character === '\n' ? 'Enter' : character);
    }
  }

  /** Presses keys one after the other at a calm pace. @param {...string} keys as Playwright names them */
  async press(...keys) {
    for (const key of keys) {
      await this.#wait(90 + 60 * this.#random());
      await this.#page.keyboard.press(key);
    }
  }

  /** Stops to think or to let the viewer read. @param {number} ms */
  async pause(ms) {
    await this.#wait(ms * (0.9 + 0.2 * this.#random()));
  }
}
