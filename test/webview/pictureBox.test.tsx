// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mediaMs, type PixelRectangle } from '../../protocol/index.ts';
import { boxBetween, moveBox, toPicture } from '../../webview/pictureGeometry.ts';
import { mountPage, type MountedPage } from './mountPage.tsx';
import { answer, init, media, query } from './rows.ts';

const size = { width: 1280, height: 720 };

describe('a place in the picture', () => {
  it('is found wherever the player leaves bars beside it', () => {
    const player = { left: 100, top: 50, width: 640, height: 460 };
    expect(toPicture({ x: 100, y: 100 }, player, size)).toEqual({ x: 0, y: 0 });
    expect(toPicture({ x: 420, y: 280 }, player, size)).toEqual({ x: 640, y: 360 });
    expect(toPicture({ x: 9999, y: 0 }, player, size)).toEqual({ x: 1280, y: 0 });
    const wide = { left: 0, top: 0, width: 1480, height: 720 };
    expect(toPicture({ x: 100, y: 720 }, wide, size)).toEqual({ x: 0, y: 720 });
    expect(toPicture({ x: 5, y: 5 }, { ...wide, width: 0 }, size)).toEqual({ x: 0, y: 0 });
  });

  it('begins a box in any corner, and a click begins none', () => {
    expect(boxBetween({ x: 300, y: 90 }, { x: 100, y: 50 })).toEqual([100, 50, 200, 40]);
    expect(boxBetween({ x: 300, y: 90 }, { x: 304, y: 290 })).toBeUndefined();
  });

  it('is reached by keys, inside the picture', () => {
    const key = (name: string, shiftKey = false) => ({ key: name, shiftKey });
    const middle: PixelRectangle = [320, 180, 640, 360];
    expect(moveBox(undefined, key('ArrowUp'), size)).toEqual(middle);
    expect(moveBox(middle, key('ArrowRight'), size)).toEqual([352, 180, 640, 360]);
    expect(moveBox(middle, key('ArrowDown', true), size)).toEqual([320, 180, 640, 378]);
    expect(moveBox([640, 0, 640, 360], key('ArrowRight'), size)).toEqual([640, 0, 640, 360]);
    expect(moveBox([0, 0, 20, 20], key('ArrowLeft', true), size)).toEqual([0, 0, 8, 20]);
    expect(moveBox(middle, key('Enter'), size)).toBeUndefined();
  });
});

let page: MountedPage;
const tool = 'Ask about a part of the picture';
const area = (): HTMLElement => page.find('.picture-drawing');
const point = (kind: string, x: number, y: number): Promise<void> =>
  page.act(() => {
    const event = new PointerEvent(kind, { clientX: x, clientY: y, button: 0, bubbles: true });
    area().dispatchEvent(event);
  });
const has = (selector: string): boolean => page.root.querySelector(selector) !== null;

beforeEach(async () => {
  page = await mountPage();
  await page.send(
    init,
    { kind: 'media', body: media },
    { kind: 'moved', body: { positionMs: mediaMs(42_000) } },
  );
  Element.prototype.setPointerCapture = () => undefined;
  vi.spyOn(Element.prototype, 'getBoundingClientRect').mockReturnValue(new DOMRect(0, 0, 640, 360));
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('a question about a part of the picture', () => {
  it('is asked with the box that was drawn, at the moment it was drawn at', async () => {
    await page.click(tool);
    expect(document.activeElement).toBe(area());
    await point('pointerdown', 10, 20);
    await point('pointermove', 100, 60);
    await point('pointerup', 110, 70);
    expect(document.activeElement).toBe(page.find('textarea'));
    expect(page.find('.asked-part img').getAttribute('src')).toBe(
      `${media.frameUrl}/42000.jpg?width=480&crop=20,40,200,100`,
    );
    expect(has('.screen .picture-edge')).toBe(true);
    await page.send({ kind: 'moved', body: { positionMs: mediaMs(50_000) } });
    // Another picture: the box is not of it.
    expect(has('.screen .picture-edge')).toBe(false);
    await page.type(page.find('textarea'), 'What is this?');
    await page.press(page.find('textarea'), 'Enter');
    expect(page.host.last('ask')).toMatchObject({
      ...{ question: 'What is this?', scope: { kind: 'now', atMs: 42_000 } },
      box: [20, 40, 200, 100],
    });
    expect(has('.asked-part')).toBe(false);
    expect(page.find('.question-part img').getAttribute('src')).toContain('crop=20,40,200,100');
    expect(page.find('.question-about').textContent).toBe('Part of the picture at 0:42');
  });

  it('is asked by keys alone', async () => {
    await page.click(tool);
    for (const key of ['ArrowDown', 'ArrowDown']) await page.press(area(), key);
    expect(area().querySelector('[role=status]')?.textContent).toBe(
      '25 % from the left, 28 % from the top, 50 % wide, 50 % high',
    );
    await page.press(area(), 'Enter');
    expect(page.page.store.state.ask.box).toEqual({ atMs: 42_000, box: [320, 198, 640, 360] });
    expect(page.page.store.state.seek.serial).toBe(0);
  });

  it('can be given up while drawing, and afterwards', async () => {
    await page.click(tool);
    await page.press(area(), 'Escape');
    expect(has('.picture-drawing')).toBe(false);
    await page.act(() => {
      page.page.setBox([0, 0, 50, 50]);
    });
    await page.click('Ask about the whole picture');
    expect(has('.asked-part')).toBe(false);
    await page.act(() => {
      page.page.setBox([0, 0, 50, 50]);
    });
    await page.press(page.find('textarea'), 'Escape');
    expect(has('.asked-part')).toBe(false);
    expect(has('select.scope')).toBe(true);
  });

  it('needs a picture that stands still', async () => {
    await page.send({ kind: 'playerChanged', body: { isPlaying: true } });
    await page.click(tool);
    expect(page.page.store.state.ask.isDrawing).toBe(true);
    await page.send({ kind: 'playerChanged', body: { isPlaying: true } });
    expect(has('.picture-drawing')).toBe(false);
  });

  it('a click is no box, and does not play the video', async () => {
    await page.click(tool);
    await point('pointerdown', 10, 20);
    await point('pointerup', 11, 20);
    await page.act(() => {
      area().click();
    });
    expect(has('.picture-drawing')).toBe(true);
    expect(page.page.store.state.player.isPlaying).toBe(false);
  });

  it('shows its part when it is read from the timeline', async () => {
    const stored = { ...query(8, 'What was this?', 23), box: [1, 2, 30, 40] as PixelRectangle };
    await page.send({ kind: 'rows', body: { rows: [stored, answer(9, 8, 23)], isReset: false } });
    await page.click(/^Questions/);
    expect(page.find('.question-part img').getAttribute('src')).toBe(
      `${media.frameUrl}/23000.jpg?width=480&crop=1,2,30,40`,
    );
  });
});
