/** The whole daemon from its sources, with the shipped model, in a home of its own; and the processes that belong to it. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { connectDaemon } from '../../daemon/client/connect.ts';
import type { DaemonConnection } from '../../daemon/client/connection.ts';
import { preparePaths, type DaemonRecord } from '../../daemon/client/paths.ts';
import { isAlive } from '../../daemon/base/processes.ts';
import {
  sessionState,
  sessionStats,
  startSession,
  timelineRow,
  type SessionOptions,
  type SessionState,
  type SessionStats,
  type FileSource,
  type SourceSpec,
  type StartSessionResult,
  type TimelineRow,
} from '../../protocol/index.ts';
import { commandLine, descendantsOf } from '../../scripts/processes.ts';
import { noAbort, repositoryRoot, until } from './daemonHome.ts';

export const shippedPack = path.join(repositoryRoot, 'models', 'live-tiny');
export const sample: FileSource = {
  kind: 'file',
  path: path.join(repositoryRoot, 'samples', 'pantry.mp4'),
};

/** Everything a client hears of one watching. */
export interface Watched extends StartSessionResult {
  /** As they were told last, in the order in which they were told first. */
  readonly rows: readonly TimelineRow[];
  /** Everything in its order: a row that changes is told again. */
  readonly told: readonly TimelineRow[];
  readonly stats: SessionStats | undefined;
  readonly state: SessionState;
}

export class RealDaemon implements AsyncDisposable {
  readonly home: string = mkdtempSync(path.join(tmpdir(), 'codealong-real-'));
  readonly #script: string;

  /** @param script its entry */
  constructor(script = path.join(repositoryRoot, 'daemon', 'main.ts')) {
    this.#script = script;
  }

  /** @param settings further arguments, for whoever comes first */
  connect(settings: readonly string[] = []): Promise<DaemonConnection> {
    return connectDaemon(
      {
        home: this.home,
        program: {
          script: this.#script,
          packageFolder: repositoryRoot,
          arguments: ['--idle-exit-ms', '1000', ...settings],
        },
      },
      { signal: noAbort },
    );
  }

  /** Watches to the end; fails when the connection breaks. @param onRow may disturb it */
  async watch(
    source: SourceSpec,
    onRow: (row: TimelineRow) => void = () => undefined,
    options: SessionOptions = {},
  ): Promise<Watched> {
    using connection = await this.connect();
    const told: TimelineRow[] = [];
    let stats: SessionStats | undefined;
    const ended = Promise.withResolvers<SessionState>();
    connection.onNotification(timelineRow, ({ row }) => {
      told.push(row);
      onRow(row);
    });
    connection.onNotification(sessionStats, (newest) => {
      stats = newest.stats;
    });
    connection.onNotification(sessionState, ({ state, error }) => {
      if (error) ended.reject(new Error(`${error.code}: ${error.message}`));
      else ended.resolve(state);
    });
    const started = await connection.request(
      startSession,
      { source, options },
      { signal: noAbort },
    );
    void connection.closed.then(() => {
      ended.reject(new Error('the connection broke'));
    });
    const state = await ended.promise;
    const rows = [...new Map(told.map((row) => [row.id, row])).values()];
    return { ...started, rows, told, stats, state };
  }

  /** Process id of the daemon. */
  get pid(): number {
    const { record } = preparePaths({ home: this.home });
    return (JSON.parse(readFileSync(record, 'utf8')) as DaemonRecord).pid;
  }

  /** Process ids below the daemon whose command line matches. */
  descendants(pattern: RegExp): number[] {
    return descendantsOf(this.pid).filter((pid) => pattern.test(commandLine(pid)));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const { record } = preparePaths({ home: this.home });
    const text = readRecord(record);
    if (text !== undefined) {
      const { pid } = JSON.parse(text) as DaemonRecord;
      if (isAlive(pid)) process.kill(pid, 'SIGTERM');
      await until('the daemon leaves', () => !isAlive(pid));
    }
    rmSync(this.home, { recursive: true, force: true, maxRetries: 5 });
  }
}

function readRecord(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}
