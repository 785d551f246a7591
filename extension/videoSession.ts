/** The watching of one video: started, stopped, and started again by itself when the connection was lost. */
import * as vscode from 'vscode';
import { AppError, isAppError } from '../daemon/base/errors.ts';
import {
  adjustSession,
  liveCondition,
  pauseSession,
  sessionReplayed,
  sessionState,
  sessionStats,
  startSession,
  stopSession,
  timelineRow,
  type GuidanceRow,
  type HostToWebview,
  type Manner,
  type SessionOptions,
  type StoredSource,
  type TimelineRow,
} from '../protocol/index.ts';
import type { DaemonClient, DaemonState } from './daemonClient.ts';
import { isCancelled, toShownError } from './messages.ts';
import { TimelineRows } from './timelineRows.ts';

/** The part of the daemon's client that a video needs. */
export type VideoClient = Pick<
  DaemonClient,
  'state' | 'onDidChangeState' | 'request' | 'onNotification' | 'onProgress'
>;

type Status = HostToWebview['status'];

/** How the rows of a video have changed: one came at their end, one was told anew, or what was told before is void. */
export interface RowsChange {
  readonly isReset: boolean;
  /** It was known before, otherwise. */
  readonly changed?: TimelineRow;
}

export class VideoSession implements vscode.Disposable {
  readonly #client: VideoClient;
  readonly #source: StoredSource;
  readonly #options: () => SessionOptions;
  readonly #rows = new TimelineRows();
  readonly #rowsEmitter = new vscode.EventEmitter<RowsChange>();
  readonly #statusEmitter = new vscode.EventEmitter<Status>();
  readonly #newsEmitter = new vscode.EventEmitter<GuidanceRow>();
  readonly #registrations: readonly vscode.Disposable[];
  #status: Status = { state: 'connecting' };
  /** Somebody wants it to be watched, or to be known as watched. */
  #isWanted = false;
  /** The connection was lost under it: begin again with the next one. */
  #isInterrupted = false;
  #sessionId: string | undefined;
  #silenceThreshold: number | undefined;
  /** Its session may have begun already; the answer that names it is still to come. */
  #isBeginning = false;
  /** Raised with each beginning and end, so that late answers to earlier ones are dropped. */
  #attempt = 0;
  /** What was told of sessions before the answer that names them. */
  #early: { readonly sessionId: string; readonly deliver: () => void }[] = [];

  readonly onDidChangeRows: vscode.Event<RowsChange> = this.#rowsEmitter.event;
  readonly onDidChangeStatus: vscode.Event<Status> = this.#statusEmitter.event;
  /** Something was said just now; what was stored before is none of that, whoever tells it again. */
  readonly onDidHear: vscode.Event<GuidanceRow> = this.#newsEmitter.event;

  /** @param options read with each beginning */
  constructor(source: StoredSource, client: VideoClient, options: () => SessionOptions) {
    this.#source = source;
    this.#client = client;
    this.#options = options;
    this.#registrations = [
      client.onNotification(timelineRow, ({ sessionId, row }) => {
        this.#whenKnown(sessionId, () => {
          this.#onRow(row);
        });
      }),
      client.onNotification(sessionReplayed, ({ sessionId }) => {
        this.#whenKnown(sessionId, () => {
          this.#endReplay();
        });
      }),
      client.onNotification(sessionStats, ({ sessionId, stats }) => {
        this.#whenKnown(sessionId, () => {
          this.#setStatus({ state: 'watching', stats });
        });
      }),
      client.onNotification(liveCondition, ({ sessionId, condition }) => {
        this.#whenKnown(sessionId, () => {
          this.#setStatus({ state: 'watching', live: condition });
        });
      }),
      client.onNotification(sessionState, ({ sessionId, state, error }) => {
        this.#whenKnown(sessionId, () => {
          // The session stays: what the daemon knows of the video is looked up for those who have it open.
          if (state === 'finished') this.#setStatus({ state });
          else if (!error) this.#end({ state });
          else this.#end({ state, error: toShownError(new AppError(error.code, error.message)) });
        });
      }),
      client.onDidChangeState((state) => {
        this.#onDaemonState(state);
      }),
    ];
  }

  get rows(): readonly TimelineRow[] {
    return this.#rows.all;
  }

  /** At the usual chattiness; undefined before the first session. */
  get silenceThreshold(): number | undefined {
    return this.#silenceThreshold;
  }

  get status(): Status {
    return this.#status;
  }

  /** Does nothing while it is being watched, or when it was watched to its end. */
  start(): void {
    if (this.#isWanted) return;
    this.#isWanted = true;
    void this.#begin();
  }

  /** What was seen stays. @throws AppError */
  async stop(): Promise<void> {
    if (!this.#isWanted || this.#isFinished) return;
    const sessionId = this.#sessionId;
    if (sessionId === undefined) {
      this.#end({ state: 'stopped' });
      return;
    }
    this.#isWanted = false;
    try {
      // That it has ended is told by a notification.
      await this.#client.request(stopSession, { sessionId });
    } catch (error) {
      if (!isAppError(error, 'session.notFound') && !isAppError(error, 'connection.lost')) {
        throw error;
      }
      this.#end({ state: 'stopped' });
    }
  }

  /** Of a live session that is being watched. @throws AppError */
  async setPaused(isPaused: boolean): Promise<void> {
    const sessionId = this.#sessionId;
    if (sessionId !== undefined) await this.#client.request(pauseSession, { sessionId, isPaused });
  }

  /** The options have changed in how the session is to speak: one that runs heeds it from its next frame on. */
  adjust(): void {
    const sessionId = this.#sessionId;
    // What begins after this, or anew, begins with the options.
    if (sessionId === undefined) return;
    const manner = mannerOf(this.#options());
    // With the connection the session is lost too; its next one has the options.
    this.#client.request(adjustSession, { sessionId, ...manner }).catch(() => undefined);
  }

  /** Rows that this window knows before any session tells them, such as an answer's. */
  learn(rows: readonly TimelineRow[]): void {
    for (const row of rows) this.#onRow(row);
  }

  dispose(): void {
    const sessionId = this.#sessionId;
    this.#attempt++;
    this.#isWanted = false;
    for (const registration of this.#registrations) registration.dispose();
    this.#rowsEmitter.dispose();
    this.#statusEmitter.dispose();
    this.#newsEmitter.dispose();
    // A daemon that is gone has let go already; none is started for a farewell.
    if (sessionId === undefined || this.#client.state !== 'running') return;
    this.#client.request(stopSession, { sessionId }).catch(() => undefined);
  }

  async #begin(): Promise<void> {
    const attempt = ++this.#attempt;
    // What is still told of a session before this one is not about this one.
    this.#sessionId = undefined;
    this.#isInterrupted = false;
    this.#early = [];
    if (!this.#isFinished) this.#setStatus({ state: 'connecting' });
    this.#isBeginning = true;
    const params = { source: this.#source, options: this.#options() };
    try {
      const started = await this.#client.request(startSession, params);
      const { sessionId, silenceThreshold } = started;
      if (attempt !== this.#attempt) {
        this.#client.request(stopSession, { sessionId }).catch(() => undefined);
        return;
      }
      this.#sessionId = sessionId;
      this.#silenceThreshold = silenceThreshold;
      this.#isBeginning = false;
      this.#rows.beginReplay();
      // What was changed while it began.
      if (!isSameManner(params.options, this.#options())) this.adjust();
      if (!this.#isFinished) this.#setStatus({ state: 'watching' });
      for (const early of this.#early.splice(0)) {
        if (early.sessionId === this.#sessionId) early.deliver();
      }
    } catch (error) {
      // After a lost connection the client's next state decides.
      if (attempt !== this.#attempt || isAppError(error, 'connection.lost')) return;
      if (isCancelled(error)) this.#end({ state: 'stopped' });
      else this.#end({ state: 'failed', error: toShownError(error) });
    }
  }

  get #isFinished(): boolean {
    return this.#status.state === 'finished';
  }

  #end(status: Status): void {
    this.#attempt++;
    this.#sessionId = undefined;
    this.#isBeginning = false;
    this.#isWanted = false;
    this.#isInterrupted = false;
    this.#early = [];
    this.#rows.breakOffReplay();
    this.#setStatus(status);
  }

  #onDaemonState(state: DaemonState): void {
    if (!this.#isWanted) {
      // What one daemon could not watch, the next one may: it has other settings.
      if (state === 'running' && this.#status.state === 'failed') this.start();
      return;
    }
    switch (state) {
      case 'lost':
        this.#attempt++;
        this.#sessionId = undefined;
        this.#isBeginning = false;
        this.#isInterrupted = true;
        if (!this.#isFinished) this.#setStatus({ state: 'lost' });
        break;
      case 'running':
      case 'failed':
        // Where none can be reached, the answer says why.
        if (this.#isInterrupted) void this.#begin();
        break;
      case 'idle':
        this.#sessionId = undefined;
        this.#isInterrupted = this.#isFinished;
        if (this.#isFinished) break;
        this.#end({
          state: 'stopped',
          error: {
            message: vscode.l10n.t('The daemon was ended.'),
            remedy: vscode.l10n.t('Watch again when you want to go on.'),
            action: 'retry',
          },
        });
        break;
      case 'starting':
        break;
    }
  }

  /** Events may overtake the answer that names their session. */
  #whenKnown(sessionId: string, deliver: () => void): void {
    if (sessionId === this.#sessionId) deliver();
    else if (this.#isBeginning) this.#early.push({ sessionId, deliver });
  }

  #onRow(row: TimelineRow): void {
    const change = this.#rows.add(row);
    if (change === 'known') return;
    this.#rowsEmitter.fire({ isReset: false, ...(change === 'changed' && { changed: row }) });
    const isNews = change === 'new' && !this.#rows.isReplaying;
    if (isNews && row.kind === 'guidance') this.#newsEmitter.fire(row);
  }

  #endReplay(): void {
    if (this.#rows.endReplay()) this.#rowsEmitter.fire({ isReset: true });
  }

  /** The last counters stay when nothing newer is known; so does the condition of a source that is being watched. */
  #setStatus(status: Status): void {
    const { stats, live } = this.#status;
    const isNew = status.state === 'connecting' && this.#rows.all.length === 0;
    this.#status = {
      ...(stats && !isNew ? { stats } : {}),
      ...(live && status.state === 'watching' ? { live } : {}),
      ...status,
    };
    this.#statusEmitter.fire(this.#status);
  }
}

/** All of it: what is left out of an adjustment stays as it was. */
const mannerOf = ({ chattiness = 'usual', requests = [] }: Manner): Required<Manner> => ({
  chattiness,
  requests,
});

const isSameManner = (one: Manner, other: Manner): boolean =>
  JSON.stringify(mannerOf(one)) === JSON.stringify(mannerOf(other));
