/** Which parts of a video a summary can be about, and choosing one. */
import * as vscode from 'vscode';
import {
  formatMediaTime,
  mediaMs,
  parseMoment,
  type Chapter,
  type MediaMs,
} from '../protocol/index.ts';
import type { WatchedVideo } from './watchedVideo.ts';

/** A part of a video; the whole when empty. */
export interface ClipRange {
  readonly fromMs?: MediaMs;
  readonly toMs?: MediaMs;
}

/** Asked for until people say otherwise. */
const usualMinutes = 5;

type Choice = vscode.QuickPickItem & { readonly pick: () => Promise<ClipRange | undefined> };

/** Lets people choose a part. @returns undefined when they did not */
export async function pickRange(
  video: Pick<WatchedVideo, 'player' | 'media' | 'name' | 'rows'>,
): Promise<ClipRange | undefined> {
  const chosen = await vscode.window.showQuickPick(choicesOf(video), {
    title: vscode.l10n.t('Summarize Which Part of {0}?', video.name),
    ignoreFocusOut: true,
  });
  return chosen?.pick();
}

function choicesOf({
  player,
  media,
  rows,
}: Pick<WatchedVideo, 'player' | 'media' | 'rows'>): readonly Choice[] {
  const { positionMs, range } = player;
  const found = rows
    .filter((row) => row.kind === 'chapter')
    .sort((one, other) => one.startMs - other.startMs);
  const chapters = found.length > 0 ? found : (media?.chapters ?? []);
  const fixed = (clip: ClipRange) => () => Promise.resolve(clip);
  return [
    ...(range
      ? [
          {
            label: vscode.l10n.t('The selected part'),
            description: wordsOf(range.fromMs, range.toMs),
            pick: fixed({ fromMs: range.fromMs, toMs: range.toMs }),
          },
        ]
      : []),
    ...(positionMs > 0
      ? [
          {
            label: vscode.l10n.t('The last minutes…'),
            description: vscode.l10n.t('up to {0}', formatMediaTime(positionMs)),
            pick: () => pickLastMinutes(positionMs),
          },
        ]
      : []),
    ...(chapters.length > 0
      ? [{ label: vscode.l10n.t('A chapter…'), pick: () => pickChapter(chapters) }]
      : []),
    { label: vscode.l10n.t('From … to …'), pick: typeRange },
    { label: vscode.l10n.t('The whole video'), pick: fixed({}) },
  ];
}

async function pickLastMinutes(positionMs: MediaMs): Promise<ClipRange | undefined> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('How Many Minutes?'),
    value: String(usualMinutes),
    ignoreFocusOut: true,
    validateInput: (text) =>
      parseMinutes(text) === undefined ? vscode.l10n.t('Write a number above 0.') : undefined,
  });
  const minutes = typed === undefined ? undefined : parseMinutes(typed);
  return minutes === undefined ? undefined : lastMinutes(positionMs, minutes);
}

/** The stretch that ends at the player's moment. */
export function lastMinutes(positionMs: MediaMs, minutes: number): ClipRange {
  return { fromMs: mediaMs(Math.max(0, positionMs - minutes * 60_000)), toMs: positionMs };
}

/** A comma is how many people write a point. */
function parseMinutes(text: string): number | undefined {
  const minutes = Number(text.trim().replace(',', '.'));
  return text.trim() !== '' && minutes > 0 && minutes <= 100_000 ? minutes : undefined;
}

async function pickChapter(chapters: readonly Chapter[]): Promise<ClipRange | undefined> {
  const chosen = await vscode.window.showQuickPick(
    chapters.map(({ title, startMs, endMs }) => ({
      label: title === '' ? formatMediaTime(startMs) : title,
      description: wordsOf(startMs, endMs),
      clip: { fromMs: startMs, toMs: endMs },
    })),
    { title: vscode.l10n.t('Which Chapter?'), ignoreFocusOut: true },
  );
  return chosen?.clip;
}

async function typeRange(): Promise<ClipRange | undefined> {
  const typed = await vscode.window.showInputBox({
    title: vscode.l10n.t('From When to When?'),
    placeHolder: '1:10 - 12:30',
    ignoreFocusOut: true,
    validateInput: (text) =>
      parseRange(text) ? undefined : vscode.l10n.t('Write two times, such as 1:10 - 12:30.'),
  });
  return typed === undefined ? undefined : parseRange(typed);
}

/** Two times with a dash between them. @returns undefined when they are not, or run backwards */
export function parseRange(text: string): ClipRange | undefined {
  const [from, to, ...more] = text.split(/[-–—]/);
  if (from === undefined || to === undefined || more.length > 0) return undefined;
  const [fromMs, toMs] = [parseMoment(from), parseMoment(to)];
  if (fromMs === undefined || toMs === undefined || fromMs >= toMs) return undefined;
  return { fromMs, toMs };
}

const wordsOf = (fromMs: MediaMs, toMs: MediaMs): string =>
  `${formatMediaTime(fromMs)}–${formatMediaTime(toMs)}`;
