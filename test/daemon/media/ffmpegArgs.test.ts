import { describe, expect, it } from 'vitest';
import { sampleArgs } from '../../../daemon/media/ffmpegArgs.ts';

describe('sampleArgs', () => {
  const args = (path: string, frameRateFps = 2): string[] => sampleArgs({ path, frameRateFps });
  const after = (list: readonly string[], option: string): string | undefined =>
    list[list.indexOf(option) + 1];

  it('allows files of known containers only, before the input', () => {
    const list = args('/v.mp4');
    expect(after(list, '-protocol_whitelist')).toBe('file');
    expect(after(list, '-format_whitelist')).toBe('mov,matroska,gif,mpegts,avi');
    expect(list.indexOf('-format_whitelist')).toBeLessThan(list.indexOf('-i'));
    expect(list.indexOf('-max_pixels')).toBeLessThan(list.indexOf('-i'));
  });

  it.each(['/-i.mp4', '/a b/%03d.mp4', '/x|y.mp4', '/two\nlines.mp4', '/http://host/v.mp4'])(
    'hands the name over as one plain file, %j',
    (path) => {
      expect(after(args(path), '-i')).toMatch(/^file:\//);
      expect(after(args(path), '-i')).toContain(path.slice(path.lastIndexOf('/')));
      expect(args(path).filter((arg) => arg.includes(path.slice(-4)))).toHaveLength(1);
    },
  );

  it('samples on the grid from the presentation start', () => {
    expect(after(args('/v.mp4', 0.5), '-vf')).toBe(
      'fps=fps=0.5:start_time=0:round=up:eof_action=round,format=rgb24',
    );
  });

  it('stops early when told to', () => {
    expect(after(sampleArgs({ path: '/v', frameRateFps: 1, maxFrames: 1 }), '-frames:v')).toBe('1');
    expect(args('/v')).not.toContain('-frames:v');
  });

  it('seeks well before the moment that is wanted, where a container can', () => {
    const list = sampleArgs({ path: '/v', frameRateFps: 2, from: { fromMs: 75_500, seeks: true } });
    expect(after(list, '-ss')).toBe('45.5');
    expect(list.indexOf('-noaccurate_seek')).toBeLessThan(list.indexOf('-i'));
    expect(after(list, '-format_whitelist')).toBe('mov,matroska');
    expect(after(list, '-vf')).toBe(
      "fps=fps=2:round=up:eof_action=round,select='gte(t,75.25)+not(mod(n,20))',format=rgb24",
    );
  });

  it('decodes from the start and passes over samples elsewhere', () => {
    const list = sampleArgs({ path: '/v', frameRateFps: 2, from: { fromMs: 500, seeks: false } });
    expect(list).not.toContain('-ss');
    expect(after(list, '-vf')).toContain(
      "start_time=0:round=up:eof_action=round,select='gte(t,0.25)",
    );
  });

  it.each([0, -1, Number.NaN, Infinity])('refuses a frame rate of %d', (frameRateFps) => {
    expect(() => args('/v', frameRateFps)).toThrow(RangeError);
  });
});
