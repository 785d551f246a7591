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

/** A pair of hands on one page. */
export class Typist {
  #page;
  #random;

  /** @param {import('playwright-core').Page} page @param {number} seed */
  constructor(page, seed) {
    this.#page = page;
    this.#random = generator(seed);
  }

  /** Types text key by key; the machine's own slowness does not add to the rhythm. @param {string} text */
  async type(text) {
    let due = performance.now();
    for (const character of text) {
      due = Math.max(due + pauseBefore(character, this.#random), performance.now());
      await delay(Math.max(0, due - performance.now()));
      await this.#page.keyboard.press(character === '\n' ? 'Enter' : character);
    }
  }

  /** Presses keys one after the other at a calm pace. @param {...string} keys as Playwright names them */
  async press(...keys) {
    for (const key of keys) {
      await delay(90 + 60 * this.#random());
      await this.#page.keyboard.press(key);
    }
  }

  /** Stops to think or to let the viewer read. @param {number} ms */
  async pause(ms) {
    await delay(ms * (0.9 + 0.2 * this.#random()));
  }
}
