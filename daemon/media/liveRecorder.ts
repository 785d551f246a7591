/** Decides how a live source is recorded: its own H.264 where it has that, otherwise the first encoder that works. */
import type { LiveSource as LiveSourceSpec } from '../../protocol/index.ts';
import type { FfmpegReport } from './ffmpegReport.ts';
import type { LiveRecorder } from './liveSource.ts';
import { recordingEncoders, type RecordingPlan } from './recordingArgs.ts';
import type { RunningRecording } from './recordings.ts';

/** Names of the encoders that ffmpeg has. */
type Encoders = (options: { signal: AbortSignal }) => Promise<ReadonlySet<string>>;

/** What players of editors take as it is. */
const playable = { codec: 'h264', pixels: /^yuvj?420p$/ };
/** @source ffmpeg_mux.c, ffmpeg_enc.c; ffmpeg.c up to 6 */
const refusal =
  /Could not write header|codec not currently supported|opening encoder|Error initializing output|Unknown encoder/;

/** Begins with what costs least. */
export class FittingRecorder implements LiveRecorder {
  readonly #kind: LiveSourceSpec['kind'];
  readonly #running: Pick<RunningRecording, 'take'>;
  readonly #encoders: Encoders;
  /** What is tried next; undefined when that is to be chosen among the encoders. */
  #video: string | undefined;
  readonly #failed = new Set<string>();

  constructor(
    kind: LiveSourceSpec['kind'],
    running: Pick<RunningRecording, 'take'>,
    encoders: Encoders,
  ) {
    this.#kind = kind;
    this.#running = running;
    this.#encoders = encoders;
    // Pictures of a screen have no code yet.
    this.#video = kind === 'stream' ? 'copy' : undefined;
  }

  async plan(options: { signal: AbortSignal }): Promise<RecordingPlan | undefined> {
    if (this.#video === undefined) {
      const known = await this.#encoders(options);
      this.#video = recordingEncoders.find((name) => known.has(name) && !this.#failed.has(name));
    }
    const hasSound = this.#kind === 'stream';
    return this.#video === undefined ? undefined : { video: this.#video, hasSound };
  }

  fits({ video, tail }: Pick<FfmpegReport, 'video' | 'tail'>): boolean {
    const tried = this.#video;
    if (tried === undefined) return true;
    const isOther =
      video !== undefined &&
      !(video.codec === playable.codec && playable.pixels.test(video.pixelFormat));
    if (!(tried === 'copy' && isOther) && !refusal.test(tail)) return true;
    this.#failed.add(tried);
    this.#video = undefined;
    return false;
  }

  readonly take: LiveRecorder['take'] = (...run) => this.#running.take(...run);
}
