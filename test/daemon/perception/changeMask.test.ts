import { describe, expect, it } from 'vitest';
import { KeptScreen } from '../../../daemon/perception/changeMask.ts';
import { isWithin, widenStrips } from '../../../daemon/perception/strips.ts';
import { ScreenPicture } from '../../helpers/screenPicture.ts';

const screen = (): ScreenPicture => new ScreenPicture(100, 90).write('print', 10, 20);

describe('KeptScreen', () => {
  it('reports the whole of a first picture and nothing for the same again', () => {
    const kept = new KeptScreen();
    expect(kept.update(screen())).toEqual([{ top: 0, bottom: 90 }]);
    expect(kept.update(screen())).toEqual([]);
  });

  it('reports the rows of tiles that changed, joined', () => {
    const kept = new KeptScreen();
    kept.update(screen());
    expect(kept.update(screen().write('x', 60, 28))).toEqual([{ top: 16, bottom: 48 }]);
    expect(kept.update(screen().write('x', 60, 28).write('y', 0, 70))).toEqual([
      { top: 64, bottom: 90 },
    ]);
  });

  it('keeps the old pixels below the threshold, so that noise changes nothing', () => {
    const kept = new KeptScreen();
    kept.update(screen());
    const noisy = screen();
    noisy.data.forEach((value, i) => {
      noisy.data[i] = value + (i % 7);
    });
    expect(kept.update(noisy)).toEqual([]);
    expect(kept.picture.data).toEqual(screen().data);
  });

  it('notices a single dot', () => {
    const kept = new KeptScreen();
    kept.update(screen());
    const dotted = screen().fill({ x: 70, y: 30, width: 1, height: 1 }, [212, 212, 212]);
    expect(kept.update(dotted)).toEqual([{ top: 16, bottom: 32 }]);
  });

  it('notices a slow fade once it is large enough', () => {
    const kept = new KeptScreen();
    kept.update(new ScreenPicture(64, 64, [40, 40, 40]));
    expect(kept.update(new ScreenPicture(64, 64, [48, 48, 48]))).toEqual([]);
    expect(kept.update(new ScreenPicture(64, 64, [56, 56, 56]))).toHaveLength(1);
  });

  it('begins anew when the size changes', () => {
    const kept = new KeptScreen();
    kept.update(screen());
    expect(kept.update(new ScreenPicture(50, 40))).toEqual([{ top: 0, bottom: 40 }]);
    expect(kept.update(new ScreenPicture(50, 40))).toEqual([]);
  });
});

describe('widenStrips', () => {
  const box = (y: number, height: number) => ({ x: 0, y, width: 50, height });

  it('covers every line it touches, and lines that these reach', () => {
    const strips = widenStrips([{ top: 40, bottom: 50 }], [box(30, 14), box(60, 12)], {
      margin: 4,
      pictureHeight: 100,
    });
    expect(strips).toEqual([{ top: 30, bottom: 54 }]);
  });

  it('joins strips that come to overlap and stays inside the picture', () => {
    const changed = [
      { top: 0, bottom: 10 },
      { top: 20, bottom: 30 },
    ];
    const options = { margin: 5, pictureHeight: 32 };
    expect(widenStrips(changed, [], options)).toEqual([{ top: 0, bottom: 32 }]);
  });

  it('counts a box by its middle', () => {
    expect(isWithin(box(10, 10), [{ top: 14, bottom: 20 }])).toBe(true);
    expect(isWithin(box(10, 10), [{ top: 16, bottom: 20 }])).toBe(false);
  });
});
