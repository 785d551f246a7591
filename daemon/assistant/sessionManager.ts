/** Many videos, one model: which are being watched, who listens to each, and what a question about one needs first. */
import { randomUUID } from 'node:crypto';
import type {
  AnswerRow,
  AskParams,
  DoctorReport,
  MediaMs,
  ReadTimelineParams,
  SessionOptions,
  SourceSpec,
  StartSessionParams,
  StartSessionResult,
  SummarizeParams,
  SummaryRow,
  TimelineRow,
} from '../../protocol/index.ts';
import { AppError, isCancellation, toWireError } from '../base/errors.ts';
import { childController } from '../base/lifetime.ts';
import type { ClientEvents, DaemonService } from './service.ts';
import type { LoadedPack, PackLoader, StoredVideo, VideoLibrary } from './collaborators.ts';
import { Watching, type WatchListener } from './watching.ts';

export interface SessionManagerParts {
  readonly packs: PackLoader;
  readonly library: VideoLibrary;
  /** Begins to watch a video; the returned handle fans events out. */
  readonly watch: (video: StoredVideo, pack: LoadedPack, options: SessionOptions) => Watching;
  readonly doctor: (options: { signal: AbortSignal }) => Promise<DoctorReport>;
}

/** A video together with the pack that watches it: what a request is about. */
interface Subject {
  readonly pack: LoadedPack;
  readonly video: StoredVideo;
}

export class SessionManager implements DaemonService {
  readonly #parts: SessionManagerParts;
  /** What is being watched, by the key of its stored video. */
  readonly #watching = new Map<string, Watching>();
  readonly #sessions = new Map<string, AbortController>();

  constructor(parts: SessionManagerParts) {
    this.#parts = parts;
  }

  async startSession(
    { source, options }: StartSessionParams,
    client: ClientEvents,
    { signal, clientSignal }: { signal: AbortSignal; clientSignal: AbortSignal },
  ): Promise<StartSessionResult> {
    const subject = await this.#open(source, options, signal);
    const { video } = subject;
    const sessionId = randomUUID();
    const isIndexed = video.isComplete;
    const controller = childController(clientSignal);
    this.#sessions.set(sessionId, controller);
    const follow = isIndexed
      ? Promise.resolve(this.#replay(sessionId, video, client))
      : this.#follow(subject, options, {
          signal: controller.signal,
          listener: {
            row: (row) => {
              client.timelineRow(sessionId, row);
            },
            stats: (stats) => {
              client.sessionStats(sessionId, stats);
            },
          },
        });
    // The answer to this request must reach the client before the first event does.
    setImmediate(() => {
      void this.#announceEnd(sessionId, client, follow).finally(() => {
        controller[Symbol.dispose]();
        this.#sessions.delete(sessionId);
      });
    });
    return { sessionId, videoId: video.videoId, isIndexed };
  }

  stopSession(sessionId: string): Promise<void> {
    const controller = this.#sessions.get(sessionId);
    if (!controller) return Promise.reject(new AppError('session.notFound'));
    controller.abort();
    return Promise.resolve();
  }
