/** Guidance as notifications of the editor: for those who have asked for it, and only while its panel is hidden. */
import * as vscode from 'vscode';
import {
  boundaryLimitMs,
  formatMediaTime,
  isTypedOnScreen,
  withoutQuotes,
  type GuidanceRow,
} from '../protocol/index.ts';
import type { Configuration } from './configuration.ts';
import type { WatchedVideo } from './watchedVideo.ts';

/** What decides whether something said is worth a notification. */
export interface ToastFacts {
  readonly rule: Configuration['toasts'];
  readonly isAskedFor: boolean;
  readonly isPanelVisible: boolean;
  readonly isSnoozed: boolean;
}

/** Nobody is told by a notification what stands before them, or what they did not want to be told so. */
export function deservesToast({
  rule,
  isAskedFor,
  isPanelVisible,
  isSnoozed,
}: ToastFacts): boolean {
  if (rule === 'never' || isPanelVisible) return false;
  return isAskedFor || (rule === 'all' && !isSnoozed);
}

/** A notification is in sight for fifteen seconds: so at most one is, and what comes meanwhile is told together. */
export const toastGapMs = 30_000;
/** The same sentence within this time is the same event, by whatever way it is heard again. */
const sameEventMs = 8000;

interface Waiting {
  readonly video: WatchedVideo;
  readonly row: GuidanceRow;
  readonly sinceMs: number;
}

export interface ToastsParts {
  readonly rule: () => Configuration['toasts'];
  readonly isVisible: (video: WatchedVideo) => boolean;
  readonly isSnoozed: () => boolean;
  readonly isTyping: () => boolean;
  /** Brings what was said into sight. Never fails. */
  readonly show: (video: WatchedVideo, row: GuidanceRow) => void;
  /** Never fails. */
  readonly snooze: () => void;
}

export class Toasts implements vscode.Disposable {
  readonly #parts: ToastsParts;
  #waiting: readonly Waiting[] = [];
  /** Newest last. */
  #told: readonly Pick<Waiting, 'video' | 'row'>[] = [];
  #lastMs = -Infinity;
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: ToastsParts) {
    this.#parts = parts;
  }

  /** Something was said just now. */
  hear(video: WatchedVideo, row: GuidanceRow): void {
    if (!this.#deserves(video, row) || this.#isTold(video, row)) return;
    this.#told = [...this.#told.slice(-99), { video, row }];
    this.#waiting = [...this.#waiting, { video, row, sinceMs: Date.now() }];
    this.look();
  }

  /** Somebody has paused, or a video has: tells what waits, if this is the moment. */
  look(): void {
    clearTimeout(this.#timer);
    // What people have seen in the meantime, or want to hear no more, is told no more.
    this.#waiting = this.#waiting.filter(({ video, row }) => this.#deserves(video, row));
    const [first] = this.#waiting;
    if (!first) return;
    const nowMs = Date.now();
    const isBusy = this.#parts.isTyping() || this.#waiting.some(({ video }) => isBusyOn(video));
    const boundaryMs = isBusy ? first.sinceMs + boundaryLimitMs : nowMs;
    const dueMs = Math.max(boundaryMs, this.#lastMs + toastGapMs);
    if (dueMs <= nowMs) this.#tell();
    else
      this.#timer = setTimeout(() => {
        this.look();
      }, dueMs - nowMs);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.#waiting = [];
  }

  #deserves(video: WatchedVideo, { request }: GuidanceRow): boolean {
    return deservesToast({
      rule: this.#parts.rule(),
      isAskedFor: request !== undefined,
      isPanelVisible: this.#parts.isVisible(video),
      isSnoozed: this.#parts.isSnoozed(),
    });
  }

  #isTold(video: WatchedVideo, { text, atMs, request }: GuidanceRow): boolean {
    return this.#told.some(
      ({ video: { path }, row }) =>
        path === video.path &&
        row.text === text &&
        row.request === request &&
        Math.abs(row.atMs - atMs) < sameEventMs,
    );
  }

  #tell(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    this.#lastMs = Date.now();
    // What was asked for goes before what came unasked.
    const told = waiting.findLast(({ row }) => row.request !== undefined) ?? waiting.at(-1)!;
    const { t } = vscode.l10n;
    const show = t('Show');
    const snooze = t('Snooze…');
    vscode.window.showInformationMessage(textOf(told, waiting.length), show, snooze).then(
      (chosen) => {
        if (chosen === show) this.#parts.show(told.video, told.row);
        if (chosen === snooze) this.#parts.snooze();
      },
      () => undefined,
    );
  }
}

/** On the screen that is watched while it happens: what is watched ahead is over already. */
const isBusyOn = ({ isLive, status }: WatchedVideo): boolean =>
  isLive && status.state === 'watching' && isTypedOnScreen(status.stats);

function textOf({ video, row }: Waiting, count: number): string {
  const { t } = vscode.l10n;
  const sentence = withoutQuotes(row.text);
  const place = [video.name, formatMediaTime(row.atMs)] as const;
  const told =
    row.request === undefined
      ? t('{0} ({1}, {2})', sentence, ...place)
      : t('“{0}”: {1} ({2}, {3})', row.request, sentence, ...place);
  return count === 1 ? told : t('{0} new. {1}', count, told);
}
