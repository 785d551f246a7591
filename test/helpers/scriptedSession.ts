/** Test doubles for the session: a source of numbered frames, a model that follows a script, a reader that follows one too. */
import type { MediaMs, NewRow, ScreenTextRow, TimelineRow } from '../../protocol/index.ts';
import { mediaMs } from '../../protocol/index.ts';
import type { ScreenReader, ScreenUpdate } from '../../daemon/assistant/screenReader.ts';
import type { TimelineWriter } from '../../daemon/assistant/recorder.ts';
import type { EncodedFrame, StreamingModel } from '../../daemon/assistant/streamingModel.ts';
import type { GeneratedReply, ReplyOptions } from '../../daemon/llm/replyGeneration.ts';
import type { StreamLine } from '../../daemon/llm/streamTemplate.ts';
import type { FrameSampler } from '../../daemon/media/frameSampler.ts';
import type { OpenedScreenLine } from '../../daemon/perception/perception.ts';
import type { FrameSource, SourceItem } from '../../daemon/media/frameSource.ts';

const frameMs = 500;

/** Frames 0, 1, 2 … at 2 fps, each one grey pixel. `items` may put gaps between them. */
export function scriptedSource(
  frames: number,
  gap: { readonly gapAfter?: number | undefined; readonly isFailure?: boolean } = {},
): FrameSource {
  const { gapAfter, isFailure = false } = gap;
  return {
    probe: () => Promise.resolve({ width: 1, height: 1, durationMs: mediaMs(frames * frameMs) }),
    async *open({ fromMs = 0 }: { fromMs?: number }): AsyncIterable<SourceItem> {
      for (let i = fromMs / frameMs; i < frames; i++) {
        await Promise.resolve();
        const frame = { ptsMs: mediaMs(i * frameMs), width: 1, height: 1, data: new Uint8Array(3) };
        yield { kind: 'frame', frame };
        if (i === gapAfter) {
          const startMs = mediaMs((i + 1) * frameMs);
          yield { kind: 'gap', gap: { startMs, endMs: startMs, reason: 'broken', isFailure } };
        }
      }
    },
  };
}

/** Passes everything on; every frame is another. */
export const passingSampler: Pick<FrameSampler, 'sample' | 'dropped'> = {
  dropped: 0,
  async *sample(items) {
    for await (const item of items) yield item.kind === 'gap' ? item : { ...item, isRepeat: false };
  },
};

/** Speaks at the frames that the script names. */
export class ScriptedModel implements StreamingModel {
  readonly name = 'scripted 1';
  readonly usage = { tokens: 0, evicted: 0, keptPercent: 100 };
  /** Everything that was done to the model, in order. */
  readonly calls: string[] = [];
  readonly #replies: ReadonlyMap<number, string>;
  /** Of what is said at a frame; 1 when left out. */
  likelihoods: Readonly<Record<number, number>> = {};
  /** How what is said at a frame ends; finished when left out. */
  endings: Readonly<Record<number, GeneratedReply['ending']>> = {};
  /** Called while a reply is being spoken, before it ends. */
  onReply: ((options: ReplyOptions) => Promise<void>) | undefined;

  constructor(replies: Readonly<Record<number, string>>) {
    this.#replies = new Map(Object.entries(replies).map(([at, text]) => [Number(at), text]));
  }

  encode(frames: readonly EncodedFrame[]): Promise<readonly EncodedFrame[]> {
    return Promise.resolve(frames.map(({ ptsMs }) => ({ ptsMs })));
  }

  #last = 0;

  appendFrame(
    { ptsMs }: EncodedFrame,
    lines: readonly StreamLine[],
  ): Promise<{ silenceProbability: number }> {
    this.#last = ptsMs;
    const texts = lines.map(({ text }) => text).join('|');
    this.calls.push(`frame ${ptsMs}${texts === '' ? '' : ` ${texts}`}`);
    return Promise.resolve({ silenceProbability: this.#replies.has(ptsMs) ? 0.1 : 0.95 });
  }

  async reply(options: ReplyOptions): Promise<GeneratedReply> {
    await this.onReply?.(options);
    const ending = options.signal.aborted
      ? 'interrupted'
      : (this.endings[this.#last] ?? 'finished');
    this.calls.push(`reply ${ending}`);
    const likelihood = this.likelihoods[this.#last] ?? 1;
    return { text: this.#replies.get(this.#last) ?? '', ending, likelihood };
  }

  recite(text: string): Promise<void> {
    this.calls.push(`recite ${text}`);
    return Promise.resolve();
  }

  rollback(): Promise<void> {
    this.calls.push('rollback');
    return Promise.resolve();
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}

const once = { sightings: 1, readings: 1 };

/** Nothing has changed on screen. */
export const emptyUpdate: ScreenUpdate = { opened: [], closed: [], revised: [], newLines: [] };

/** A line of which only what the test is about is told. */
export const openedLine = (
  line: Pick<OpenedScreenLine, 'id' | 'text' | 'startMs'> & Partial<OpenedScreenLine>,
): OpenedScreenLine => ({
  ...{ box: [0, 0, 9, 9], confidence: 0.9, region: 'other', indentColumns: 0 },
  ...{ provenance: once, isStable: true },
  ...line,
});

/** Shows each text from its moment on; every line closes when the next one opens. */
export function scriptedScreen(lines: Readonly<Record<number, string>>): ScreenReader {
  let open: { id: number } | undefined;
  return {
    read({ ptsMs }: { ptsMs: MediaMs }): Promise<ScreenUpdate> {
      const text = lines[ptsMs];
      if (text === undefined) return Promise.resolve(emptyUpdate);
      const closed = open ? [{ id: open.id, endMs: ptsMs, provenance: once }] : [];
      open = { id: ptsMs };
      const line = openedLine({ id: ptsMs, text, startMs: ptsMs });
      const newLines = [{ text, region: 'other' as const }];
      return Promise.resolve({ ...emptyUpdate, opened: [line], closed, newLines });
    },
    finish: () => emptyUpdate,
  };
}

/** Keeps rows in memory, in the order they were stored. */
export class MemoryTimeline implements TimelineWriter {
  rows: TimelineRow[] = [];
  watchedMs: MediaMs | undefined;

  append<Row extends TimelineRow>(row: NewRow<Row>): Row {
    const stored = { ...row, id: this.rows.length + 1 } as unknown as Row;
    this.rows.push(stored);
    return stored;
  }

  appendAll(rows: readonly NewRow[]): TimelineRow[] {
    return rows.map((row) => this.append(row));
  }

  markWatched(ptsMs: MediaMs): void {
    this.watchedMs = ptsMs;
  }

  transaction<Result>(work: () => Result): Result {
    return work();
  }

  closeScreenText(rowId: number, endMs: MediaMs): void {
    this.#change(rowId, (row) => ({ ...row, endMs, windows: [[row.startMs, endMs]] }));
  }

  /** Lines that come back are no matter of those who test with this. */
  findClosedLine(): undefined {
    return undefined;
  }

  reopenScreenText(): void {
    throw new Error('nothing was found closed');
  }

  moveScreenText(rowId: number, { box }: Pick<ScreenTextRow, 'box'>): void {
    this.#change(rowId, (row) => ({ ...row, box }));
  }

  reviseScreenText(rowId: number, better: Partial<ScreenTextRow>): void {
    this.#change(rowId, (row) => ({ ...row, ...better }));
  }

  screenTexts(rowIds: readonly number[]): ScreenTextRow[] {
    return this.rows.flatMap((row) =>
      row.kind === 'screenText' && rowIds.includes(row.id) ? [row] : [],
    );
  }

  isMarked(): boolean {
    return true;
  }

  #change(rowId: number, change: (row: ScreenTextRow) => ScreenTextRow): void {
    this.rows = this.rows.map((row) =>
      row.id === rowId && row.kind === 'screenText' ? change(row) : row,
    );
  }
}
