// Films a browser page picture by picture. The film's clock goes on only as its performers say, so a busy machine makes no other film.

/** Pictures per second: those that the program looks at. */
export const stopMotionFps = 2;
const pictureMs = 1000 / stopMotionFps;
/** Within a pause the page gets so much of real time to settle, ms. */
const leastSettlingMs = 20;
const mostSettlingMs = 150;

/** A camera, and the clock of whoever performs in front of it. */
export class StopMotion {
  #page;
  #nowMs = 0;
  #shots = [];

  /** @param {import('playwright-core').Page} page */
  constructor(page) {
    this.#page = page;
  }

  /** ms of the film */
  now() {
    return this.#nowMs;
  }

  /** Takes the pictures up to a moment of the film. @param {number} ms */
  async until(ms) {
    const settlingMs = Math.min((ms - this.#nowMs) / 3, mostSettlingMs);
    if (settlingMs > leastSettlingMs) await this.#page.waitForTimeout(settlingMs);
    while (this.nextPictureMs() <= ms) {
      const jpeg = await this.#page.screenshot({ type: 'jpeg', quality: 98 });
      this.#shots.push({ atMs: this.nextPictureMs(), jpeg });
    }
    this.#nowMs = Math.max(this.#nowMs, ms);
  }

  /** When the first picture is taken that can show what is there now, ms of the film. */
  nextPictureMs() {
    return this.#shots.length * pictureMs;
  }

  /** @returns {Promise<{atMs: number, jpeg: Buffer}[]>} the pictures */
  stop() {
    return Promise.resolve(this.#shots);
  }
}
