/** What the daemon is asked about any video, open in this window or not, with the window's settings. */
import { randomUUID } from 'node:crypto';
import type * as vscode from 'vscode';
import {
  answerDelta,
  ask,
  readCode,
  readScreen,
  readTimeline,
  search,
  storedSource,
  summarize,
  type AnswerRow,
  type AskParams,
  type CodeAtMoment,
  type ReadCodeParams,
  type ReadScreenParams,
  type ReadTimelineParams,
  type RequestMethod,
  type ScreenLineAt,
  type SearchHit,
  type SearchParams,
  type SessionOptions,
  type StoredSource,
  type SummarizeParams,
  type SummaryRow,
  type TimelineRow,
  type WorkDoneParams,
} from '../protocol/index.ts';
import type { DaemonClient, WorkDone } from './daemonClient.ts';

/** The part of the daemon's client that requests need. */
type RequestClient = Pick<DaemonClient, 'request' | 'onNotification' | 'onProgress'>;

/** What the asker of a question is told while it is being answered. */
export interface AskEvents {
  /** The next words of the answer. */
  onText(text: string): void;
  onProgress?(report: WorkDone): void;
}

/** Who waits for an answer. */
export interface Waiting {
  readonly token: vscode.CancellationToken;
  /** Told how far long work has come. */
  readonly onProgress?: (report: WorkDone) => void;
}

/** The parameters of a request that the asker chooses. */
type Asked<Params> = Omit<Params, 'source' | 'options' | 'requestId' | 'workDoneToken'>;

/** Every method throws AppError, or vscode.CancellationError when the token was cancelled; both end the work in the daemon. */
export class VideoRequests {
  readonly #client: RequestClient;
  readonly #options: () => SessionOptions;

  /** @param sessionOptions the settings that travel with every request, as they are then */
  constructor(client: RequestClient, sessionOptions: () => SessionOptions) {
    this.#client = client;
    this.#options = sessionOptions;
  }

  /** @param path absolute, of the video, or the id of a live session; so in all of these */
  code(path: string, asked: Asked<ReadCodeParams>, { token }: Waiting): Promise<CodeAtMoment> {
    return this.#client.request(readCode, this.#about(path, asked), token);
  }

  async screen(
    path: string,
    asked: Asked<ReadScreenParams>,
    { token }: Waiting,
  ): Promise<readonly ScreenLineAt[]> {
    return (await this.#client.request(readScreen, this.#about(path, asked), token)).lines;
  }

  async timeline(
    path: string,
    asked: Asked<ReadTimelineParams>,
    { token }: Waiting,
  ): Promise<readonly TimelineRow[]> {
    return (await this.#client.request(readTimeline, this.#about(path, asked), token)).rows;
  }

  /** @param path undefined searches every video that was ever watched */
  async search(
    path: string | undefined,
    asked: Asked<SearchParams>,
    { token }: Waiting,
  ): Promise<readonly SearchHit[]> {
    const params =
      path === undefined ? { ...asked, options: this.#options() } : this.#about(path, asked);
    return (await this.#client.request(search, params, token)).hits;
  }

  async ask(
    path: string,
    asked: Asked<AskParams>,
    { events, token }: { readonly events?: AskEvents; readonly token: vscode.CancellationToken },
  ): Promise<AnswerRow> {
    const requestId = randomUUID();
    const words = this.#client.onNotification(answerDelta, (delta) => {
      if (delta.requestId === requestId) events?.onText(delta.text);
    });
    const onProgress = (report: WorkDone): void => events?.onProgress?.(report);
    try {
      const params = { ...this.#about(path, asked), requestId };
      return await this.#work(ask, params, { onProgress, token });
    } finally {
      words.dispose();
    }
  }

  summarize(path: string, asked: Asked<SummarizeParams>, waiting: Waiting): Promise<SummaryRow> {
    return this.#work(summarize, this.#about(path, asked), waiting);
  }

  #about<Params>(
    path: string,
    asked: Params,
  ): Params & { source: StoredSource; options: SessionOptions } {
    return { ...asked, source: storedSource(path), options: this.#options() };
  }

  /** Sends a request that takes long, and tells how far it has come. */
  async #work<Params extends WorkDoneParams, Result>(
    method: RequestMethod<Params, Result>,
    params: Params,
    { onProgress = () => undefined, token }: Waiting,
  ): Promise<Result> {
    const workDoneToken = randomUUID();
    const reports = this.#client.onProgress(workDoneToken, onProgress);
    try {
      return await this.#client.request(method, { ...params, workDoneToken }, token);
    } finally {
      reports.dispose();
    }
  }
}
