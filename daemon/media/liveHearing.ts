/** What is heard of something live beside its pictures. It never fails: watching goes on without. */
import type { Readable } from 'node:stream';
import { mediaMs, type SpeechStats } from '../../protocol/index.ts';
import type { Clock } from '../base/clock.ts';
import { parseCaptions, type Cue } from './captionSource.ts';
import { chooseSubtitles } from './embeddedCaptions.ts';
import type { FfmpegProcess } from './ffmpegProcess.ts';
import type { FfmpegReport } from './ffmpegReport.ts';
import { captionsDescriptor, isText, soundDescriptor, type HearingPlan } from './hearingArgs.ts';
import { followHlsCaptions, onStreamClock } from './hlsCaptions.ts';
import { LiveCues } from './liveCues.ts';
import { SpeechListener } from './speechListener.ts';
import type { Transcriber } from './transcriber.ts';

export interface LiveHearingOptions {
  readonly clock: Clock;
  /** Hears what is spoken; nobody does without it. */
  readonly transcriber?: Pick<Transcriber, 'place' | 'transcribe'>;
  /** Hears of what could not be heard, once each time. */
  readonly onTrouble: (sentence: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** One run of ffmpeg, from its start on. */
export interface HeardRun {
  readonly process: Pick<FfmpegProcess, 'report' | 'sides'>;
  /** Aborted when nobody takes its pictures any more. */
  readonly over: AbortSignal;
  /** A playlist that may name captions. */
  readonly playlist?: { readonly url: string; readonly headers: Readonly<Record<string, string>> };
  /** Where in a stream that has an end it began. */
  readonly fromSeconds: number;
  /** Media time of the run's time 0, once that is known. */
  readonly anchorMs: () => number | undefined;
  /** The present in media time. */
  readonly liveMs: () => number;
}

/** How long a run has not yet given its first picture. */
const pollMs = 100;
/** Captions that are farther away from the pictures than this have lost their clock. */
const farthestMs = 120_000;
/** Cues of HLS by which repetitions are known: a cue stands in every piece that it reaches into. */
const mostKnown = 2000;
/** A source that has given captions so lately tells what is spoken itself. */
const captionedMs = 60_000;

export class LiveHearing implements AsyncDisposable {
  readonly #options: LiveHearingOptions;
  readonly #captions = new LiveCues();
  readonly #spoken = new LiveCues();
  readonly #listener: SpeechListener | undefined;
  #hasSound: boolean;
  #captionedUntilMs = -Infinity;
  #captionStream: number | undefined;
  #hasFailed = false;
  readonly #known = new Set<string>();

  constructor(options: LiveHearingOptions) {
    this.#options = options;
    const { transcriber, clock, onTrouble } = options;
    this.#hasSound = transcriber !== undefined;
    const onCue = (cue: Cue): void => {
      this.#spoken.add(cue);
    };
    this.#listener = transcriber && new SpeechListener({ transcriber, clock, onTrouble, onCue });
  }

  /** What became of what was spoken; undefined when nobody listens. */
  get speech(): SpeechStats | undefined {
    return this.#listener?.stats;
  }

  async settled(options: { readonly signal: AbortSignal }): Promise<void> {
    await this.#listener?.settled(options);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#listener?.[Symbol.asyncDispose]();
  }

  /** What is joining the timeline now. @param untilMs media time */
  due(untilMs: number): readonly Cue[] {
    return [...this.#captions.due(untilMs), ...this.#spoken.due(untilMs)];
  }

  /** What the next run is to give; undefined when that is nothing. */
  plan(): HearingPlan | undefined {
    const captions = this.#captionStream;
    if (captions === undefined && !this.#hasSound) return undefined;
    return { ...(captions === undefined ? {} : { captions }), hasSound: this.#hasSound };
  }

  /**
   * Whether the plan fits what ffmpeg says of the source; otherwise the next one is another.
   * @param isBroken it gave no picture
   */
  fits(report: FfmpegReport, { isBroken = false } = {}): boolean {
    if (this.#hasSound && report.format !== '' && !report.hasSound) {
      this.#hasSound = false;
      this.#options.onTrouble('This stream has no sound: nothing that is spoken is heard.', {});
      return false;
    }
    if (this.#hasFailed) return true;
    if (isBroken) {
      // Nothing of the input was read: that is no matter of captions.
      if (this.#captionStream === undefined || report.format === '') return true;
      this.#captionStream = undefined;
      this.#hasFailed = true;
      this.#options.onTrouble('The captions of a stream cannot be read.', { stderr: report.tail });
      return false;
    }
    const found = isHls(report) ? undefined : chooseSubtitles(report.subtitles.filter(isText));
    if (found?.index === this.#captionStream) return true;
    this.#captionStream = found?.index;
    return false;
  }

  /** Takes what a run gives, to its end. */
  take(run: HeardRun): void {
    const { sides } = run.process;
    const captions = sides[captionsDescriptor - 3];
    if (captions) void this.#takeCaptions(captions, run);
    const sound = sides[soundDescriptor - 3];
    if (sound && this.#hasSound) {
      const isWanted = (startMs: number): boolean => startMs > this.#captionedUntilMs;
      void this.#listener?.take(sound as AsyncIterable<Buffer>, run.anchorMs, isWanted);
    }
    if (run.playlist) void this.#followPlaylist(run, run.playlist);
  }

  async #takeCaptions(stream: Readable, run: HeardRun): Promise<void> {
    let text = '';
    /** What came before it was known where the run stands. */
    const early: Cue[] = [];
    const place = (): void => {
      const anchor = run.anchorMs();
      if (anchor !== undefined) this.#add(early.splice(0), anchor);
    };
    void this.#anchored(run).then(place);
    try {
      for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) {
        text += chunk;
        // ffmpeg writes a cue as a whole, with a line end behind it.
        if (!text.endsWith('\n')) continue;
        early.push(...parseCaptions(text, { isBare: true }).cues);
        text = '';
        place();
      }
    } catch {
      // The run was ended, and its pipe with it.
    }
  }

  /** Resolves when it is known where a run stands, or that it never will. */
  async #anchored({ anchorMs, over }: HeardRun): Promise<void> {
    while (anchorMs() === undefined && !over.aborted) {
      await this.#options.clock.sleep(pollMs, { signal: over }).catch(() => undefined);
    }
  }

  async #followPlaylist(run: HeardRun, playlist: NonNullable<HeardRun['playlist']>): Promise<void> {
    const { clock, onTrouble } = this.#options;
    const { process, over, fromSeconds, anchorMs } = run;
    await this.#anchored(run);
    const { startSeconds } = process.report;
    if (over.aborted || startSeconds === undefined || !isHls(process.report)) return;
    let isAstray = false;
    const onCues = (cues: readonly Cue[], shiftSeconds: number): void => {
      const anchor = anchorMs();
      if (anchor === undefined) return;
      const fresh = cues.filter((cue) => this.#isNew(cue, shiftSeconds));
      const placed = fresh.map((cue) => {
        const seconds = onStreamClock(cue.startMs / 1000 + shiftSeconds, startSeconds);
        const startMs = mediaMs((seconds - fromSeconds) * 1000);
        return { ...cue, startMs, endMs: mediaMs(startMs + cue.endMs - cue.startMs) };
      });
      const isNear = ({ startMs }: Cue): boolean =>
        Math.abs(startMs + anchor - run.liveMs()) < farthestMs;
      this.#add(placed.filter(isNear), anchor);
      if (isAstray || placed.every(isNear)) return;
      isAstray = true;
      onTrouble('The captions of a stream have another clock than its pictures.', {});
    };
    const trouble = (reason: string): void => {
      onTrouble('The captions of a stream cannot be read.', { reason });
    };
    await followHlsCaptions({ ...playlist, clock, onCues, onTrouble: trouble }, { signal: over });
  }

  #isNew({ startMs, text }: Cue, shiftSeconds: number): boolean {
    const key = `${Math.round(startMs + shiftSeconds * 1000)} ${text}`;
    if (this.#known.has(key)) return false;
    this.#known.add(key);
    if (this.#known.size > mostKnown) this.#known.delete(this.#known.keys().next().value!);
    return true;
  }

  /** @param cues in the times of the run: what was over before it began was not seen */
  #add(cues: readonly Cue[], anchorMs: number): void {
    for (const cue of cues) {
      if (cue.endMs <= 0) continue;
      const startMs = mediaMs(Math.max(0, cue.startMs + anchorMs));
      const endMs = mediaMs(Math.max(startMs, cue.endMs + anchorMs));
      this.#captions.add({ ...cue, startMs, endMs });
      this.#captionedUntilMs = Math.max(this.#captionedUntilMs, endMs + captionedMs);
    }
  }
}

const isHls = ({ format }: Pick<FfmpegReport, 'format'>): boolean => format === 'hls';
