// @vitest-environment happy-dom
import { options } from 'preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mediaMs, type HostToWebview } from '../../protocol/index.ts';
import { GuidanceItem } from '../../webview/guidanceItem.tsx';
import type { Event } from '../../webview/reduce.ts';
import { initialState } from '../../webview/state.ts';
import { saveState } from '../../webview/savedState.ts';
import { mountPage, type MountedPage } from './mountPage.tsx';
import { after, guidance, init, media, query, stats } from './rows.ts';

const rows = (...added: HostToWebview['rows']['rows']): Event => ({
  kind: 'rows',
  body: { rows: added, isReset: false },
});
const three = rows(guidance(1, 1, 'opens a.js'), guidance(2, 20), guidance(3, 40));
const many = rows(...Array.from({ length: 5000 }, (_, index) => guidance(index + 1, index)));
const moved = (seconds: number): Event => ({
  kind: 'moved',
  body: { positionMs: mediaMs(seconds * 1000) },
});
const status = (body: HostToWebview['status']): Event => ({ kind: 'status', body });

let page: MountedPage;
const listed = (): string[] =>
  [...page.root.querySelectorAll('.row-text')].map((one) => one.textContent);
const current = (): string | undefined =>
  page.root.querySelector('[aria-current="step"] .row-text')?.textContent;

beforeEach(async () => {
  page = await mountPage();
});
afterEach(() => {
  vi.restoreAllMocks();
});

describe('the list', () => {
  it('waits for the host before it says anything', async () => {
    expect(page.root.textContent).toBe('');
    expect(page.find('main').getAttribute('aria-busy')).toBe('true');
    await page.send(init);
    expect(page.root.textContent).toContain('Guidance');
  });

  it('has a button for each row that moves the player', async () => {
    await page.send(init, { kind: 'media', body: media }, three);
    await page.click('0:20step 2');
    expect(page.page.store.state.seek).toMatchObject({ atMs: 20_000, play: false, serial: 1 });
    expect(current()).toBe('step 2');
  });

  it('marks the current row, and those that are ahead', async () => {
    await page.send(init, three, moved(25));
    expect(current()).toBe('step 2');
    const ahead = [...page.root.querySelectorAll('.row-ahead .row-text')];
    expect(ahead.map((one) => one.textContent)).toEqual(['step 3']);
  });

  it('makes elements only of what is in sight, and says how many there are', async () => {
    await page.send(init, many);
    const items = [...page.root.querySelectorAll('.row')];
    expect(items.length).toBeGreaterThan(5);
    expect(items.length).toBeLessThan(40);
    expect(items[0]?.getAttribute('aria-setsize')).toBe('5000');
    expect(items[0]?.getAttribute('aria-posinset')).toBe('1');
  });

  it('is not drawn again by counters', async () => {
    await page.send(init, three);
    const drawn = vi.fn();
    const hooked = options.diffed?.bind(options);
    options.diffed = (node) => {
      if (node.type === GuidanceItem) drawn();
      hooked?.(node);
    };
    await page.send(status({ state: 'watching', stats: stats(30, 3) }), moved(0.5));
    expect(drawn).not.toHaveBeenCalled();
    await page.send(moved(20));
    expect(drawn).toHaveBeenCalled();
    if (hooked) options.diffed = hooked;
    else delete options.diffed;
  });

  it('shows words from the screen as words', async () => {
    await page.send(init, rows(guidance(1, 1, '<img src=x onerror=alert(1)>')));
    expect(listed()).toEqual(['<img src=x onerror=alert(1)>']);
    expect(page.root.querySelector('.row img')).toBeNull();
  });

  it('shows as code what is quoted from the screen, and reads nothing of it as markup', async () => {
    await page.send(init, rows(guidance(1, 1, 'Ran `npm <b>test</b>`: `a` fails.')));
    const code = [...page.root.querySelectorAll('.row code')].map(({ textContent }) => textContent);
    expect(code).toEqual(['npm <b>test</b>', 'a']);
    expect(page.find('.row .row-text').textContent).toBe('Ran npm <b>test</b>: a fails.');
    expect(page.root.querySelector('.row b')).toBeNull();
  });

  it('can be walked through with the keyboard', async () => {
    await page.send(init, three, moved(1));
    const tabStops = (): string[] =>
      [...page.root.querySelectorAll('.row-main[tabindex="0"] .row-text')].map(
        (one) => one.textContent,
      );
    expect(tabStops()).toEqual(['opens a.js']);
    page.find('.row-main').focus();
    await page.press(document.activeElement!, 'ArrowDown');
    expect(document.activeElement?.textContent).toContain('step 2');
    expect(tabStops()).toEqual(['step 2']);
    await page.press(document.activeElement!, 'End');
    expect(document.activeElement?.textContent).toContain('step 3');
    await page.press(document.activeElement!, 'Home');
    expect(document.activeElement?.textContent).toContain('opens a.js');
  });

  it('copies links and asks about a row', async () => {
    await page.send(init, { kind: 'media', body: media }, rows(guidance(2, 20)));
    await page.click('Copy link to this moment');
    expect(page.host.last('copyLink')).toEqual({ atMs: 20_000 });
    expect(page.button('Link copied')).toBeDefined();
    await page.click('Ask about this');
    expect(page.page.store.state.range).toEqual({ fromMs: 15_000, toMs: 20_000 });
    expect(page.page.store.state.ask.scope).toBe('range');
    expect(document.activeElement?.getAttribute('aria-label')).toBe('Question');
  });

  it('is filtered', async () => {
    await page.send(init, three);
    const box = page.find('[aria-label="Filter guidance"]');
    await page.type(box, 'a.js');
    expect(listed()).toEqual(['opens a.js']);
    await page.type(box, 'nothing');
    expect(page.find('.empty').textContent).toContain('Nothing matches “nothing”.');
    await page.press(box, 'Escape');
    expect(listed()).toHaveLength(3);
    await page.type(box, 'a.js');
    await page.click('Clear filter');
    expect(listed()).toHaveLength(3);
    expect(document.activeElement).toBe(box);
  });

  it('is filtered by the words that are shown', async () => {
    const said = guidance(1, 1, 'Ran `pytest -x`: `login` fails.');
    await page.send(init, rows(said, guidance(2, 2, 'Opened `a.py`.')));
    await page.type(page.find('[aria-label="Filter guidance"]'), 'pytest -x: login');
    expect(listed()).toEqual(['Ran pytest -x: login fails.']);
  });

  it('grows with the player where the settings say so', async () => {
    const asPlayed = {
      revealGuidance: 'asPlayed',
      announceGuidance: true,
      chattiness: 'usual',
    } as const;
    await page.send(init, { kind: 'settings', body: asPlayed }, three);
    expect(page.find('.empty').textContent).toBe('Guidance appears here as the video plays.');
    await page.send(moved(21));
    expect(listed()).toEqual(['opens a.js', 'step 2']);
  });
});

describe('following', () => {
  const jump = (): HTMLElement | null => page.root.querySelector('.jump');

  it('stops when a person scrolls, and goes on when asked to', async () => {
    await page.send(init, many, moved(5));
    expect(jump()).toBeNull();
    await page.act(() => {
      page.find('.list').dispatchEvent(new WheelEvent('wheel', { bubbles: true }));
    });
    expect(jump()?.textContent).toBe('Jump to now');
    const scrolled = vi.spyOn(page.find('.list'), 'scrollTo');
    await page.send(moved(3000));
    expect(scrolled).not.toHaveBeenCalled();
    await page.click('Jump to now');
    expect(jump()).toBeNull();
    expect(scrolled).toHaveBeenCalled();
    // What a browser would do of the scrolling; a row has this height until it was measured.
    const list = page.find('.list');
    Object.defineProperty(list, 'scrollTop', { configurable: true, value: 3000 * 42 });
    await page.act(() => {
      list.dispatchEvent(new Event('scroll'));
    });
    expect(document.activeElement?.textContent).toContain('step 3001');
  });

  it('keeps the current row in sight', async () => {
    await page.send(init, many);
    const scrolled = vi.spyOn(page.find('.list'), 'scrollTo');
    await page.send(moved(3));
    expect(scrolled).not.toHaveBeenCalled();
    await page.send(moved(1000));
    expect(scrolled).toHaveBeenCalled();
  });
});

describe('nothing to list', () => {
  const cases: readonly (readonly [HostToWebview['status'], string])[] = [
    [{ state: 'connecting' }, 'Getting ready to watch…'],
    [
      { state: 'watching', stats: stats(12, 1) },
      '12 % watched. Guidance appears here as it is found.',
    ],
    [{ state: 'watching' }, 'Watching. Guidance appears here as it is found.'],
    [{ state: 'finished' }, 'There was nothing to point out in this video.'],
    [{ state: 'stopped' }, 'Watching was stopped before there was anything to say.Resume watching'],
    [{ state: 'failed' }, 'This video could not be watched.'],
    [{ state: 'lost' }, 'Reconnecting…'],
  ];
  it.each(cases)('says why: %o', async (body, expected) => {
    await page.send(
      init,
      ...(body.stats ? [{ kind: 'media', body: media } as const] : []),
      status(body),
    );
    expect(page.find('.empty').textContent).toBe(expected);
  });

  it('offers to go on', async () => {
    await page.send(init, status({ state: 'stopped' }));
    page.find('.empty button').click();
    expect(page.host.last('startWatching')).toEqual({});
  });
});

describe('screen readers', () => {
  const watching = status({ state: 'watching', stats: stats(1, 1) });
  const told = (): string => page.find('[role="status"][aria-live="polite"]').textContent;

  it('are told what is new, together when much comes', async () => {
    vi.useFakeTimers();
    try {
      await page.send(init, watching);
      await page.send(three);
      expect(told()).toBe('');
      await page.wait(6000);
      expect(told()).toBe('3 new. 0:40: step 3');
      await page.send(rows(guidance(4, 50)));
      await page.wait(6000);
      expect(told()).toBe('0:50: step 4');
    } finally {
      vi.useRealTimers();
    }
  });

  it('are not told what was found long ago', async () => {
    vi.useFakeTimers();
    try {
      await page.send(init);
      await page.send(three);
      await page.send(watching);
      await page.wait(6000);
      expect(told()).toBe('');
      await page.send(rows(guidance(4, 50)));
      await page.wait(6000);
      expect(told()).toBe('0:50: step 4');
    } finally {
      vi.useRealTimers();
    }
  });

  it('are told what the player has come to, where it is shown only then', async () => {
    vi.useFakeTimers();
    try {
      const asPlayed = {
        revealGuidance: 'asPlayed',
        announceGuidance: true,
        chattiness: 'usual',
      } as const;
      await page.send(init, { kind: 'settings', body: asPlayed }, three);
      await page.send({ kind: 'playerChanged', body: { isPlaying: true } });
      await page.send(moved(11));
      await page.send({ kind: 'playerChanged', body: { isPlaying: false } });
      await page.wait(6000);
      expect(told()).toBe('0:01: opens a.js');
    } finally {
      vi.useRealTimers();
    }
  });

  it('are told at a pause of who types, and after a while all the same', async () => {
    vi.useFakeTimers();
    try {
      const attention = (isTyping: boolean): Event => ({ kind: 'attention', body: { isTyping } });
      await page.send(init, watching, attention(true));
      await page.send(rows(guidance(1, 1, 'opens a.js')));
      await page.wait(6000);
      expect(told()).toBe('');
      await page.send(attention(false));
      expect(told()).toBe('0:01: opens a.js');
      await page.send(attention(true));
      await page.send(rows(guidance(2, 20)));
      await page.wait(9000);
      expect(told()).toBe('0:01: opens a.js');
      await page.wait(1500);
      expect(told()).toBe('0:20: step 2');
    } finally {
      vi.useRealTimers();
    }
  });

  it('are told while guidance is snoozed what was asked for, and afterwards nothing of the rest', async () => {
    vi.useFakeTimers();
    try {
      const asked = { ...guidance(3, 40, 'The tests pass now.'), request: 'when they pass' };
      await page.send(init, watching, {
        kind: 'attention',
        body: { snooze: {}, isTyping: false },
      });
      await page.send(rows(guidance(1, 1), guidance(2, 20)));
      await page.wait(6000);
      expect(told()).toBe('');
      expect(listed()).toHaveLength(2);
      await page.send(rows(asked));
      await page.wait(6000);
      expect(told()).toBe('0:40: The tests pass now.');
      await page.send({ kind: 'attention', body: { isTyping: false } });
      await page.wait(6000);
      expect(told()).toBe('0:40: The tests pass now.');
    } finally {
      vi.useRealTimers();
    }
  });

  it('are not told anew what another setting lists again', async () => {
    vi.useFakeTimers();
    try {
      const set = (chattiness: 'quietest' | 'usual'): Event => ({
        kind: 'settings',
        body: { revealGuidance: 'asIndexed', announceGuidance: true, chattiness },
      });
      const unsure = { ...guidance(1, 1), silenceProbability: 0.4 };
      await page.send(init, watching, {
        kind: 'manner',
        body: { silenceThreshold: 0.5, requests: [] },
      });
      await page.send(set('quietest'), rows(unsure));
      await page.send(set('usual'));
      await page.wait(6000);
      expect(listed()).toHaveLength(1);
      expect(told()).toBe('');
    } finally {
      vi.useRealTimers();
    }
  });

  it('are not told where the settings say so', async () => {
    vi.useFakeTimers();
    try {
      const quiet = {
        revealGuidance: 'asIndexed',
        announceGuidance: false,
        chattiness: 'usual',
      } as const;
      await page.send(init, watching, { kind: 'settings', body: quiet });
      await page.send(three);
      await page.wait(6000);
      expect(told()).toBe('');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('every control', () => {
  it('has a name', async () => {
    await page.send(init, { kind: 'media', body: media }, three, rows(query(9, 'Why?')));
    await page.send({
      kind: 'selected',
      body: { range: { fromMs: mediaMs(1), toMs: mediaMs(2) } },
    });
    const controls = [
      ...page.root.querySelectorAll('button, input, select, textarea, [tabindex="0"]'),
    ];
    const nameless = controls.filter(
      (one) => (one.getAttribute('aria-label') ?? one.textContent).trim() === '',
    );
    expect(controls.length).toBeGreaterThan(15);
    expect(nameless.map((one) => one.outerHTML)).toEqual([]);
  });
});

it('shows the list where it was', async () => {
  const used = after(init, {
    kind: 'viewed',
    body: { isFollowing: false, filter: '', topRowId: 900 },
  });
  page = await mountPage(undefined, { ...initialState, saved: saveState(used) });
  const scrolled = vi.spyOn(HTMLElement.prototype, 'scrollTo');
  await page.send(init, many);
  const [to] = scrolled.mock.lastCall as unknown as [ScrollToOptions];
  // 899 rows are above it.
  expect(to.top).toBeGreaterThan(899 * 30);
  expect(page.button('Jump to now')).toBeDefined();
});

it('has an edge that is moved with the keyboard, inside its bounds', async () => {
  await page.send(init);
  const sash = page.find('[role="separator"]');
  // It is 300 px wide without a layout.
  await page.act(() => {
    sash.focus();
  });
  expect(sash.getAttribute('aria-valuenow')).toBe('300');
  await page.press(sash, 'ArrowLeft');
  expect(sash.getAttribute('aria-valuenow')).toBe('320');
  expect(page.find('main').style.getPropertyValue('--side')).toBe('320px');
  for (let times = 0; times < 9; times += 1) await page.press(sash, 'ArrowRight');
  expect(sash.getAttribute('aria-valuenow')).toBe('260');
  await page.act(() => {
    sash.dispatchEvent(new MouseEvent('dblclick', { bubbles: true }));
  });
  expect(page.find('main').style.getPropertyValue('--side')).toBe('');
});
