/** One video that is open in this window, whatever shows it. */
import * as vscode from 'vscode';
import {
  mediaMs,
  storedSource,
  maxRequests,
  requestWords,
  type AnswerRow,
  type CodeAtMoment,
  type GuidanceRow,
  type HostToWebview,
  type MediaInfo,
  type MediaMs,
  type QueryRow,
  type SearchHit,
  type SessionOptions,
  type SummaryRow,
  type TimelineRow,
  type WatchedManner,
  type WebviewToHost,
} from '../protocol/index.ts';
import type { WorkDone } from './daemonClient.ts';
import { isLiveName } from './openVideo.ts';
import { VideoMedia } from './videoMedia.ts';
import type { VideoMemory } from './videoMemory.ts';
import { VideoRequests, type AskEvents } from './videoRequests.ts';
import { VideoSession, type RowsChange, type VideoClient } from './videoSession.ts';

/** A question without the page's own id of it. */
export type Question = Omit<WebviewToHost['ask'], 'requestId'>;

export interface WatchedVideoParts {
  readonly client: VideoClient;
  readonly memory: Pick<VideoMemory, 'positionOf' | 'left' | 'nameOf' | 'requestsOf' | 'asked'>;
  /** The settings that travel with sessions and questions. */
  readonly sessionOptions: () => SessionOptions;
}

/** How far a playing video runs until its position is written down again. */
const rememberEveryMs = 5000;

export class WatchedVideo implements vscode.Disposable {
  /** Absolute, or the id of a live session. */
  readonly path: string;
  /** It is watched while it happens, or was. */
  readonly isLive: boolean;
  /** To show. */
  readonly name: string;
  readonly #parts: WatchedVideoParts;
  readonly #requests: VideoRequests;
  readonly #session: VideoSession;
  readonly #media: VideoMedia;
  readonly #mannerEmitter = new vscode.EventEmitter<undefined>();
  readonly #seekEmitter = new vscode.EventEmitter<HostToWebview['seek']>();
  #player: WebviewToHost['player'] | undefined;
  #rememberedMs: number | undefined;

  /** Told for each row; whoever shows them reads `rows` when it has time. */
  readonly onDidChangeRows: vscode.Event<RowsChange>;
  readonly onDidChangeStatus: vscode.Event<HostToWebview['status']>;
  /** Something was said just now. */
  readonly onDidHear: vscode.Event<GuidanceRow>;
  readonly onDidChangeManner: vscode.Event<undefined> = this.#mannerEmitter.event;
  readonly onDidChangeMedia: vscode.Event<MediaInfo>;
  readonly onDidRequestSeek: vscode.Event<HostToWebview['seek']> = this.#seekEmitter.event;

  constructor(file: string, parts: WatchedVideoParts) {
    this.path = file;
    this.isLive = isLiveName(file);
    this.name = parts.memory.nameOf(file);
    this.#parts = parts;
    const source = storedSource(file);
    this.#requests = new VideoRequests(parts.client, parts.sessionOptions);
    this.#session = new VideoSession(source, parts.client, () => ({
      ...parts.sessionOptions(),
      // Where nothing is asked for here, another window that has the video open may have asked.
      ...(this.#requestsMade.length > 0 ? { requests: this.#requestsMade } : {}),
    }));
    this.#media = new VideoMedia(source, parts.client);
    this.onDidChangeRows = this.#session.onDidChangeRows;
    this.onDidChangeStatus = this.#session.onDidChangeStatus;
    this.onDidHear = this.#session.onDidHear;
    let known: number | undefined;
    this.#session.onDidChangeStatus(() => {
      if (this.#session.silenceThreshold === known) return;
      known = this.#session.silenceThreshold;
      this.#mannerEmitter.fire(undefined);
    });
    this.onDidChangeMedia = this.#media.onDidChange;
  }

  get rows(): readonly TimelineRow[] {
    return this.#session.rows;
  }

  get status(): HostToWebview['status'] {
    return this.#session.status;
  }

  /** In which manner it is watched. */
  get manner(): WatchedManner {
    const { silenceThreshold } = this.#session;
    const requests = this.#requestsMade;
    return { requests, ...(silenceThreshold === undefined ? {} : { silenceThreshold }) };
  }

  get #requestsMade(): readonly string[] {
    return this.#parts.memory.requestsOf(this.path);
  }

  /** Whether it can take another standing request. */
  get takesRequests(): boolean {
    return this.#requestsMade.length < maxRequests;
  }

  /** From now on people want to be told this, whoever watches the video in this window. */
  request(typed: string): void {
    const words = requestWords(typed);
    if (words === '' || !this.takesRequests) return;
    this.#makeRequests([...new Set([...this.#requestsMade, words])]);
  }

  forgetRequest(request: string): void {
    this.#makeRequests(this.#requestsMade.filter((each) => each !== request));
  }

  #makeRequests(requests: readonly string[]): void {
    this.#parts.memory.asked(this.path, requests);
    this.adjust();
  }

  /** How much is said, or what is asked for, has changed: a session that runs heeds it. */
  adjust(): void {
    this.#session.adjust();
    this.#mannerEmitter.fire(undefined);
  }

  /** Its addresses are ready for the page to load; undefined until the daemon has opened it. */
  get media(): MediaInfo | undefined {
    return this.#media.info;
  }

  /** Address of its single pictures for this process; the page may need another. */
  get frameUrl(): string | undefined {
    return this.#media.frameUrl;
  }

  /** Where the player is, as a panel tells it; until one does, where the video was left. */
  get player(): WebviewToHost['player'] {
    return this.#player ?? { positionMs: this.lastPositionMs ?? mediaMs(0), isPlaying: false };
  }

  set player(player: WebviewToHost['player']) {
    const wasPlaying = this.#player?.isPlaying === true;
    this.#player = player;
    const movedMs = Math.abs(player.positionMs - (this.#rememberedMs ?? -Infinity));
    if (movedMs >= rememberEveryMs || (wasPlaying && !player.isPlaying)) this.#remember();
  }

  /** Where it was left, in this window or an earlier one. */
  get lastPositionMs(): MediaMs | undefined {
    return this.#player?.positionMs ?? this.#parts.memory.positionOf(this.path);
  }

  /** Moves every player of this video; one that is opened later begins there. */
  seek(atMs: MediaMs, play: boolean): void {
    this.#player = { ...this.player, positionMs: atMs };
    this.#remember();
    this.#seekEmitter.fire({ atMs, play });
  }

  /** Opens it for playing and watches it; does nothing as long as both are so. */
  start(): void {
    this.#media.open();
    this.#session.start();
  }

  /** Stops watching; playing goes on, and what was seen stays. @throws AppError */
  stop(): Promise<void> {
    return this.#session.stop();
  }

  /** Of a live session that is being watched: ends its capture for a while, or begins it again. @throws AppError */
  setPaused(isPaused: boolean): Promise<void> {
    return this.#session.setPaused(isPaused);
  }

  /** Cancelling ends the work in the daemon. @throws AppError; vscode.CancellationError */
  async ask(
    { question, scope, followUpOf, box }: Question,
    events: AskEvents,
    token: vscode.CancellationToken,
  ): Promise<AnswerRow> {
    const shared = {
      ...(followUpOf === undefined ? {} : { followUpOf }),
      ...(box === undefined ? {} : { box }),
    };
    const asked = {
      question,
      ...(scope.kind === 'now' ? { atMs: scope.atMs } : {}),
      ...(scope.kind === 'range' ? { fromMs: scope.fromMs, toMs: scope.toMs } : {}),
      ...shared,
    };
    const answer = await this.#requests.ask(this.path, asked, { events, token });
    const { queryId: id, startMs, endMs, atMs } = answer;
    const query: QueryRow = {
      ...{ kind: 'query', id, startMs, endMs, atMs, text: question },
      ...shared,
    };
    this.#session.learn([query, answer]);
    return answer;
  }

  /** The whole video when no bounds are given. @throws AppError; vscode.CancellationError */
  summarize(
    range: { readonly fromMs?: MediaMs; readonly toMs?: MediaMs },
    onProgress: (report: WorkDone) => void,
    token: vscode.CancellationToken,
  ): Promise<SummaryRow> {
    return this.#requests.summarize(this.path, range, { onProgress, token });
  }

  /** Rows of this video that have the words, best first. @throws AppError; vscode.CancellationError */
  search(query: string, token: vscode.CancellationToken): Promise<readonly SearchHit[]> {
    return this.#requests.search(this.path, { query }, { token });
  }

  /** What stands in the editor or the terminal at a moment. @throws AppError; vscode.CancellationError */
  code(
    atMs: MediaMs,
    region: CodeAtMoment['region'],
    token: vscode.CancellationToken,
  ): Promise<CodeAtMoment> {
    return this.#requests.code(this.path, { atMs, region }, { token });
  }

  /** Nobody shows it any more: what it holds in the daemon is let go. */
  dispose(): void {
    if (this.#player) this.#remember();
    this.#session.dispose();
    this.#media.dispose();
    this.#seekEmitter.dispose();
    this.#mannerEmitter.dispose();
  }

  #remember(): void {
    if (!this.#player) return;
    this.#rememberedMs = this.#player.positionMs;
    this.#parts.memory.left(this.path, this.#player.positionMs);
  }
}
