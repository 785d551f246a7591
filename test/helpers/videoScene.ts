/** A watched video in a window, with the daemon in the test's hands. */
import { Sessions } from '../../extension/sessions.ts';
import { VideoMemory } from '../../extension/videoMemory.ts';
import type { WatchedVideo } from '../../extension/watchedVideo.ts';
import {
  adjustSession,
  closeMedia,
  mediaMs,
  openMedia,
  sessionReplayed,
  sessionState,
  startSession,
  stopSession,
  timelineRow,
  type AnswerRow,
  type MediaInfo,
  type SessionOptions,
  type SessionState,
  type TimelineRow,
  type WireError,
} from '../../protocol/index.ts';
import { ClientHarness, settle, type Answers } from './fakeDaemonLinks.ts';
import { FakeMemento } from './fakeVscode.ts';

/** Of the scene's video. */
export const file = '/videos/pantry.mp4';
export const media: MediaInfo = {
  ...{ width: 1280, height: 720, chapters: [], hasSound: true, state: 'ready', notices: [] },
  videoUrl: 'http://127.0.0.1:4000/secret/key/video.mp4?v=1',
  frameUrl: 'http://127.0.0.1:4000/secret/key/frame',
};
export const answer: AnswerRow = {
  ...{ kind: 'answer', id: 41, queryId: 40, text: 'It is add.', citations: [], abstained: false },
  ...{ startMs: mediaMs(5000), endMs: mediaMs(5000), atMs: mediaMs(5000), model: 'fake 1' },
};

/** A video of a window whose daemon is in the test's hands. */
export class Scene {
  readonly harness: ClientHarness;
  readonly memento = new FakeMemento();
  readonly sessions: Sessions;
  readonly video: WatchedVideo;
  /** Rows as somebody has them who takes each when it is told. */
  readonly shown: TimelineRow[] = [];
  resets = 0;
  readonly states: string[] = [];
  options: SessionOptions = {};
  #started = 0;

  constructor(answers: Answers = {}) {
    this.harness = new ClientHarness({
      [startSession.method]: () => {
        const sessionId = `session-${++this.#started}`;
        return { sessionId, videoId: 'video', isIndexed: false, silenceThreshold: 0.5 };
      },
      [stopSession.method]: () => null,
      [adjustSession.method]: () => null,
      [openMedia.method]: () => media,
      [closeMedia.method]: () => null,
      ...answers,
    });
    this.sessions = new Sessions({
      client: this.harness.client,
      memory: new VideoMemory(this.memento),
      sessionOptions: () => this.options,
    });
    this.video = this.sessions.open(file);
    this.video.onDidChangeRows(({ isReset }) => {
      if (isReset) this.resets++;
      if (isReset) this.shown.length = 0;
      this.shown.push(...this.video.rows.slice(this.shown.length));
    });
    this.video.onDidChangeStatus(({ state }) => {
      if (state !== this.states.at(-1)) this.states.push(state);
    });
  }

  /** Watched, and connected. */
  async started(): Promise<this> {
    this.video.start();
    await settle();
    return this;
  }

  /** Stored rows, all of them. */
  replay(rows: readonly TimelineRow[]): void {
    this.tell(rows);
    this.harness.link.tell(sessionReplayed, { sessionId: `session-${this.#started}` });
  }

  tell(rows: readonly TimelineRow[], sessionId = `session-${this.#started}`): void {
    for (const row of rows) this.harness.link.tell(timelineRow, { sessionId, row });
  }

  end(state: SessionState, error?: WireError): void {
    const sessionId = `session-${this.#started}`;
    this.harness.link.tell(sessionState, { sessionId, state, ...(error && { error }) });
  }

  get ids(): readonly number[] {
    return this.video.rows.map(({ id }) => id);
  }

  sent(method: string): readonly unknown[] {
    return this.harness.links
      .flatMap(({ sent }) => sent)
      .filter((request) => request.method === method)
      .map(({ params }) => params);
  }
}
