/** The built daemon in a home of its own, spoken to as any client speaks to it. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemClock } from '../../daemon/base/clock.ts';
import { connectDaemon } from '../../daemon/client/connect.ts';
import type { DaemonConnection } from '../../daemon/client/connection.ts';
import { preparePaths, type DaemonRecord } from '../../daemon/client/paths.ts';
import { isAlive } from '../../daemon/base/processes.ts';
import {
  answerDelta,
  ask,
  mediaMs,
  readCode,
  readScreen,
  search,
  sessionState,
  sessionStats,
  startSession,
  stopSession,
  summarize,
  type AnswerRow,
  type CodeAtMoment,
  type ScreenLineAt,
  type SearchHit,
  type SessionOptions,
  type SessionStats,
  type StoredSource,
  type SummaryRow,
} from '../../protocol/index.ts';
import { dist, root, type Bench } from './bench.ts';

const leavingPollMs = 50;

/** Counters of a session with the moment they arrived. */
export interface Sighting {
  readonly atMs: number;
  readonly stats: SessionStats;
}

export class DaemonRun implements AsyncDisposable {
  /** Process id of the daemon. */
  readonly pid: number;
  readonly #connection: DaemonConnection;
  readonly #model: string;
  #requests = 0;

  private constructor(connection: DaemonConnection, pid: number, model: string) {
    this.#connection = connection;
    this.pid = pid;
    this.#model = model;
  }

  /** Starts the daemon; disposing waits until it has left. @param home where it keeps everything, one for all when left out */
  static async start(
    { folder, modelPack }: Bench,
    { signal, home = path.join(folder, 'home') }: { signal: AbortSignal; home?: string },
  ): Promise<DaemonRun> {
    const built = JSON.parse(await readFile(path.join(dist, 'build.json'), 'utf8')) as {
      readonly buildId: string;
    };
    const program = {
      script: path.join(dist, 'daemon.js'),
      packageFolder: root,
      arguments: ['--idle-exit-ms', '100'],
    };
    const { buildId } = built;
    const connection = await connectDaemon({ home, buildId, program }, { signal });
    const { record } = preparePaths({ home, buildId });
    const { pid } = JSON.parse(await readFile(record, 'utf8')) as DaemonRecord;
    return new DaemonRun(connection, pid, modelPack.folder);
  }

  /** The connection itself, for measures of what only clients of live sources do. */
  get connection(): DaemonConnection {
    return this.#connection;
  }

  /**
   * Watches a video to its end, or as long as `meanwhile` takes.
   * @returns every sighting of its counters, in order
   */
  async watch(
    file: string,
    options: {
      readonly speed?: 'max' | 'realtime';
      /** Called once, when the first counters come; watching stops when it is done. */
      readonly meanwhile?: () => Promise<void>;
      readonly signal: AbortSignal;
    },
  ): Promise<readonly Sighting[]> {
    const { speed = 'max', meanwhile, signal } = options;
    const sightings: Sighting[] = [];
    const first = Promise.withResolvers<undefined>();
    const ended = Promise.withResolvers<undefined>();
    using listeners = new DisposableStack();
    listeners.use(
      this.#connection.onNotification(sessionStats, ({ stats }) => {
        sightings.push({ atMs: systemClock.monotonicMs(), stats });
        first.resolve(undefined);
      }),
    );
    listeners.use(
      this.#connection.onNotification(sessionState, ({ error }) => {
        if (error) ended.reject(new Error(`${error.code}: ${error.message}`));
        else ended.resolve(undefined);
      }),
    );
    const params = { source: fileSource(file), options: { ...this.options, speed } };
    const { sessionId } = await this.#connection.request(startSession, params, { signal });
    if (meanwhile) {
      await Promise.race([first.promise, ended.promise]);
      await meanwhile();
      await this.#connection.request(stopSession, { sessionId }, { signal });
    }
    await ended.promise;
    return sightings;
  }

  /** @returns ms until the first words of the answer, or the answer when it comes in one piece */
  async firstWordsMs(
    file: string,
    question: string,
    { signal }: { signal: AbortSignal },
  ): Promise<number> {
    const requestId = String(++this.#requests);
    const startMs = systemClock.monotonicMs();
    let firstMs: number | undefined;
    using listeners = new DisposableStack();
    listeners.use(
      this.#connection.onNotification(answerDelta, (delta) => {
        if (delta.requestId === requestId) firstMs ??= systemClock.monotonicMs();
      }),
    );
    const params = { source: fileSource(file), question, requestId, options: this.options };
    await this.#connection.request(ask, params, { signal });
    return (firstMs ?? systemClock.monotonicMs()) - startMs;
  }

  /** The lines on screen at a moment. */
  async linesAt(
    file: string,
    atMs: number,
    options: { signal: AbortSignal },
  ): Promise<readonly ScreenLineAt[]> {
    const params = { source: fileSource(file), atMs: mediaMs(atMs), options: this.options };
    const { lines } = await this.#connection.request(readScreen, params, options);
    return lines;
  }

  /** The code in the editor at a moment. */
  codeAt(file: string, atMs: number, options: { signal: AbortSignal }): Promise<CodeAtMoment> {
    const params = { source: fileSource(file), atMs: mediaMs(atMs), options: this.options };
    return this.#connection.request(readCode, params, options);
  }

  /** Searches one video; everything that was ever watched when it is left out. */
  async search(
    query: string,
    { file, signal }: { readonly file?: string; readonly signal: AbortSignal },
  ): Promise<readonly SearchHit[]> {
    const where = file === undefined ? {} : { source: fileSource(file), options: this.options };
    const { hits } = await this.#connection.request(search, { query, ...where }, { signal });
    return hits;
  }

  /** Asks about a video, as if it were paused at `atMs` when that is given. */
  ask(
    file: string,
    { text, atMs }: { readonly text: string; readonly atMs?: number },
    options: { signal: AbortSignal },
  ): Promise<AnswerRow> {
    const params = {
      ...{ source: fileSource(file), question: text, options: this.options },
      ...(atMs === undefined ? {} : { atMs: mediaMs(atMs) }),
    };
    return this.#connection.request(ask, params, options);
  }

  summarize(file: string, options: { signal: AbortSignal }): Promise<SummaryRow> {
    const params = { source: fileSource(file), options: this.options };
    return this.#connection.request(summarize, params, options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.close();
    const never = new AbortController().signal;
    while (isAlive(this.pid)) await systemClock.sleep(leavingPollMs, { signal: never });
  }

  /** What every session is started with. */
  get options(): SessionOptions {
    return { model: this.#model };
  }
}

function fileSource(file: string): StoredSource {
  return { kind: 'file', path: file };
}
