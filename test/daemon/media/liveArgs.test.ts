import { describe, expect, it } from 'vitest';
import {
  captureArgs,
  chooseGrabber,
  readDevices,
  readFilters,
  streamArgs,
  type Grabber,
} from '../../../daemon/media/liveArgs.ts';
import type { ScreenSource } from '../../../protocol/index.ts';

const after = (list: readonly string[], option: string): string | undefined =>
  list.includes(option) ? list[list.indexOf(option) + 1] : undefined;

describe('captureArgs', () => {
  /** What stands between the flags of every run and its output. */
  const check = (grabber: Grabber, part: Partial<ScreenSource>, expected: string): void => {
    const args = captureArgs({ source: { kind: 'screen', ...part }, grabber, frameRateFps: 2 });
    const input = args.slice(args.indexOf('-f'), args.indexOf('-vf'));
    expect(input.join(' ')).toBe(expected);
  };
  const box = [10, 20, 300, 200] as const;

  it('captures an X11 display, a part, a window', () => {
    check('x11grab', { display: ':3' }, '-f x11grab -framerate 4 -i :3');
    const part = '-video_size 300x200 -grab_x 10 -grab_y 20 -i :3';
    check('x11grab', { display: ':3', box }, `-f x11grab -framerate 4 ${part}`);
    const window = { display: ':3', window: '0x2a' };
    check('x11grab', window, '-f x11grab -framerate 4 -window_id 0x2a -i :3');
  });

  it('captures with what Windows has; not run on it', () => {
    check('gdigrab', {}, '-f gdigrab -framerate 4 -i desktop');
    check('gdigrab', { window: '1234' }, '-f gdigrab -framerate 4 -i hwnd=1234');
    const part = '-video_size 300x200 -offset_x 10 -offset_y 20 -i desktop';
    check('gdigrab', { box }, `-f gdigrab -framerate 4 ${part}`);
    check('ddagrab', { display: '1' }, '-f lavfi -i ddagrab=output_idx=1:framerate=4');
    const size = 'video_size=300x200:offset_x=10:offset_y=20';
    check('ddagrab', { box }, `-f lavfi -i ddagrab=output_idx=0:framerate=4:${size}`);
  });

  it('captures with what macOS has; not run on it', () => {
    const screen = '-f avfoundation -framerate 4 -capture_cursor 1 -i Capture screen 1:none';
    check('avfoundation', { display: '1' }, screen);
    const source = { kind: 'screen', box } as const;
    const args = captureArgs({ source, grabber: 'avfoundation', frameRateFps: 2 });
    expect(after(args, '-vf')).toBe('fps=fps=2,crop=300:200:10:20,format=rgb24');
  });

  it('fetches from the graphics card what lies there', () => {
    const args = captureArgs({ source: { kind: 'screen' }, grabber: 'ddagrab', frameRateFps: 2 });
    expect(after(args, '-vf')).toBe('fps=fps=2,hwdownload,format=bgra,format=rgb24');
  });

  it('refuses what is no frame rate', () => {
    const source = { kind: 'screen' } as const;
    expect(() => captureArgs({ source, grabber: 'x11grab', frameRateFps: 0 })).toThrow(RangeError);
  });
});

describe('what an ffmpeg can capture', () => {
  it('is read from its lists, old and new', () => {
    const old = ' D. = Demuxing supported\n .E = Muxing supported\n --\n DE alsa  ALSA\n';
    const devices = readDevices(
      `${old}  E caca\n D  x11grab    X11\n D d dshow   x\n DE v4l2,video4linux2  y`,
    );
    expect([...devices]).toEqual(['alsa', 'x11grab', 'dshow', 'v4l2', 'video4linux2']);
    const filters =
      '  T.. = Timeline support\n ... ddagrab  |->V  Grab\n TSC scale   V->V  x\n .. crop V->V c';
    expect([...readFilters(filters)]).toEqual(['ddagrab', 'scale', 'crop']);
  });

  it.each<[NodeJS.Platform, string[], string[], string | undefined, Grabber | undefined]>([
    ['linux', ['x11grab'], [], undefined, 'x11grab'],
    ['linux', ['alsa'], [], undefined, undefined],
    ['win32', ['gdigrab'], ['ddagrab'], undefined, 'ddagrab'],
    ['win32', ['gdigrab'], ['ddagrab'], '12', 'gdigrab'],
    ['win32', ['gdigrab'], [], undefined, 'gdigrab'],
    ['win32', [], [], undefined, undefined],
    ['darwin', ['avfoundation'], [], undefined, 'avfoundation'],
    ['darwin', ['avfoundation'], [], '12', undefined],
  ])('decides what is used on %s with %j, %j', (platform, devices, filters, window, expected) => {
    const abilities = { devices: new Set(devices), filters: new Set(filters) };
    const part = window === undefined ? {} : { window };
    expect(chooseGrabber(platform, abilities, part)).toBe(expected);
  });
});

describe('streamArgs', () => {
  const args = (url: string, more = {}): string[] =>
    streamArgs({ url, frameRateFps: 2, readTimeoutMs: 10_000, ...more });

  it('never lets an address lead to a file or to a device', () => {
    for (const url of ['https://a/b.m3u8', 'rtmp://a/b', 'udp://@239.0.0.1:1234']) {
      const list = args(url);
      const protocols = after(list, '-protocol_whitelist')!.split(',');
      for (const forbidden of ['file', 'concat', 'subfile', 'pipe', 'data', 'fd']) {
        expect(protocols).not.toContain(forbidden);
      }
      const formats = after(list, '-format_whitelist')!.split(',');
      for (const forbidden of ['concat', 'lavfi', 'image2', 'x11grab']) {
        expect(formats).not.toContain(forbidden);
      }
      expect(list.indexOf('-protocol_whitelist')).toBeLessThan(list.indexOf('-i'));
      expect(after(list, '-i')).toBe(url);
    }
  });

  it('connects again over HTTP, and gives up a read that hangs', () => {
    const list = args('https://a/b.m3u8?c=d');
    expect(after(list, '-reconnect')).toBe('1');
    expect(after(list, '-reconnect_streamed')).toBe('1');
    expect(after(list, '-reconnect_delay_max')).toBe('4');
    expect(after(list, '-rw_timeout')).toBe('10000000');
    expect(after(list, '-live_start_index')).toBe('-1');
    expect(args('https://a/b.mp4')).not.toContain('-live_start_index');
    expect(after(args('rtsp://a/b'), '-timeout')).toBe('10000000');
    // There it means: wait for somebody to connect.
    expect(args('rtmp://a/b')).not.toContain('-timeout');
    expect(args('rtmp://a/b')).not.toContain('-reconnect');
  });

  it('sends what a page asks for, and begins where it is told to', () => {
    const list = args('https://a/b.mp4', { headers: { Referer: 'https://a/' }, fromSeconds: 12.5 });
    expect(after(list, '-headers')).toBe('Referer: https://a/\r\n');
    expect(after(list, '-ss')).toBe('12.5');
  });

  it('keeps the size of the pictures and puts them on a grid', () => {
    const list = args('http://a/b.ts');
    expect(after(list, '-vf')).toBe('fps=fps=2,format=rgb24');
    expect(after(list, '-autoscale')).toBe('0');
  });
});
