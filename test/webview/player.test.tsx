// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mediaMs, type HostToWebview, type MediaInfo } from '../../protocol/index.ts';
import type { Event } from '../../webview/reduce.ts';
import { mountPage, type MountedPage } from './mountPage.tsx';
import { guidance, init, media, stats } from './rows.ts';

const plays = (change: Partial<MediaInfo> = {}): Event => ({
  kind: 'media',
  body: { ...media, ...change },
});
const status = (body: HostToWebview['status']): Event => ({ kind: 'status', body });

let page: MountedPage;
const positionMs = (): number => page.page.store.state.player.positionMs;
const range = (): unknown => page.page.store.state.range;

beforeEach(async () => {
  page = await mountPage();
  await page.send(init);
  page.video();
  await page.send(plays());
  await page.act(() => {
    page.video().say('loadedmetadata');
  });
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('keys of the player', () => {
  const from = 50;
  const cases: readonly (readonly [string, object])[] = [
    [' ', { isPlaying: true }],
    ['k', { isPlaying: true }],
    ['j', { positionMs: 40_000 }],
    ['l', { positionMs: 60_000 }],
    ['ArrowLeft', { positionMs: 45_000 }],
    ['ArrowRight', { positionMs: 55_000 }],
    ['Home', { positionMs: 0 }],
    ['End', { positionMs: 100_000 }],
    ['ArrowDown', { volume: 0.9 }],
    ['m', { isMuted: true }],
    ['>', { rate: 1.25 }],
    ['<', { rate: 0.75 }],
  ];
  it.each(cases)('%s', async (key, expected) => {
    await page.act(() => {
      page.page.seek(from * 1000);
    });
    const event = await page.press(page.find('.screen'), key);
    expect(event.defaultPrevented).toBe(true);
    expect(page.page.store.state.player).toMatchObject(expected);
  });

  it('leaves others, and those with modifiers, to the editor', async () => {
    expect((await page.press(page.find('.screen'), 'x')).defaultPrevented).toBe(false);
    const held = await page.press(page.find('.screen'), 'j', { ctrlKey: true });
    expect(held.defaultPrevented).toBe(false);
  });

  it('does not take the space of other controls', async () => {
    await page.press(page.find('textarea'), ' ');
    await page.press(page.button('Mute'), ' ');
    await page.press(page.find('[aria-label="Speed"]'), 'k');
    expect(page.page.store.state.player.isPlaying).toBe(false);
    await page.press(page.find('.lane'), ' ');
    expect(page.page.store.state.player.isPlaying).toBe(true);
  });

  it('stays inside the video', async () => {
    await page.press(page.find('.screen'), 'j');
    expect(positionMs()).toBe(0);
  });
});

describe('controls', () => {
  it('play, and say what they will do next', async () => {
    await page.click('Play');
    expect(page.video().paused).toBe(false);
    await page.click('Pause');
    expect(page.video().paused).toBe(true);
  });

  it('set speed and volume', async () => {
    const speed = page.find('[aria-label="Speed"]') as HTMLSelectElement;
    await page.act(() => {
      speed.value = '1.5';
      speed.dispatchEvent(new Event('change', { bubbles: true }));
    });
    expect(page.video().element.playbackRate).toBe(1.5);
    await page.click('Mute');
    expect(page.video().element.muted).toBe(true);
    await page.click('Unmute');
    await page.type(page.find('[aria-label="Volume"]'), '0.5');
    expect(page.video().element.volume).toBe(0.5);
  });

  it('show captions where the video has some', async () => {
    expect(page.root.querySelector('[aria-label="Captions"]')).toBeNull();
    const at = { startMs: mediaMs(1000), endMs: mediaMs(3000) };
    const rows = [{ kind: 'cue', id: 1, text: 'Hello there.', ...at }] as const;
    await page.send({ kind: 'rows', body: { rows, isReset: false } });
    await page.click('Captions');
    expect(page.root.querySelector('.caption')).toBeNull();
    await page.act(() => {
      page.page.seek(2000);
    });
    expect(page.find('.caption').textContent).toBe('Hello there.');
  });

  it('wait for something to play', async () => {
    await page.send({ kind: 'init', body: { ...init.body, path: '/other/pantry.mp4' } } as Event);
    expect(page.button('Play').getAttribute('aria-disabled')).toBe('true');
    await page.click('Play');
    expect(page.page.store.state.player.isPlaying).toBe(false);
  });
});

describe('the lane', () => {
  const lane = (): HTMLElement => page.find('[role="slider"]');
  const select = (key: string): Promise<KeyboardEvent> =>
    page.press(lane(), key, { shiftKey: true });
  const rows: Event = {
    kind: 'rows',
    body: { rows: [guidance(1, 10, 'opens a.js'), guidance(2, 30, 'writes b')], isReset: false },
  };
  beforeEach(async () => {
    vi.spyOn(HTMLElement.prototype, 'getBoundingClientRect').mockReturnValue(
      new DOMRect(0, 0, 1000, 22),
    );
    lane().setPointerCapture = vi.fn<Element['setPointerCapture']>();
    await page.send(rows);
    await page.act(() => {
      page.page.seek(20_000);
    });
  });
  const point = (type: string, clientX: number): Promise<void> =>
    page.act(() => {
      lane().dispatchEvent(new PointerEvent(type, { clientX, bubbles: true, button: 0 }));
    });

  it('is a slider that says what happens', () => {
    const [now, most, text] = ['aria-valuenow', 'aria-valuemax', 'aria-valuetext'].map((name) =>
      lane().getAttribute(name),
    );
    expect([now, most, text]).toEqual(['20', '100', '0:20, opens a.js']);
  });

  it.each([
    ['ArrowRight', 25],
    ['ArrowLeft', 15],
    ['PageDown', 30],
    ['PageUp', 10],
    ['Home', 0],
    ['End', 100],
  ])('is moved by %s', async (key, seconds) => {
    await page.press(lane(), key);
    expect(positionMs()).toBe(seconds * 1000);
  });

  it('selects with Shift, both ways from where it began', async () => {
    await select('ArrowRight');
    await select('ArrowRight');
    expect(range()).toEqual({ fromMs: 20_000, toMs: 30_000 });
    await select('ArrowLeft');
    await select('ArrowLeft');
    expect(range()).toBeUndefined();
    await select('ArrowLeft');
    expect(range()).toEqual({ fromMs: 15_000, toMs: 20_000 });
    expect(page.find('.selection').textContent).toContain('0:15 – 0:20');
    await page.press(lane(), 'Escape');
    expect(range()).toBeUndefined();
  });

  it('goes on with a selection that came from elsewhere', async () => {
    const body = { range: { fromMs: mediaMs(50_000), toMs: mediaMs(60_000) } };
    await page.send({ kind: 'selected', body });
    await select('ArrowRight');
    expect(range()).toEqual({ fromMs: 50_000, toMs: 65_000 });
  });

  it.each(['ctrlKey', 'altKey', 'metaKey'])('leaves keys with %s to the editor', async (name) => {
    const event = await page.press(lane(), 'ArrowLeft', { [name]: true });
    expect(event.defaultPrevented).toBe(false);
    expect(positionMs()).toBe(20_000);
  });

  it('seeks with a click, to a mark that is near', async () => {
    await point('pointerdown', 500);
    await point('pointerup', 500);
    expect(positionMs()).toBe(50_000);
    await point('pointerdown', 303);
    await point('pointerup', 303);
    expect(positionMs()).toBe(30_000);
  });

  it('selects what is dragged over, and tells it once', async () => {
    await point('pointerdown', 700);
    await point('pointermove', 650);
    await point('pointermove', 600);
    expect(range()).toBeUndefined();
    expect(page.find('.selection-times').textContent).toBe('1:00 – 1:10');
    await point('pointerup', 600);
    expect(range()).toEqual({ fromMs: 60_000, toMs: 70_000 });
    expect(positionMs()).toBe(20_000);
    await page.click('Clear selection');
    expect(range()).toBeUndefined();
    expect(document.activeElement).toBe(lane());
  });

  it('shows what is where it is pointed at, and its picture where it rests', async () => {
    vi.useFakeTimers();
    try {
      await point('pointermove', 301);
      expect(page.find('.lane-tooltip').textContent).toBe('0:30writes b');
      expect(page.root.querySelector('.lane-tooltip img')).toBeNull();
      await page.wait(500);
      expect(page.find('.lane-tooltip img').getAttribute('src')).toBe(
        `${media.frameUrl}/30000.jpg?width=480`,
      );
    } finally {
      vi.useRealTimers();
    }
    await point('pointerleave', 301);
  });
});

describe('how the watching goes', () => {
  const shown = (): string => page.find('.status').textContent;

  it('is said with its pace, and can be stopped', async () => {
    await page.send(status({ state: 'watching', stats: stats(10, 1) }));
    await page.send(status({ state: 'watching', stats: stats(40, 4) }));
    expect(shown()).toBe('40 % watched · 10× · 6 s left');
    expect(page.find('[role="progressbar"]').getAttribute('aria-valuenow')).toBe('40');
    await page.click('Stop watching');
    expect(page.host.last('stopWatching')).toEqual({});
  });

  it('tells what was said and is not shown', async () => {
    const counted = { ...stats(40, 4), repliesWithheld: 3 };
    await page.send(status({ state: 'watching', stats: counted }));
    expect(shown()).toContain('40 % watched · Withheld as unsure: 3');
    await page.send(status({ state: 'finished', stats: { ...counted, repliesUngrounded: 1 } }));
    expect(shown()).toBe(
      'Watched to the end · Withheld as unsure: 3 · Withheld as not on screen: 1',
    );
  });

  it('goes on when asked to', async () => {
    await page.send(status({ state: 'stopped', stats: stats(40, 4) }));
    expect(shown()).toBe('Stopped watching at 0:40Resume watching');
    page.find('.status button').click();
    expect(page.host.last('startWatching')).toEqual({});
  });

  it.each([
    ['connecting', 'Starting…'],
    ['lost', 'The connection was lost. Reconnecting…'],
    ['finished', 'Watched to the end'],
  ] as const)('%s', async (state, expected) => {
    await page.send(status({ state }));
    expect(shown()).toBe(expected);
  });

  it('ends with a sentence and a button when it fails', async () => {
    const error = {
      message: 'No ffmpeg was found.',
      remedy: 'Set its path.',
      action: 'openSettings',
    } as const;
    await page.send(status({ state: 'failed', error }));
    expect(page.find('[role="alert"]').textContent).toBe('No ffmpeg was found.Open settings');
    await page.click('Open settings');
    expect(page.host.last('action')).toEqual({ action: 'openSettings' });
    await page.send(status({ state: 'failed', error: { message: 'It broke.', remedy: 'Wait.' } }));
    expect(page.find('[role="alert"]').textContent).toBe('It broke. Wait.');
  });
});

describe('what cannot be played', () => {
  const shown = (): string => page.find('.status').textContent;

  it('is said while a copy is prepared', async () => {
    await page.send(
      status({ state: 'finished' }),
      plays({ state: 'preparing', progress: 0.345, hasSound: false, notices: ['No AAC here.'] }),
    );
    expect(shown()).toContain('No AAC here.No sound yet: preparing a copy with sound · 34 %');
    await page.send(plays());
    expect(shown()).toBe('Watched to the end');
  });

  it('is said when there will be no copy', async () => {
    await page.send(plays({ state: 'failed', notices: ['ffmpeg has no encoder for it.'] }));
    expect(page.find('[role="alert"]').textContent).toContain('ffmpeg has no encoder for it.');
    await page.click('Open in another player');
    expect(page.host.last('action')).toEqual({ action: 'openExternally' });
  });

  it('is said once when it cannot be watched for the same reason', async () => {
    const error = { message: 'It is no video.', remedy: 'Convert it.', action: 'retry' } as const;
    await page.send(
      status({ state: 'failed', error }),
      plays({ state: 'failed', notices: ['It is no video. Convert it.', 'Nor has it sound.'] }),
    );
    const told = [...page.root.querySelectorAll('.notice-text')].map((each) => each.textContent);
    expect(told).toEqual(['It is no video.', 'Nor has it sound.']);
  });

  it('is waited for when its address died with the daemon', async () => {
    await page.send(status({ state: 'lost' }));
    await page.act(() => {
      page.video().fail(2, 'PIPELINE_ERROR_READ');
    });
    expect(shown()).toContain('The video cannot be reached.');
    expect(page.root.querySelector('[role="alert"]')).toBeNull();
    expect(page.host.last('report')).toEqual({
      kind: 'media',
      detail: 'error 2: PIPELINE_ERROR_READ',
    });
  });

  it('can be tried again', async () => {
    await page.send(status({ state: 'watching' }));
    await page.act(() => {
      page.video().fail(2, 'PIPELINE_ERROR_READ');
    });
    await page.click('Try again');
    expect(page.host.last('action')).toEqual({ action: 'retry' });
    expect(page.video().loaded).toHaveLength(2);
  });

  it('names the reason when the decoder gave up', async () => {
    await page.act(() => {
      page.video().fail(3, 'PIPELINE_ERROR_DECODE');
    });
    expect(page.find('[role="alert"]').textContent).toContain('PIPELINE_ERROR_DECODE');
  });

  it('waits for the copy that is being made when the decoder cannot play the original', async () => {
    await page.send(plays({ state: 'preparing', progress: 0.25, hasSound: false }));
    await page.act(() => {
      page.video().fail(4, 'DEMUXER_ERROR_NO_SUPPORTED_STREAMS');
    });
    expect(page.root.querySelector('[role="alert"]')).toBeNull();
    expect(page.root.textContent).toContain('Preparing a copy that the editor can play · 25 %');
    await page.send(plays({ videoUrl: `${media.videoUrl!}&copy` }));
    await page.act(() => {
      page.video().say('loadedmetadata');
    });
    expect(page.video().loaded.at(-1)).toContain('&copy');
    expect(page.page.store.state.player.problem).toBeUndefined();
  });
});
