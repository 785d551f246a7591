/** A library as it looks after a hundred hours of tutorials: rows of the usual kinds, lengths and mixture, in the real store. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import {
  mediaMs,
  type CueRow,
  type GuidanceRow,
  type NewRow,
  type ScreenTextRow,
} from '../../../protocol/index.ts';
import { TimelineStore } from '../../../daemon/timeline/timelineStore.ts';
import { Dice } from '../../lib/dice.mjs';
import { root } from '../bench.ts';
import { terminalLines } from '../reading/terminalTexts.ts';

/** Rows of one hour: a lively video brings about 27 new lines a minute, a caption every 12 s and guidance every 45 s. */
export const perHour = { screenText: 1600, cues: 300, guidance: 80 } as const;
/** Files that one video shows. */
const filesPerVideo = 14;
/** A line is often seen while it is being typed. */
const typingShare = 0.12;
const terminalShare = 0.15;

const hourMs = 3_600_000;

/** What is written on screens: files of installed packages, line by line, and sentences for captions. */
export interface LibraryTexts {
  readonly files: readonly (readonly string[])[];
  readonly sentences: readonly string[];
}

/** Reads code and prose of the packages that are installed. */
export async function collectTexts(): Promise<LibraryTexts> {
  const folder = path.join(root, 'node_modules');
  const names = (await readdir(folder, { recursive: true })).sort();
  const every = <Item>(list: readonly Item[], count: number): Item[] => {
    const step = Math.max(1, Math.floor(list.length / count));
    return list.filter((_, index) => index % step === 0);
  };
  const read = async (ending: RegExp, count: number): Promise<string[][]> => {
    const chosen = every(
      names.filter((name) => ending.test(name) && !/\.min\./.test(name)),
      count,
    );
    const texts = await Promise.all(
      chosen.map((name) => readFile(path.join(folder, name), 'utf8').catch(() => '')),
    );
    return texts.map((text) =>
      text
        .slice(0, 60_000)
        .split('\n')
        .map((line) => line.trim()),
    );
  };
  const isLine = (line: string): boolean => line.length >= 4 && line.length <= 120;
  const files = (await read(/\.(?:m?js|cc|cpp|ts|py|go|css)$/, 1600)).map((lines) =>
    lines.filter(isLine),
  );
  const prose = (await read(/\.md$/, 400))
    .flat()
    .filter((line) => /^[A-Z][\w ,'-]{30,110}\.?$/.test(line));
  return { files: files.filter((lines) => lines.length >= 40), sentences: prose };
}

/**
 * Fills a store.
 * @param hours one video each
 * @returns how many rows it holds
 */
export function fillLibrary(
  file: string,
  texts: LibraryTexts,
  { hours, model }: { readonly hours: number; readonly model: string },
): number {
  using store = new TimelineStore({ file, onDamage: () => undefined });
  const dice = new Dice(hours);
  let count = 0;
  for (let hour = 0; hour < hours; hour++) {
    const video = store.openVideo({
      ...{ videoId: `synthetic-${hour}`, model, frameRateFps: 2, silenceThreshold: 0.5 },
    });
    video.beginIndexing();
    const rows = rowsOfVideo(texts, dice, model);
    count += rows.length;
    video.appendAll(rows);
    video.markComplete(mediaMs(hourMs));
  }
  return count;
}

function rowsOfVideo(
  { files, sentences }: LibraryTexts,
  dice: Dice,
  model: string,
): (NewRow<ScreenTextRow> | NewRow<CueRow> | NewRow<GuidanceRow>)[] {
  const shown = Array.from({ length: filesPerVideo }, () => dice.pick(files));
  const at = (): number => dice.below(hourMs - 60_000);
  const lines = Array.from({ length: perHour.screenText }, () =>
    screenText(lineOf(shown, dice), at(), dice),
  );
  const cues = Array.from({ length: perHour.cues }, (): NewRow<CueRow> => {
    const startMs = at();
    const text = dice.pick(sentences);
    return { kind: 'cue', text, startMs: mediaMs(startMs), endMs: mediaMs(startMs + 4000) };
  });
  const guidance = Array.from({ length: perHour.guidance }, (): NewRow<GuidanceRow> => {
    const startMs = mediaMs(at());
    const line = dice.pick(dice.pick(shown));
    const name = /[A-Za-z_]\w{3,}/.exec(line)?.[0] ?? 'main';
    const text = `The developer ${dice.pick(['writes', 'opens', 'renames', 'runs', 'edits'])} ${name}.`;
    const rest = { silenceProbability: 0.1, evidence: [], model };
    return { kind: 'guidance', text, startMs, endMs: startMs, atMs: startMs, ...rest };
  });
  return [...lines, ...cues, ...guidance].sort((a, b) => a.startMs - b.startMs);
}

function lineOf(shown: LibraryTexts['files'], dice: Dice): string {
  if (dice.chance(terminalShare)) return dice.pick(terminalLines).trim();
  const line = dice.pick(dice.pick(shown));
  if (!dice.chance(typingShare)) return line;
  return line.slice(0, 3 + dice.below(line.length - 3));
}

function screenText(text: string, startMs: number, dice: Dice): NewRow<ScreenTextRow> {
  const endMs = startMs + 1000 + dice.below(59_000);
  return {
    ...{ kind: 'screenText', text, startMs: mediaMs(startMs), endMs: mediaMs(endMs) },
    ...{ box: [60, 20 * dice.below(36), 8 * text.length, 18], confidence: 0.9 },
    ...{ region: dice.chance(0.7) ? 'editor' : 'terminal', indentColumns: 2 * dice.below(5) },
    windows: [[mediaMs(startMs), mediaMs(endMs)]],
    provenance: { sightings: 2 + dice.below(60), readings: 1 },
  };
}

/**
 * What people look for: names, several words, whole lines, lines that were misread, the commonest words there are, and what
 * stands nowhere.
 */
export function queriesFor({ files }: LibraryTexts, count: number): string[] {
  const dice = new Dice(count);
  const words = [
    'return',
    'function',
    'const error',
    'import from',
    'npm test',
    'async await promise',
  ];
  const made = Array.from({ length: count - words.length }, (_, index) => {
    const line = dice.pick(dice.pick(files));
    const names = line.match(/[A-Za-z_]\w{3,}/g) ?? ['main'];
    switch (index % 5) {
      case 0:
        return dice.pick(names);
      case 1:
        return names.slice(0, 3).join(' ');
      case 2:
        return line;
      case 3: {
        const place = dice.below(line.length);
        return `${line.slice(0, place)}x${line.slice(place + 1)}`;
      }
      default:
        return `where is ${dice.pick(names)} defined`;
    }
  });
  return [...words, ...made];
}
