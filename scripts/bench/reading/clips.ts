/** Annotated real recordings: which of their texts can be read at the middle of their window. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { Frame, Picture } from '../../../daemon/media/frameSource.ts';
import type { Box } from '../../../daemon/perception/perception.ts';
import { openVideo } from '../bench.ts';
import type { ClipQuestion, Stretch } from '../answers/rules.ts';
import { isFoundIn } from './edits.ts';
import type { ReadingEngine, ReadLine } from './engine.ts';

/** One recording with what people saw in it. */
export interface Clip {
  readonly slug: string;
  /** Absolute path of the video. */
  readonly file: string;
  readonly texts: readonly ClipText[];
  readonly questions: readonly ClipQuestion[];
  readonly summaryKeywords: readonly string[];
  readonly durationSeconds: number;
}

/** A text and when it can be seen. */
export interface ClipText {
  readonly text: string;
  /** The middle of its window, ms. */
  readonly atMs: number;
  /** All of its windows. */
  readonly windows: readonly Stretch[];
}

interface Index {
  readonly clips: readonly {
    readonly slug: string;
    readonly media: string;
    readonly ann: string;
    readonly duration_s: number;
  }[];
}

interface Annotation {
  readonly ocr: readonly {
    readonly text: string;
    readonly first_s: number;
    readonly last_s: number;
    readonly also?: readonly Stretch[];
  }[];
  readonly qa: readonly {
    readonly q: string;
    readonly a_keywords: readonly string[];
    readonly at_s: number | null;
    readonly evidence_s: Stretch;
    readonly a_time_s?: number;
  }[];
  readonly summary_keywords: readonly string[];
}

/** Reads the list of a folder of annotated recordings. @throws Error when it holds none */
export async function readClips(folder: string): Promise<Clip[]> {
  const read = async (file: string): Promise<unknown> =>
    JSON.parse(await readFile(path.resolve(folder, file), 'utf8'));
  const { clips } = (await read('index.json')) as Index;
  const found = clips.map(async ({ slug, media, ann, duration_s: durationSeconds }) => {
    const { ocr, qa, summary_keywords: summaryKeywords } = (await read(ann)) as Annotation;
    const texts = ocr.map(({ text, first_s: from, last_s: to, also = [] }): ClipText => {
      return { text, atMs: ((from + to) / 2) * 1000, windows: [[from, to], ...also] };
    });
    const questions = qa.map(
      ({ q, a_keywords: keywords, at_s: at, evidence_s: evidence, a_time_s: timeSeconds }) => ({
        ...{ text: q, keywords, evidence },
        ...(at === null ? {} : { atMs: at * 1000 }),
        ...(timeSeconds === undefined ? {} : { timeSeconds }),
      }),
    );
    const file = path.resolve(folder, media);
    return { slug, file, texts, questions, summaryKeywords, durationSeconds };
  });
  return Promise.all(found);
}

/**
 * Pictures are taken from a grid so fine that each shows what stood on screen at the moment asked for: seeking in a file whose
 * pictures stay for different lengths gives the next picture instead.
 */
const gridFps = 20;

/** What stood on screen at each moment, by moment. Equal moments share one picture. */
export async function picturesAt(
  file: string,
  momentsMs: readonly number[],
  { signal }: { signal: AbortSignal },
): Promise<Map<number, Picture>> {
  const waiting = [...new Set(momentsMs)].sort((a, b) => a - b);
  const found = new Map<number, Picture>();
  let last: Frame | undefined;
  for await (const item of openVideo(file).open({ frameRateFps: gridFps, signal })) {
    if (item.kind === 'gap') continue;
    while (last && waiting.length > 0 && waiting[0]! < item.frame.ptsMs) {
      found.set(waiting.shift()!, last);
    }
    last = item.frame;
    if (waiting.length === 0) break;
  }
  // Beyond the last picture it stands for ever.
  for (const moment of waiting) if (last) found.set(moment, last);
  return found;
}

/** What an engine read of one recording. */
export interface ClipReading {
  readonly found: readonly boolean[];
  /** Everything that was read on the picture of each text, for whoever wants to know why it was not found. */
  readonly lines: readonly (readonly ReadLine[])[];
  /** Boxes that were read, and how long that took. */
  readonly boxes: number;
  readonly tookMs: number;
}

/** Reads each text's picture once. @param findBoxes where lines are on a picture */
export async function readClip(
  clip: Clip,
  pictures: ReadonlyMap<number, Picture>,
  {
    engine,
    findBoxes,
  }: {
    readonly engine: ReadingEngine;
    readonly findBoxes: (picture: Picture) => readonly Box[];
  },
): Promise<ClipReading> {
  const read = new Map<Picture, ReadLine[]>();
  let boxes = 0;
  let tookMs = 0;
  for (const picture of new Set(pictures.values())) {
    const found = findBoxes(picture);
    const startMs = performance.now();
    read.set(picture, await engine.read(picture, found));
    tookMs += performance.now() - startMs;
    boxes += found.length;
  }
  const lines = clip.texts.map(({ atMs }) => read.get(pictures.get(atMs)!) ?? []);
  const found = clip.texts.map(({ text }, index) => isFoundIn(text, shown(lines[index]!)));
  return { found, lines, boxes, tookMs };
}

/** From top to bottom, as they would be told. */
function shown(lines: readonly ReadLine[]): string {
  return lines.map(({ text }) => text).join('\n');
}
