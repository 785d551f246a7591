/** Pure: what a file holds and what ffmpeg can encode → how the editor's player plays it. */
import type { MediaProbe } from './mediaProbe.ts';

/** A copy that the player plays: which track is taken over as it is, which one is encoded, and by what. */
export interface CopyPlan {
  readonly kind: 'copy';
  readonly container: 'mp4' | 'webm';
  /** Name of an encoder, or `copy`. */
  readonly video: string;
  /** Name of an encoder, or `copy`; absent when the copy is silent. */
  readonly audio?: string;
  /** The original until then: its picture plays, or some players play it, or there is nothing to be seen. */
  readonly meanwhile: 'plays' | 'mayPlay' | 'waits';
  /** What the copy lacks. */
  readonly notices: readonly string[];
}

/** The file plays as it is, but for what the notices say. */
export interface OriginalPlan {
  readonly kind: 'original';
  readonly hasSound: boolean;
  readonly notices: readonly string[];
}

/** Nothing can be done with this ffmpeg. */
export interface NoPlan {
  readonly kind: 'none';
  readonly notice: string;
}

export type PlaybackPlan = CopyPlan | OriginalPlan | NoPlan;

/** What `planPlayback` goes by. */
export interface PlaybackFacts {
  readonly probe: MediaProbe;
  /** The file says that it is WebM, which its container's name leaves open. */
  readonly isWebm: boolean;
  /** What ffmpeg lists. */
  readonly encoders: ReadonlySet<string>;
  /** Encoders that did not work, or `copy` when a track could not be taken over. */
  readonly failed: ReadonlySet<string>;
}

/*
 * VS Code builds its own ffmpeg into Electron: H.264, VP8, Vorbis, FLAC, MP3 and WAV; no AAC, no Opus, none of the later video
 * codecs. What browsers play beside that is not counted on.
 * @source vscode-docs, api/extension-guides/webview.md, "Supported media formats"; microsoft/vscode#156558 (the list that was
 * approved), #162062 (why there is no AAC)
 */
const playablePixels = new Set(['yuv420p', 'yuvj420p']);
/** Chromium brings decoders of its own for these, so most editors play them; a player without one waits for the copy. */
const oftenPlayable = new Set(['vp9', 'av1']);

/** The best first. All are asked for 4:2:0 of 8 bits. */
const h264Encoders = [
  ...['libx264', 'h264_nvenc', 'h264_qsv', 'h264_videotoolbox', 'h264_amf', 'h264_mf'],
  'libopenh264',
];
/**
 * Sound beside H.264. Vorbis and FLAC in MP4 come last: the player has their decoders, but only MP3 is documented for MP4.
 * @source microsoft/vscode#158972: an MP4 with Vorbis plays with its sound
 */
const mp4AudioEncoders = ['libmp3lame', 'libshine', 'mp3_mf', 'libvorbis', 'flac'];
const webmAudioEncoders = ['libvorbis', 'vorbis'];

/** Decides; the same facts give the same plan. */
export function planPlayback(facts: PlaybackFacts): PlaybackPlan {
  const { probe, encoders, failed } = facts;
  const { containers, video, audio } = probe;
  const works = (encoder: string): boolean => encoders.has(encoder) && !failed.has(encoder);
  const isPlayable = playablePixels.has(video.pixelFormat);
  const isH264 = video.codec === 'h264' && isPlayable;
  // Turning the picture is MP4's alone.
  const isVp8 = video.codec === 'vp8' && isPlayable && !probe.isRotated;
  const isPictureReady = (isH264 && containers.includes('mov')) || (isVp8 && facts.isWebm);
  const mayPlay =
    oftenPlayable.has(video.codec) && isPlayable && (containers.includes('mov') || facts.isWebm);
  const original: OriginalPlan = { kind: 'original', hasSound: true, notices: [] };
  if (isPictureReady && (!audio || audio.codec === (isH264 ? 'mp3' : 'vorbis'))) return original;

  const canCopy = !failed.has('copy');
  // AVI does not say when pictures are shown that were not written in the order of showing.
  const canCopyVideo = canCopy && !containers.includes('avi');
  const h264 = isH264 && canCopyVideo ? 'copy' : h264Encoders.find(works);
  const vp8 = isVp8 && canCopyVideo ? 'copy' : works('libvpx') ? 'libvpx' : undefined;
  // VP8 is encoded only where H.264 cannot be.
  const isWebm = vp8 === 'copy' || h264 === undefined;
  const encoder = isWebm ? vp8 : h264;
  if (encoder === undefined) return isPictureReady ? { ...original, ...silent } : nothing;

  const sound =
    audio &&
    (canCopy && audio.codec === (isWebm ? 'vorbis' : 'mp3')
      ? 'copy'
      : (isWebm ? webmAudioEncoders : mp4AudioEncoders).find(works));
  const isSilenced = audio !== undefined && sound === undefined;
  // A silent copy of what plays silently anyway is of no use.
  if (isSilenced && isPictureReady) return { ...original, ...silent };
  return {
    kind: 'copy',
    container: isWebm ? 'webm' : 'mp4',
    video: encoder,
    ...(sound === undefined ? {} : { audio: sound }),
    meanwhile: isPictureReady ? 'plays' : mayPlay ? 'mayPlay' : 'waits',
    notices: isSilenced ? silent.notices : [],
  };
}

const silent = {
  hasSound: false,
  notices: ['The sound cannot be played: this ffmpeg encodes neither MP3, Vorbis nor FLAC.'],
};
const nothing: NoPlan = {
  kind: 'none',
  notice: 'The video cannot be played here: this ffmpeg encodes neither H.264 nor VP8.',
};
