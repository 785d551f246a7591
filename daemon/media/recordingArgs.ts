/** Pure: how what is watched live is recorded beside → the further output in ffmpeg's argument list. */

/** How the pictures of a source get into a recording. */
export interface RecordingPlan {
  /** Name of an encoder, or `copy`. */
  readonly video: string;
  /** Streams may have sound, screens have none. */
  readonly hasSound: boolean;
}

/** The pipe that the recording comes out of: ffmpeg's descriptor. */
export const recordingDescriptor = 3;

/**
 * Times in the recording are later by so much than those of the frames: a stream whose pictures are not in the order of showing
 * begins before its own zero, and no fragment can.
 */
export const recordingOffsetSeconds = 10;

/** So that what is seen is new: a fragment is given when it is complete. */
const fragmentMs = 1000;
/** A jump lands on a key frame. */
const keyFramesSeconds = 5;
/** A stream that must be encoded is not to take the machine from the model. */
const encodedRateFps = 15;
/**
 * Of a screen, on which what moves is mostly a cursor.
 * @source measured with Xvfb, 1920 × 1080, nothing moving, 20 s: frames for the model alone 1.1 % of a core, with a recording of 4 fps
 * 5.5 %, of 2 fps 4.2 %: turning RGB into YUV is what it costs
 */
const screenRateFps = 2;
const encodedWidth = 1920;

/** What the encoders are told beside: the first is the one that was tried. */
const encoderOptions: Readonly<Record<string, readonly string[]>> = {
  libx264: ['-preset', 'ultrafast', '-tune', 'zerolatency', '-crf', '23'],
};

/** Encoders of H.264, the best first. */
export const recordingEncoders: readonly string[] = [
  ...['libx264', 'h264_nvenc', 'h264_qsv', 'h264_videotoolbox', 'h264_amf', 'h264_mf'],
  'libopenh264',
];

/**
 * Fragments of MP4 on a pipe, each with its own time in the stream. Sound becomes FLAC: of what VS Code's player decodes, it is what
 * players take in pieces of MP4.
 * @param filters that pictures of a screen need before they are encoded
 * @source ffmpeg-formats, "mov, mp4"; libavformat/movenc.c (frag_discont keeps the times of what does not begin at zero);
 * MediaSource.isTypeSupported in Chromium, which takes FLAC and refuses MP3 in MP4
 */
export function recordingOutput(plan: RecordingPlan, filters: readonly string[] = []): string[] {
  const { video, hasSound } = plan;
  return [
    ...['-map', '0:V:0', ...(hasSound ? ['-map', '0:a:0?'] : [])],
    ...(video === 'copy' ? ['-c:v', 'copy'] : encoding(plan, filters)),
    ...(hasSound
      ? ['-c:a', 'flac', '-ac', '1', '-ar', '32000', '-sample_fmt', 's16', '-strict', '-2']
      : []),
    ...['-map_metadata', '-1', '-avoid_negative_ts', 'disabled'],
    ...['-output_ts_offset', String(recordingOffsetSeconds), '-use_editlist', '0'],
    ...['-movflags', '+frag_keyframe+empty_moov+default_base_moof+frag_discont'],
    ...['-frag_duration', String(fragmentMs * 1000), '-flush_packets', '1'],
    ...['-f', 'mp4', `pipe:${recordingDescriptor}`],
  ];
}

function encoding({ video, hasSound }: RecordingPlan, filters: readonly string[]): string[] {
  const chain = [
    ...[`fps=${hasSound ? encodedRateFps : screenRateFps}`, ...filters],
    // 4:2:0 needs even sides, and a size that stays.
    `scale='min(${encodedWidth},trunc(iw/2)*2)':-2:out_color_matrix=bt709:out_range=tv`,
    'format=yuv420p',
  ];
  return [
    ...['-vf', chain.join(), '-c:v', video, ...(encoderOptions[video] ?? ['-b:v', '2500k'])],
    ...['-force_key_frames', `expr:gte(t,n_forced*${keyFramesSeconds})`],
  ];
}
