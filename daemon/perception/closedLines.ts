/** Lines that were on screen before, so that one that comes back is the same line again. */
import type { Box, ScreenLine } from './perception.ts';

/** Lines of some five hundred screens: about a hundred bytes each. */
const capacity = 20_000;

interface ClosedLine {
  /** The first id it ever had. */
  readonly firstId: number;
  readonly x: number;
  readonly y: number;
}

type Identity = Pick<ScreenLine, 'text' | 'region' | 'indentColumns'>;

/** The longest gone are forgotten first. */
export class ClosedLines {
  readonly #lines = new Map<string, ClosedLine[]>();
  #count = 0;

  add(line: Identity, firstId: number, box: Box): void {
    const key = keyOf(line);
    const known = this.#lines.get(key) ?? [];
    this.#lines.delete(key);
    this.#lines.set(key, [...known, { firstId, x: box.x, y: box.y }]);
    this.#count++;
    while (this.#count > capacity) this.#forgetOldest();
  }

  /** The line with this text, region and indentation that stood nearest; it is open again. @returns the first id it ever had */
  take(line: Identity, box: Box): number | undefined {
    const key = keyOf(line);
    const known = this.#lines.get(key);
    if (!known) return undefined;
    const distance = ({ x, y }: ClosedLine): number => Math.abs(x - box.x) + Math.abs(y - box.y);
    const nearest = known.reduce((a, b) => (distance(b) < distance(a) ? b : a));
    const rest = known.filter((other) => other !== nearest);
    if (rest.length === 0) this.#lines.delete(key);
    else this.#lines.set(key, rest);
    this.#count--;
    return nearest.firstId;
  }

  #forgetOldest(): void {
    const oldest = this.#lines.entries().next().value;
    if (!oldest) return;
    this.#lines.delete(oldest[0]);
    this.#count -= oldest[1].length;
  }
}

function keyOf({ text, region, indentColumns }: Identity): string {
  return `${region} ${indentColumns} ${text}`;
}
