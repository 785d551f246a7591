/** What screenTruth.mjs gives to tests, in types. */
import type { Page } from 'playwright-core';

export interface PlacedText {
  readonly text: string;
  readonly box: readonly [number, number, number, number];
  readonly region: string;
}
export function joinedLines(texts: readonly PlacedText[]): PlacedText[];
export function placedTexts(page: Page): Promise<PlacedText[]>;
