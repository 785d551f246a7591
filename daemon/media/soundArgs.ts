/** Pure: what is heard beside a screen → ffmpeg's arguments; what ffmpeg lists of microphones → their names. */
import type { SoundSource } from '../../protocol/index.ts';
import { AppError } from '../base/errors.ts';
import { quiet } from './ffmpegArgs.ts';
import { soundRateHz } from './hearingArgs.ts';

/** Ways in which ffmpeg records sound. */
export type Recorder = 'pulse' | 'alsa' | 'dshow' | 'avfoundation';

/** A microphone, or what is played by one of the outputs. */
export interface ListedSound {
  /** As its recorder takes it. */
  readonly device: string;
  /** For people. */
  readonly name: string;
}

/**
 * What records a sound on a system, the first choice first. PipeWire answers as PulseAudio does.
 * Only PulseAudio has been run here: the others follow ffmpeg's manual and are tested as lists of arguments.
 * @param devices that this ffmpeg can read
 * @source ffmpeg-devices, pulse, alsa, dshow, avfoundation: the last two know no way to hear what a machine plays, alsa none that needs no
 *   set-up
 */
export function chooseRecorders(
  platform: NodeJS.Platform,
  devices: ReadonlySet<string>,
  { kind }: Pick<SoundSource, 'kind'>,
): readonly Recorder[] {
  const known: readonly Recorder[] =
    platform === 'win32' ? ['dshow'] : platform === 'darwin' ? ['avfoundation'] : ['pulse', 'alsa'];
  return known.filter((one) => devices.has(one) && (kind === 'microphone' || one === 'pulse'));
}

/** So much is waited for at once, so that what is said is known soon. */
const fragmentMs = 100;

/** Records from now on: 16-bit samples of one channel on stdout, of which the number tells the time. @param device needed for dshow */
export function soundArgs(recorder: Recorder, { kind, device }: SoundSource): string[] {
  return [
    ...quiet,
    ...['-probesize', '32', '-analyzeduration', '0'],
    ...inputOf(recorder, kind === 'machine' ? undefined : device, kind),
    ...['-vn', '-af', `aresample=${soundRateHz}:async=1:first_pts=0`, '-ac', '1'],
    ...['-c:a', 'pcm_s16le', '-flush_packets', '1', '-f', 's16le', 'pipe:1'],
  ];
}

function inputOf(
  recorder: Recorder,
  device: string | undefined,
  kind: SoundSource['kind'],
): readonly string[] {
  switch (recorder) {
    case 'pulse': {
      const usual = kind === 'machine' ? '@DEFAULT_MONITOR@' : 'default';
      const bytes = String((soundRateHz * 2 * fragmentMs) / 1000);
      return [
        ...['-f', 'pulse', '-name', 'Codealong', '-stream_name', 'speech'],
        ...['-sample_rate', String(soundRateHz), '-channels', '1', '-fragment_size', bytes],
        ...['-i', device ?? usual],
      ];
    }
    case 'alsa':
      return ['-f', 'alsa', '-channels', '1', '-i', device ?? 'default'];
    case 'dshow':
      return [
        '-f',
        'dshow',
        '-audio_buffer_size',
        String(fragmentMs),
        '-i',
        `audio=${device ?? ''}`,
      ];
    case 'avfoundation':
      // Two-part names are video and sound.
      return ['-f', 'avfoundation', '-i', `:${device ?? '0'}`];
  }
}

/** Lists what a recorder knows; what it says of itself goes to stderr, but for the sources of PulseAudio and ALSA. */
export function listArgs(recorder: Recorder): string[] {
  switch (recorder) {
    case 'pulse':
    case 'alsa':
      return ['-hide_banner', '-sources', recorder];
    case 'dshow':
      return ['-hide_banner', '-f', 'dshow', '-list_devices', 'true', '-i', 'dummy'];
    case 'avfoundation':
      return ['-hide_banner', '-f', 'avfoundation', '-list_devices', 'true', '-i', ''];
  }
}

/** What a recorder has listed; outputs whose sound can be heard are no microphones. @source fftools/cmdutils.c; libavdevice/dshow.c, avfoundation.m */
export function readListed(recorder: Recorder, answer: string): ListedSound[] {
  const lines = answer.split('\n');
  switch (recorder) {
    case 'pulse':
    case 'alsa':
      return lines.flatMap((line) => {
        const [, device, name] = /^[ *] (\S+) \[(.*)\](?: \([\w,]+\))?$/.exec(line.trimEnd()) ?? [];
        if (device === undefined || device === 'null' || device.endsWith('.monitor')) return [];
        return { device, name: name ?? device };
      });
    case 'dshow':
      return lines.flatMap((line) => {
        const name = /^\[dshow[^\]]*\] +"(.+)" \(audio\)$/.exec(line.trimEnd())?.[1];
        return name === undefined ? [] : { device: name, name };
      });
    case 'avfoundation': {
      const from = lines.findIndex((line) => line.includes('AVFoundation audio devices:'));
      return lines.slice(from < 0 ? lines.length : from + 1).flatMap((line) => {
        const [, device, name] = /\] \[(\d+)\] (.+)$/.exec(line.trimEnd()) ?? [];
        return device === undefined ? [] : { device, name: name ?? device };
      });
    }
  }
}

/**
 * Why nothing is heard. ffmpeg tells PulseAudio's own error numbers in the system's words: no server is "No such process" or "No such device
 * or address", no such source is "Input/output error".
 * @source run against PulseAudio 16 and against none; libavdevice/pulse_audio_dec.c, alsa.c, dshow.c, avfoundation.m; pulse/def.h, PA_ERR_*
 */
const soundSigns: readonly (readonly [
  RegExp,
  'sound.noServer' | 'sound.refused' | 'sound.noDevice',
])[] = [
  [/: (?:No such process|No such device or address|Connection refused)\s*$/m, 'sound.noServer'],
  [/not authorized|not permitted|denied/i, 'sound.refused'],
  [
    /: Input\/output error|cannot open|Could not find|not found|Invalid audio device/i,
    'sound.noDevice',
  ],
];

export function explainSound({ kind }: SoundSource, report: string): AppError {
  const found = soundSigns.find(([sign]) => sign.test(report))?.[1] ?? 'sound.lost';
  // It has a sound server, or it cannot be heard.
  const code = kind === 'machine' && found === 'sound.noDevice' ? 'sound.noServer' : found;
  return new AppError(code, undefined, { data: { stderr: report } });
}
