import { describe, expect, it } from 'vitest';
import {
  blacken,
  fitsName,
  hiddenPlaces,
  without,
  type NamedWindow,
  type SeenWindow,
} from '../../../daemon/media/windowExclusion.ts';
import type { ExcludedWindows, PixelRectangle } from '../../../protocol/index.ts';

const part = (
  title: string,
  application: string,
  more: Partial<NamedWindow> = {},
): NamedWindow => ({
  ...{ titles: [title], applications: [application], owner: 1 },
  ...more,
});
const at = (place: PixelRectangle, ...parts: NamedWindow[]): SeenWindow => ({
  ...{ places: [place], isOpaque: true, isPopup: false },
  parts,
});

describe('a name', () => {
  it.each([
    ['bank', true],
    ['MY BANK', true],
    ['firefox', true],
    ['fire', false],
    [' ', false],
    ['', false],
  ])('%j fits a program as a whole, a title in part', (name, expected) => {
    const window = part('My Bank - Accounts', 'Firefox');
    expect(fitsName(window, [name])).toBe(expected);
  });
});

describe('what is hidden of a display', () => {
  const whole: PixelRectangle = [0, 0, 100, 100];
  const check = (
    windows: readonly SeenWindow[],
    excluded: ExcludedWindows,
    expected: readonly PixelRectangle[],
  ): void => {
    expect(hiddenPlaces(windows, excluded)).toEqual(expected);
  };
  const bank = part('Bank', 'browser', { owner: 7 });
  const code = part('code', 'editor');
  const names = { names: ['bank'] };

  it('is the windows with the names, and none other', () => {
    check([at(whole, code), at([10, 10, 20, 20], bank)], names, [[10, 10, 20, 20]]);
    check([at(whole, code)], names, []);
    check([at(whole, bank)], { names: [] }, []);
  });

  it('is a whole frame when the window in it has the name', () => {
    check([at(whole, part('', 'frame', { owner: 2 }), bank)], names, [whole]);
  });

  it('is their menus and tooltips too, but not other windows of the program', () => {
    const menu = { ...at([50, 50, 5, 5], part('', 'browser', { owner: 7 })), isPopup: true };
    const other = at([60, 60, 5, 5], part('News', 'browser', { owner: 7 }));
    const strange = { ...at([70, 70, 5, 5], part('', '', { owner: 8 })), isPopup: true };
    check([at([0, 0, 10, 10], bank), menu, other, strange], names, [
      [0, 0, 10, 10],
      [50, 50, 5, 5],
    ]);
  });

  it('is not what something opaque covers, whatever shines through does not count', () => {
    const cover = at([0, 0, 50, 100], code);
    check([at(whole, bank), cover], names, [[50, 0, 50, 100]]);
    check([at(whole, bank), { ...cover, isOpaque: false }], names, [whole]);
    check([cover, at(whole, bank)], names, [whole]);
  });

  it('is the window of the editor, or all its windows when no title tells', () => {
    const editor = (title: string): NamedWindow => part(title, 'code', { processId: 42 });
    const own = { titleParts: ['project', 'Editor'], processId: 42 };
    const first = at([0, 0, 10, 10], editor('a.ts - project - Editor'));
    const second = at([20, 0, 10, 10], editor('b.ts - other - Editor'));
    check([first, second], { names: [], own }, [[0, 0, 10, 10]]);
    const renamed = at([0, 0, 10, 10], editor('a.ts'));
    check([renamed, second], { names: [], own }, [
      [0, 0, 10, 10],
      [20, 0, 10, 10],
    ]);
    check([renamed], { names: [], own: { titleParts: ['Editor'] } }, []);
  });
});

describe('rectangles', () => {
  it('lose what lies behind others', () => {
    expect(without([[0, 0, 10, 10]], [[20, 20, 5, 5]])).toEqual([[0, 0, 10, 10]]);
    expect(without([[0, 0, 10, 10]], [[-1, -1, 12, 12]])).toEqual([]);
    const left = without([[0, 0, 10, 10]], [[2, 3, 4, 5]]);
    const area = left.reduce((sum, [, , width, height]) => sum + width * height, 0);
    expect(area).toBe(100 - 20);
  });

  it('are painted black where the picture has them', () => {
    const pixels = Buffer.alloc(4 * 3 * 4, 255);
    blacken({ pixels, box: [100, 100, 4, 3] }, [
      [98, 101, 4, 50],
      [500, 500, 5, 5],
    ]);
    const rows = [0, 1, 2].map((row) =>
      [0, 1, 2, 3].map((column) => pixels[(row * 4 + column) * 4]),
    );
    expect(rows).toEqual([
      [255, 255, 255, 255],
      [0, 0, 255, 255],
      [0, 0, 255, 255],
    ]);
  });
});
