/** Subtitle tracks inside a video → cues. */
import type { Captions } from './captionSource.ts';
import { parseCaptions } from './captionSource.ts';
import { formats, inputArgs, quiet } from './ffmpegArgs.ts';
import { OutputBuffer, runFfmpeg } from './ffmpegRun.ts';
import type { SubtitleTrack } from './mediaProbe.ts';
import type { FfmpegTools } from './probing.ts';

/** Ten hours of captions are 2 MB. */
const maxOutputBytes = 16e6;

/** The track that is read: a whole one before one that is forced, English before others, what players choose, the first. */
export function chooseSubtitles(tracks: readonly SubtitleTrack[]): SubtitleTrack | undefined {
  const rank = ({ language, isDefault, isForced }: SubtitleTrack): number =>
    (isForced ? 0 : 4) + (language?.startsWith('en') === true ? 2 : 0) + (isDefault ? 1 : 0);
  return tracks.reduce<SubtitleTrack | undefined>(
    (best, track) => (best && rank(best) >= rank(track) ? best : track),
    undefined,
  );
}

/**
 * Reads a track as it is, times counted from the presentation start. What ffmpeg gave before it failed is kept.
 * @throws AppError ffmpeg.missing, ffmpeg.failed when there is too much of it
 */
export async function readEmbeddedCaptions(
  path: string,
  track: SubtitleTrack,
  tools: FfmpegTools,
  { signal }: { readonly signal: AbortSignal },
): Promise<Captions> {
  const output = new OutputBuffer(maxOutputBytes);
  const args = [...quiet, ...inputArgs(path, formats), ...captionArgs(track.index)];
  const { exit } = await runFfmpeg({ ...tools, args, onOutput: output.add }, { signal });
  const captions = parseCaptions(output.bytes.toString(), { isBare: true });
  if (exit.code === 0) return captions;
  return { ...captions, problems: [...captions.problems, 'A subtitle track is damaged.'] };
}

const captionArgs = (index: number): string[] => [
  ...['-map', `0:${index}`],
  ...['-c:s', 'webvtt', '-f', 'webvtt', 'pipe:1'],
];
