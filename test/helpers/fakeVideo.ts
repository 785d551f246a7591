/** A watched video that a test drives: it has what it is given, and answers what it is told to. */
import path from 'node:path';
import { EventEmitter } from 'vscode';
import { isLiveName } from '../../extension/openVideo.ts';
import type { RowsChange } from '../../extension/videoSession.ts';
import type { Question, WatchedVideo } from '../../extension/watchedVideo.ts';
import {
  mediaMs,
  type AnswerRow,
  type GuidanceRow,
  type CodeAtMoment,
  type HostToWebview,
  type MediaInfo,
  type MediaMs,
  type SearchHit,
  type SummaryRow,
  type TimelineRow,
  type WatchedManner,
  type WebviewToHost,
} from '../../protocol/index.ts';

/** Plays from this machine's loopback address. */
export const playable: MediaInfo = {
  durationMs: mediaMs(67_000),
  width: 1280,
  height: 720,
  chapters: [],
  videoUrl: 'http://127.0.0.1:4321/token/key/video.mp4',
  hasSound: true,
  state: 'ready',
  notices: [],
  frameUrl: 'http://127.0.0.1:4321/token/key/frame',
};

export class FakeVideo {
  readonly path: string;
  readonly name: string;
  readonly isLive: boolean;
  rows: TimelineRow[] = [];
  status: HostToWebview['status'] = { state: 'connecting' };
  media: MediaInfo | undefined;
  player: WebviewToHost['player'] = { positionMs: mediaMs(0), isPlaying: false };
  lastPositionMs: MediaMs | undefined;
  /** What was asked of it. */
  readonly told: string[] = [];
  /** How questions and summaries end; never, unless a test says so. */
  answer: Promise<AnswerRow> | undefined;
  summary: Promise<SummaryRow> | undefined;
  /** What a search finds; it never ends, unless a test says so. */
  hits: Promise<readonly SearchHit[]> | undefined;
  /** What stands in the editor; never told, unless a test says so. */
  codeSeen: Promise<CodeAtMoment> | undefined;
  readonly questions: Question[] = [];
  onText: (text: string) => void = () => undefined;
  onProgress: (report: { message?: string; percentage?: number }) => void = () => undefined;

  readonly #rows = new EventEmitter<RowsChange>();
  readonly #status = new EventEmitter<HostToWebview['status']>();
  readonly #media = new EventEmitter<MediaInfo>();
  readonly #news = new EventEmitter<GuidanceRow>();
  readonly #manner = new EventEmitter<undefined>();
  readonly #seek = new EventEmitter<HostToWebview['seek']>();
  readonly onDidChangeRows = this.#rows.event;
  readonly onDidChangeStatus = this.#status.event;
  readonly onDidChangeMedia = this.#media.event;
  readonly onDidRequestSeek = this.#seek.event;
  readonly onDidHear = this.#news.event;
  readonly onDidChangeManner = this.#manner.event;
  manner: WatchedManner = { requests: [] };
  takesRequests = true;

  constructor(file = '/videos/pantry.mp4') {
    this.path = file;
    this.isLive = isLiveName(file);
    this.name = path.basename(file);
  }

  /** As the code under test knows it. */
  get asWatched(): WatchedVideo {
    return this as unknown as WatchedVideo;
  }

  addRows(...rows: readonly TimelineRow[]): void {
    this.rows.push(...rows);
    this.#rows.fire({ isReset: false });
  }

  /** A known row is told anew. */
  changeRow(row: TimelineRow): void {
    this.rows = this.rows.map((known) => (known.id === row.id ? row : known));
    this.#rows.fire({ isReset: false, changed: row });
  }

  replaceRows(...rows: readonly TimelineRow[]): void {
    this.rows = [...rows];
    this.#rows.fire({ isReset: true });
  }

  /** Something is said just now. */
  say(row: GuidanceRow): void {
    this.addRows(row);
    this.#news.fire(row);
  }

  changeManner(manner: WatchedManner): void {
    this.manner = manner;
    this.#manner.fire(undefined);
  }

  request(typed: string): void {
    this.told.push(`request ${typed}`);
  }

  forgetRequest(request: string): void {
    this.told.push(`forget ${request}`);
  }

  adjust(): void {
    this.told.push('adjust');
  }

  setStatus(status: HostToWebview['status']): void {
    this.status = status;
    this.#status.fire(status);
  }

  setMedia(media: MediaInfo): void {
    this.media = media;
    this.#media.fire(media);
  }

  seek(atMs: MediaMs, play: boolean): void {
    this.#seek.fire({ atMs, play });
  }

  start(): void {
    this.told.push('start');
  }

  setPaused(isPaused: boolean): Promise<void> {
    this.told.push(isPaused ? 'pause' : 'resume');
    return Promise.resolve();
  }

  stop(): Promise<void> {
    this.told.push('stop');
    return Promise.resolve();
  }

  ask(
    question: Question,
    { onText }: { readonly onText: (text: string) => void },
    token: { onCancellationRequested(run: () => void): unknown },
  ): Promise<AnswerRow> {
    this.questions.push(question);
    this.onText = onText;
    return Promise.race([this.answer ?? never(), cancelled(token)]);
  }

  search(
    query: string,
    token: { onCancellationRequested(run: () => void): unknown },
  ): Promise<readonly SearchHit[]> {
    this.told.push(`search ${query}`);
    token.onCancellationRequested(() => {
      this.told.push(`search ${query} stopped`);
    });
    return Promise.race([this.hits ?? never(), cancelled(token)]);
  }

  code(
    atMs: MediaMs,
    region: CodeAtMoment['region'],
    token: { onCancellationRequested(run: () => void): unknown },
  ): Promise<CodeAtMoment> {
    this.told.push(`code ${region} ${atMs}`);
    return Promise.race([this.codeSeen ?? never(), cancelled(token)]);
  }

  summarize(
    range: { fromMs?: MediaMs; toMs?: MediaMs },
    onProgress: FakeVideo['onProgress'],
    token: { onCancellationRequested(run: () => void): unknown },
  ): Promise<SummaryRow> {
    this.told.push(`summarize ${JSON.stringify(range)}`);
    this.onProgress = onProgress;
    return Promise.race([this.summary ?? never(), cancelled(token)]);
  }
}

const never = (): Promise<never> => new Promise(() => undefined);

function cancelled(token: { onCancellationRequested(run: () => void): unknown }): Promise<never> {
  return new Promise((_resolve, reject) => {
    token.onCancellationRequested(() => {
      reject(Object.assign(new Error('Canceled'), { name: 'AbortError' }));
    });
  });
}
