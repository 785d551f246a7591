/** Spaces and indentation from geometry: the network says which characters, their places say how far apart. */
import { median } from '../base/median.ts';
import type { Box } from './perception.ts';

/** A line as recognised: characters with the picture columns of their centres. */
export interface PlacedLine {
  readonly box: Box;
  readonly confidence: number;
  readonly characters: readonly string[];
  readonly positions: readonly number[];
  /** Probability of each character, where the reader tells it. */
  readonly certainties?: readonly number[];
}

/** A line with its spaces in place. */
export interface LaidOutLine {
  readonly box: Box;
  readonly confidence: number;
  readonly text: string;
  /** Probability of each code point of `text`; 1 for spaces. */
  readonly certainties?: readonly number[];
  /** Picture column where the first character's cell begins. */
  readonly left: number;
  /** Distance of two columns in pixels, for lines in a monospaced font. */
  readonly pitch?: number;
}

interface Glyph {
  readonly character: string;
  readonly certainty: number;
  readonly x: number;
  readonly isAfterSpace: boolean;
}

/** A gap of more columns than this holds a space, even when the network saw none. @source the reading study */
const spaceColumns = 1.55;
/** Mean deviation of neighbours' distances, in pitches, up to which a line is monospaced: proportional fonts have 0.25 and more. */
const maxDeviation = 0.14;
/** Lines with fewer characters take their pitch from a longer line nearby. */
const ownPitchGlyphs = 10;

/** Lays out all lines of a screen: short lines borrow the pitch of longer ones of the same size. */
export function layOutLines(lines: readonly PlacedLine[]): LaidOutLine[] {
  const glyphs = lines.map(glyphsOf);
  const ownPitches = glyphs.map((line) =>
    line.length >= ownPitchGlyphs ? ownPitch(line) : undefined,
  );
  return lines.map((line, index) => {
    const pitch =
      ownPitches[index] ??
      (glyphs[index]!.length < ownPitchGlyphs
        ? borrowedPitch(index, { lines, glyphs, ownPitches })
        : undefined);
    return layOut(line, glyphs[index]!, pitch);
  });
}

function glyphsOf(line: PlacedLine): Glyph[] {
  const glyphs: Glyph[] = [];
  let isAfterSpace = false;
  line.characters.forEach((character, index) => {
    if (character === ' ') {
      isAfterSpace = glyphs.length > 0;
      return;
    }
    const certainty = line.certainties?.[index] ?? line.confidence;
    glyphs.push({ character, certainty, x: line.positions[index]!, isAfterSpace });
    isAfterSpace = false;
  });
  return glyphs;
}

function distances(glyphs: readonly Glyph[], onlyInWords: boolean): number[] {
  const found: number[] = [];
  for (let i = 1; i < glyphs.length; i++) {
    if (!onlyInWords || !glyphs[i]!.isAfterSpace) found.push(glyphs[i]!.x - glyphs[i - 1]!.x);
  }
  return found;
}

/** The pitch of a long enough monospaced line; undefined for proportional fonts. */
function ownPitch(glyphs: readonly Glyph[]): number | undefined {
  const usual = median(distances(glyphs, true));
  if (usual === undefined || usual <= 0 || deviation(glyphs, usual) > maxDeviation) {
    return undefined;
  }
  const columns = distances(glyphs, false).reduce(
    (sum, distance) => sum + Math.max(1, Math.round(distance / usual)),
    0,
  );
  return (glyphs.at(-1)!.x - glyphs[0]!.x) / columns;
}

/** How far neighbours are from where this pitch puts them, on average, in columns. */
function deviation(glyphs: readonly Glyph[], pitch: number): number {
  let sum = 0;
  for (let i = 1; i < glyphs.length; i++) {
    const columns = (glyphs[i]!.x - glyphs[i - 1]!.x) / pitch;
    const expected = glyphs[i]!.isAfterSpace ? Math.max(2, Math.round(columns)) : 1;
    // Capped: a space may have been overlooked.
    sum += Math.min(0.5, Math.abs(columns - expected));
  }
  return glyphs.length > 1 ? sum / (glyphs.length - 1) : 0;
}

interface Screen {
  readonly lines: readonly PlacedLine[];
  readonly glyphs: readonly (readonly Glyph[])[];
  readonly ownPitches: readonly (number | undefined)[];
}

/** Pitch of the nearest longer line of like height in which this short line also fits. */
function borrowedPitch(index: number, screen: Screen): number | undefined {
  const { box } = screen.lines[index]!;
  let nearest: { distance: number; pitch: number } | undefined;
  screen.ownPitches.forEach((pitch, other) => {
    const candidate = screen.lines[other]!.box;
    if (pitch === undefined || Math.abs(Math.log(candidate.height / box.height)) > 0.2) return;
    const distance = Math.abs(candidate.y - box.y);
    if (!nearest || distance < nearest.distance) nearest = { distance, pitch };
  });
  if (!nearest || nearest.distance > 12 * box.height) return undefined;
  return deviation(screen.glyphs[index]!, nearest.pitch) <= maxDeviation
    ? nearest.pitch
    : undefined;
}

function layOut(
  line: PlacedLine,
  glyphs: readonly Glyph[],
  pitch: number | undefined,
): LaidOutLine {
  let text = '';
  const certainties: number[] = [];
  glyphs.forEach(({ character, certainty, x, isAfterSpace }, index) => {
    const distance = index > 0 ? x - glyphs[index - 1]!.x : 0;
    const spaces = index > 0 ? spacesBefore(distance, isAfterSpace, pitch) : 0;
    text += ' '.repeat(spaces) + character;
    certainties.push(...new Array<number>(spaces).fill(1), certainty);
  });
  const { box, confidence } = line;
  const left = pitch === undefined ? box.x : (glyphs[0]?.x ?? box.x) - pitch / 2;
  return { box, confidence, text, certainties, left, ...(pitch === undefined ? {} : { pitch }) };
}

function spacesBefore(distance: number, isAfterSpace: boolean, pitch: number | undefined): number {
  if (pitch === undefined) return isAfterSpace ? 1 : 0;
  const columns = distance / pitch;
  return isAfterSpace || columns > spaceColumns ? Math.max(1, Math.round(columns) - 1) : 0;
}
