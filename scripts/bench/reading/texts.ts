/**
 * Code to read: from installed packages, pinned by the lock file, of kinds that training never opens. models/reader/line_text.py takes
 * .js, .ts, .md and .json below node_modules and nothing else, so these lines are new to the reader.
 */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { root } from '../bench.ts';

interface Source {
  readonly language: string;
  /** Below node_modules. */
  readonly folder: string;
  readonly ending: string;
}

const sources: readonly Source[] = [
  { language: 'C++', folder: 'koffi/src/koffi/src', ending: '.cc' },
  { language: 'Python', folder: 'flatted/python', ending: '.py' },
  { language: 'TypeScript', folder: 'rolldown/dist/shared', ending: '.d.mts' },
  { language: 'Go', folder: 'flatted/golang/pkg/flatted', ending: '.go' },
  { language: 'JavaScript', folder: 'rolldown/dist/shared', ending: '.mjs' },
  { language: 'CSS', folder: 'mocha', ending: '.css' },
  { language: 'C++', folder: 'node-llama-cpp/llama/addon', ending: '.cpp' },
];

/** A stretch of one file. */
export interface Listing {
  readonly language: string;
  readonly fileName: string;
  /** The number of the first line in its file. */
  readonly firstNumber: number;
  /** As in the file, tabs as four columns; some are empty. */
  readonly lines: readonly string[];
}

/** Lines longer than this are not written by hand. */
const longest = 160;

/**
 * A stretch of code.
 * @param index which one: other numbers give other languages and other places
 * @throws Error when the packages are not installed
 */
export async function listing(index: number, lineCount: number): Promise<Listing> {
  const { language, folder, ending } = sources[index % sources.length]!;
  const whole = path.join(root, 'node_modules', folder);
  const names = (await readdir(whole)).filter((name) => name.endsWith(ending)).sort();
  const texts = await Promise.all(names.map((name) => readFile(path.join(whole, name), 'utf8')));
  const files = texts
    .map((text, at) => ({ fileName: names[at]!, lines: text.replaceAll('\t', '    ').split('\n') }))
    .filter(({ lines }) => lines.length >= lineCount);
  const round = Math.floor(index / sources.length);
  const file = files[round % files.length];
  if (!file) throw new Error(`no ${language} of ${lineCount} lines in ${whole}`);
  const start = densest(file.lines, lineCount, round);
  const lines = file.lines.slice(start, start + lineCount).map((line) => line.trimEnd());
  return { language, fileName: file.fileName, firstNumber: start + 1, lines };
}

/** Where, of several places, the most lines can be shown: licences and data at a file's start say little. */
function densest(lines: readonly string[], count: number, round: number): number {
  const room = lines.length - count;
  const places = [0.2, 0.35, 0.5, 0.65, 0.8].map((share) => Math.floor(room * share));
  const weight = (start: number): number =>
    lines.slice(start, start + count).filter(isShown).length + ((start + round) % 3);
  return places.reduce((best, place) => (weight(place) > weight(best) ? place : best));
}

/** Whether a line can stand on a page as it is: plain signs only, and not endless. */
export function isShown(line: string): boolean {
  return line.trim() !== '' && line.length <= longest && /^[\x20-\x7e]*$/.test(line);
}
