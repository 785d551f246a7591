import { describe, expect, it } from 'vitest';
import {
  chooseRecorders,
  explainSound,
  readListed,
  soundArgs,
} from '../../../daemon/media/soundArgs.ts';

const all = new Set(['pulse', 'alsa', 'dshow', 'avfoundation']);

describe('what records a sound', () => {
  it.each([
    ['linux', 'microphone', ['pulse', 'alsa']],
    ['linux', 'machine', ['pulse']],
    ['win32', 'microphone', ['dshow']],
    ['win32', 'machine', []],
    ['darwin', 'microphone', ['avfoundation']],
    ['darwin', 'machine', []],
  ] as const)('on %s, the %s: %j', (platform, kind, expected) => {
    expect(chooseRecorders(platform, all, { kind })).toEqual(expected);
  });

  it('is nothing that this ffmpeg lacks', () => {
    expect(chooseRecorders('linux', new Set(['alsa']), { kind: 'microphone' })).toEqual(['alsa']);
    expect(chooseRecorders('linux', new Set(['alsa']), { kind: 'machine' })).toEqual([]);
  });
});

describe('the arguments', () => {
  const input = (...[recorder, sound]: Parameters<typeof soundArgs>): string => {
    const args = soundArgs(recorder, sound);
    return args.slice(args.indexOf('-f'), args.indexOf('-vn')).join(' ');
  };

  it.each([
    ['pulse', { kind: 'machine' }, '@DEFAULT_MONITOR@'],
    ['pulse', { kind: 'microphone' }, 'default'],
    ['pulse', { kind: 'microphone', device: 'mic' }, 'mic'],
  ] as const)('of %s for %j', (recorder, sound, device) => {
    expect(input(recorder, sound)).toBe(
      `-f pulse -name Codealong -stream_name speech -sample_rate 16000 -channels 1 -fragment_size 3200 -i ${device}`,
    );
  });

  it.each([
    ['alsa', { kind: 'microphone' }, '-f alsa -channels 1 -i default'],
    [
      'dshow',
      { kind: 'microphone', device: 'Desk' },
      '-f dshow -audio_buffer_size 100 -i audio=Desk',
    ],
    ['avfoundation', { kind: 'microphone' }, '-f avfoundation -i :0'],
    ['avfoundation', { kind: 'microphone', device: '2' }, '-f avfoundation -i :2'],
  ] as const)('of %s for %j', (recorder, sound, expected) => {
    expect(input(recorder, sound)).toBe(expected);
  });

  it('give samples of which the number tells the time', () => {
    const words = soundArgs('pulse', { kind: 'machine' }).join(' ');
    expect(words).toMatch(
      / -vn -af aresample=16000:async=1:first_pts=0 -ac 1 -c:a pcm_s16le -flush_packets 1 -f s16le pipe:1$/,
    );
  });
});

describe('what is listed', () => {
  it('by PulseAudio and ALSA', () => {
    const answer =
      'Auto-detected sources for pulse:\n* mic [Desk [1]] (audio)\n  out.monitor [Monitor of Out]\n  null [Discard all samples]\n';
    expect(readListed('pulse', answer)).toEqual([{ device: 'mic', name: 'Desk [1]' }]);
  });

  it('by DirectShow', () => {
    const answer = '[dshow @ 01] "Camera" (video)\r\n[dshow @ 01] "Desk (USB)" (audio)\r\n';
    expect(readListed('dshow', answer)).toEqual([{ device: 'Desk (USB)', name: 'Desk (USB)' }]);
  });

  it('by AVFoundation, behind the pictures', () => {
    const answer =
      '[AVFoundation indev @ 0x1] AVFoundation video devices:\n[AVFoundation indev @ 0x1] [0] Camera\n' +
      '[AVFoundation indev @ 0x1] AVFoundation audio devices:\n[AVFoundation indev @ 0x1] [0] Desk\n';
    expect(readListed('avfoundation', answer)).toEqual([{ device: '0', name: 'Desk' }]);
  });
});

it.each([
  ['default: No such process', 'microphone', 'sound.noServer'],
  ['gone: Input/output error', 'microphone', 'sound.noDevice'],
  ['default: Operation not permitted', 'microphone', 'sound.refused'],
  ['', 'machine', 'sound.lost'],
] as const)('of %j it is told what is wrong with the %s', (report, kind, code) => {
  expect(explainSound({ kind }, report).code).toBe(code);
});
