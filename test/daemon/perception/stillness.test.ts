import { describe, expect, it } from 'vitest';
import { Stillness } from '../../../daemon/perception/stillness.ts';
import { mediaMs } from '../../../protocol/index.ts';
import { ScreenPicture } from '../../helpers/screenPicture.ts';

const screen = (): ScreenPicture => new ScreenPicture(320, 200).write('const basket', 10, 20);
const caret = { x: 110, y: 18, width: 2, height: 16 };

/** Shows pictures at 2 fps. @returns 'x' for each that has changed, '.' for each that has not */
function check(pictures: readonly ScreenPicture[], stepMs = 500): string {
  const stillness = new Stillness();
  return pictures
    .map(({ width, height, data }, index) => ({
      ...{ width, height, data, ptsMs: mediaMs(index * stepMs) },
    }))
    .map((frame) => (stillness.hasChanged(frame) ? 'x' : '.'))
    .join('');
}

const white = [212, 212, 212] as const;
const withCaret = (picture = screen()): ScreenPicture => picture.fill(caret, white);
const noisy = (seed: number): ScreenPicture => {
  const picture = screen();
  picture.data.forEach((value, at) => {
    picture.data[at] = value + ((at * seed) % 9);
  });
  return picture;
};

describe('Stillness', () => {
  it('sees the first picture and every change, not what stays', () => {
    const changed = screen().write('x', 200, 100);
    expect(check([screen(), screen(), changed, changed, screen()])).toBe('x.x.x');
  });

  it('takes the noise of a broadcast for nothing', () => {
    expect(check([screen(), noisy(3), noisy(5), noisy(7), screen()])).toBe('x....');
  });

  it('learns that a caret blinks, and sees what is typed beside it', () => {
    const typed = (): ScreenPicture => screen().write('=', 100, 20);
    const blinking = [0, 1, 2, 3].flatMap(() => [withCaret(), screen()]);
    const after = [withCaret(typed()), withCaret(typed())];
    expect(check([screen(), ...blinking, ...after])).toBe('xxxx.....x.');
  });

  it('counts what comes and goes slowly, and what is larger than a caret', () => {
    const slowly = [0, 1, 2, 3].flatMap(() => [withCaret(), screen()]);
    expect(check([screen(), ...slowly], 3000)).toBe('xxxxxxxxx');
    const popup = (): ScreenPicture =>
      screen().fill({ x: 80, y: 60, width: 90, height: 60 }, white);
    const often = [0, 1, 2, 3].flatMap(() => [popup(), screen()]);
    expect(check([screen(), ...often])).toBe('xxxxxxxxx');
  });

  it('begins anew when the size changes', () => {
    expect(check([screen(), screen(), new ScreenPicture(64, 48), screen()])).toBe('x.xx');
  });
});
