/** One video that is open in this window, whatever shows it. */
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import * as vscode from 'vscode';
import {
  answerDelta,
  ask,
  mediaMs,
  summarize,
  type AnswerRow,
  type AskParams,
  type FileSource,
  type HostToWebview,
  type MediaInfo,
  type MediaMs,
  type QueryRow,
  type RequestMethod,
  type SessionOptions,
  type SummaryRow,
  type TimelineRow,
  type WebviewToHost,
  type WorkDoneParams,
} from '../protocol/index.ts';
import type { WorkDone } from './daemonClient.ts';
import { VideoMedia } from './videoMedia.ts';
import type { VideoMemory } from './videoMemory.ts';
import { VideoSession, type RowsChange, type VideoClient } from './videoSession.ts';

/** What the asker of a question is told while it is being answered. */
export interface AskEvents {
  onText(text: string): void;
  onProgress?(report: WorkDone): void;
}

/** A question without the page's own id of it. */
export type Question = Omit<WebviewToHost['ask'], 'requestId'>;

export interface WatchedVideoParts {
  readonly client: VideoClient;
  readonly memory: Pick<VideoMemory, 'positionOf' | 'left'>;
  /** The settings that travel with sessions and questions. */
  readonly sessionOptions: () => SessionOptions;
}

/** How far a playing video runs until its position is written down again. */
const rememberEveryMs = 5000;

export class WatchedVideo implements vscode.Disposable {
  /** Absolute. */
  readonly path: string;
  /** To show. */
  readonly name: string;
  readonly #parts: WatchedVideoParts;
  readonly #source: FileSource;
  readonly #session: VideoSession;
  readonly #media: VideoMedia;
  readonly #seekEmitter = new vscode.EventEmitter<HostToWebview['seek']>();
  #player: WebviewToHost['player'] | undefined;
  #rememberedMs: number | undefined;

  /** Told for each row; whoever shows them reads `rows` when it has time. */
  readonly onDidChangeRows: vscode.Event<RowsChange>;
  readonly onDidChangeStatus: vscode.Event<HostToWebview['status']>;
  readonly onDidChangeMedia: vscode.Event<MediaInfo>;
  readonly onDidRequestSeek: vscode.Event<HostToWebview['seek']> = this.#seekEmitter.event;

  constructor(file: string, parts: WatchedVideoParts) {
    this.path = file;
    this.name = path.basename(file);
    this.#parts = parts;
    this.#source = { kind: 'file', path: file };
    this.#session = new VideoSession(this.#source, parts.client, parts.sessionOptions);
    this.#media = new VideoMedia(this.#source, parts.client);
    this.onDidChangeRows = this.#session.onDidChangeRows;
    this.onDidChangeStatus = this.#session.onDidChangeStatus;
    this.onDidChangeMedia = this.#media.onDidChange;
  }

  get rows(): readonly TimelineRow[] {
    return this.#session.rows;
  }

  get status(): HostToWebview['status'] {
    return this.#session.status;
  }

  /** Its addresses are ready for the page to load; undefined until the daemon has opened it. */
  get media(): MediaInfo | undefined {
    return this.#media.info;
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

  /** Cancelling ends the work in the daemon. @throws AppError; vscode.CancellationError */
  async ask(
    { question, scope, followUpOf }: Question,
    events: AskEvents,
    token: vscode.CancellationToken,
  ): Promise<AnswerRow> {
    const requestId = randomUUID();
    const words = this.#parts.client.onNotification(answerDelta, (delta) => {
      if (delta.requestId === requestId) events.onText(delta.text);
    });
    const thread = followUpOf === undefined ? {} : { followUpOf };
    const params: AskParams = {
      source: this.#source,
      question,
      requestId,
      options: this.#parts.sessionOptions(),
      ...(scope.kind === 'now' ? { atMs: scope.atMs } : {}),
      ...(scope.kind === 'range' ? { fromMs: scope.fromMs, toMs: scope.toMs } : {}),
      ...thread,
    };
    const tell = (report: WorkDone): void => events.onProgress?.(report);
    try {
      const answer = await this.#work(ask, params, { tell, token });
      const { queryId: id, startMs, endMs, atMs } = answer;
      const query: QueryRow = {
        ...{ kind: 'query', id, startMs, endMs, atMs, text: question },
        ...thread,
      };
      this.#session.learn([query, answer]);
      return answer;
    } finally {
      words.dispose();
    }
  }

  /** The whole video when no bounds are given. @throws AppError; vscode.CancellationError */
  summarize(
    range: { readonly fromMs?: MediaMs; readonly toMs?: MediaMs },
    onProgress: (report: WorkDone) => void,
    token: vscode.CancellationToken,
  ): Promise<SummaryRow> {
    const params = { source: this.#source, options: this.#parts.sessionOptions(), ...range };
    return this.#work(summarize, params, { tell: onProgress, token });
  }

  /** Nobody shows it any more: what it holds in the daemon is let go. */
  dispose(): void {
    if (this.#player) this.#remember();
    this.#session.dispose();
    this.#media.dispose();
    this.#seekEmitter.dispose();
  }

  /** Sends a request that takes long, and tells how far it has come. */
  async #work<Params extends WorkDoneParams, Result>(
    method: RequestMethod<Params, Result>,
    params: Params,
    { tell, token }: { tell: (report: WorkDone) => void; token: vscode.CancellationToken },
  ): Promise<Result> {
    const workDoneToken = randomUUID();
    const reports = this.#parts.client.onProgress(workDoneToken, tell);
    try {
      return await this.#parts.client.request(method, { ...params, workDoneToken }, token);
    } finally {
      reports.dispose();
    }
  }

  #remember(): void {
    if (!this.#player) return;
    this.#rememberedMs = this.#player.positionMs;
    this.#parts.memory.left(this.path, this.#player.positionMs);
  }
}
