/** Reading screens whose every text is known, by three engines on the very same boxes. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import type { Picture } from '../../../daemon/media/frameSource.ts';
import { segmentLines } from '../../../daemon/perception/segmenter.ts';
import type { Bench } from '../bench.ts';
import type { ReadLine } from './engine.ts';
import type { Observation } from './observations.ts';
import { engineNames, type EngineName, type Rivals } from './rivals.ts';
import {
  compressions,
  drawScreens,
  filmScreens,
  type Compression,
  type Screen,
} from './screens.ts';
import { addTallies, matchLines, tallyMatch, type LineKind } from './truth.ts';

const sizes = [
  { width: 1280, height: 720 },
  { width: 1920, height: 1080 },
] as const;

/** Of three pictures of a screen, the rivals read one; they are ten times slower. */
const comparedEvery = compressions.length;

/** Time that reading took. */
export interface ReadingTime {
  readonly engine: EngineName;
  readonly boxes: number;
  readonly tookMs: number;
}

export interface SyntheticReading {
  readonly observations: readonly Observation[];
  readonly times: readonly ReadingTime[];
  /** Names of the fonts' files, with whether training drew them. */
  readonly fonts: ReadonlyMap<string, boolean>;
  readonly pictures: number;
  readonly comparedPictures: number;
}

/** @param rivals which engines read */
export async function readSyntheticScreens(
  { folder, settings }: Bench,
  rivals: Rivals,
  { signal }: { signal: AbortSignal },
): Promise<SyntheticReading> {
  const observations: Observation[] = [];
  const times: ReadingTime[] = [];
  const fonts = new Map<string, boolean>();
  let pictures = 0;
  let comparedPictures = 0;
  for (const { width, height } of sizes) {
    const here = path.join(folder, `screens-${height}`);
    await mkdir(here, { recursive: true });
    const count = settings.syntheticScreens;
    const screens = await drawScreens(here, { width, height, count });
    for (const [turn, compression] of compressions.entries()) {
      let index = 0;
      for await (const picture of filmScreens(here, { count, compression, signal })) {
        const screen = screens[index]!;
        const isCompared = (index + turn) % comparedEvery === 0;
        const read = await readPicture(picture, { rivals, isCompared });
        for (const { engine, boxes, tookMs } of read) times.push({ engine, boxes, tookMs });
        for (const { engine, lines } of read) {
          observations.push(...observe(screen, lines, { engine, compression, isCompared }));
        }
        for (const name of screen.fontNames) fonts.set(name, screen.wasFontSeen);
        pictures++;
        if (isCompared) comparedPictures++;
        index++;
      }
    }
  }
  return { observations, times, fonts, pictures, comparedPictures };
}

interface PictureReading extends ReadingTime {
  readonly lines: readonly ReadLine[];
}

async function readPicture(
  picture: Picture,
  { rivals, isCompared }: { readonly rivals: Rivals; readonly isCompared: boolean },
): Promise<PictureReading[]> {
  const { boxes } = segmentLines(picture, rivals.manifest.segmenter);
  const readings: PictureReading[] = [];
  for (const engine of engineNames) {
    const reader = rivals.engines[engine];
    if (!reader || (engine !== 'ours' && !isCompared)) continue;
    const startMs = performance.now();
    const lines = await reader.read(picture, boxes);
    const tookMs = performance.now() - startMs;
    readings.push({ engine, lines, boxes: boxes.length, tookMs });
  }
  return readings;
}

/** Sums up by kind of text; what was joined over two kinds counts as the longer one's. */
function observe(
  { scene, truth, wasFontSeen }: Screen,
  lines: readonly ReadLine[],
  about: {
    readonly engine: EngineName;
    readonly compression: Compression;
    readonly isCompared: boolean;
  },
): Observation[] {
  const matches = matchLines(truth, lines);
  const byKind = Map.groupBy(matches, (match): LineKind => {
    const longest = [...match.truth].sort((a, b) => b.text.length - a.text.length)[0]!;
    return longest.kind;
  });
  return [...byKind].map(([kind, found]) => {
    const { theme, sizePx, height } = scene;
    const tally = addTallies(found.map(tallyMatch));
    const where = { theme: theme.isDark ? 'dark' : 'light', sizePx, height, wasFontSeen } as const;
    return { ...about, ...where, kind, tally };
  });
}
