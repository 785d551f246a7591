import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { deservesToast, toastGapMs, Toasts, type ToastFacts } from '../../extension/toasts.ts';
import { boundaryLimitMs, mediaMs, type GuidanceRow } from '../../protocol/index.ts';
import { rows, statsAt } from '../helpers/fakeService.ts';
import { FakeVideo } from '../helpers/fakeVideo.ts';
import { editor } from '../helpers/fakeVscode.ts';

const facts: ToastFacts = {
  ...{ rule: 'all', isAskedFor: false, isPanelVisible: false, isSnoozed: false },
};

describe('a notification', () => {
  it.each([
    [{}, true],
    [{ rule: 'never' }, false],
    [{ rule: 'never', isAskedFor: true }, false],
    [{ rule: 'requests' }, false],
    [{ rule: 'requests', isAskedFor: true }, true],
    [{ isPanelVisible: true }, false],
    [{ isPanelVisible: true, isAskedFor: true }, false],
    [{ isSnoozed: true }, false],
    [{ isSnoozed: true, isAskedFor: true }, true],
  ] satisfies [Partial<ToastFacts>, boolean][])('%j: %s', (change, expected) => {
    expect(deservesToast({ ...facts, ...change })).toBe(expected);
  });
});

const template = rows.find((row): row is GuidanceRow => row.kind === 'guidance')!;
const row = (id: number, text: string, seconds = id, request?: string): GuidanceRow => ({
  ...template,
  ...{ id, text, atMs: mediaMs(seconds * 1000) },
  ...(request === undefined ? {} : { request }),
});

describe('notifications', () => {
  let toasts: Toasts;
  let video: FakeVideo;
  let rule: ToastFacts['rule'];
  let isVisible: boolean;
  let isSnoozed: boolean;
  let isTyping: boolean;
  let shown: number[];

  const hear = (said: GuidanceRow): void => {
    toasts.hear(video.asWatched, said);
  };
  const texts = (): string[] => editor.messages.map(({ text }) => text);

  beforeEach(() => {
    editor.reset();
    vi.useFakeTimers();
    video = new FakeVideo();
    [rule, isVisible, isSnoozed, isTyping, shown] = ['all', false, false, false, []];
    toasts = new Toasts({
      rule: () => rule,
      isVisible: () => isVisible,
      isSnoozed: () => isSnoozed,
      isTyping: () => isTyping,
      show: (_video, { id }) => {
        shown.push(id);
      },
      snooze: () => {
        shown.push(-1);
      },
    });
  });
  afterEach(() => {
    toasts.dispose();
    vi.useRealTimers();
  });

  it('say what, where and when, and lead to the row', async () => {
    editor.press = 'Show';
    hear(row(41, 'Ran `npm test`.'));
    await vi.advanceTimersByTimeAsync(0);
    expect(texts()).toEqual(['Ran npm test. (pantry.mp4, 0:41)']);
    expect(editor.messages[0]?.buttons).toEqual(['Show', 'Snooze…']);
    expect(shown).toEqual([41]);
  });

  it('offer to be snoozed', async () => {
    editor.press = 'Snooze…';
    hear(row(1, 'One.'));
    await vi.advanceTimersByTimeAsync(0);
    expect(shown).toEqual([-1]);
  });

  it('come one at a time; what comes meanwhile is told together, what was asked for first', async () => {
    hear(row(1, 'One.'));
    hear(row(2, 'The tests pass now.', 2, 'when the tests pass'));
    hear(row(3, 'Three.'));
    await vi.advanceTimersByTimeAsync(toastGapMs - 1);
    expect(texts()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(texts()[1]).toBe('2 new. “when the tests pass”: The tests pass now. (pantry.mp4, 0:02)');
    await vi.advanceTimersByTimeAsync(10 * toastGapMs);
    expect(texts()).toHaveLength(2);
  });

  it('wait for a pause of who types', async () => {
    isTyping = true;
    hear(row(1, 'One.'));
    await vi.advanceTimersByTimeAsync(2000);
    expect(texts()).toEqual([]);
    isTyping = false;
    toasts.look();
    expect(texts()).toHaveLength(1);
  });

  it('wait for no pause for ever', async () => {
    isTyping = true;
    hear(row(1, 'One.'));
    await vi.advanceTimersByTimeAsync(boundaryLimitMs - 1);
    expect(texts()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(texts()).toHaveLength(1);
  });

  it('wait for a pause on a screen that is watched while it happens', async () => {
    video = new FakeVideo('live-0123456789ab');
    const changed = { ...statsAt(5000), textChangedMs: mediaMs(5000) };
    video.status = { state: 'watching', stats: changed };
    hear(row(1, 'One.'));
    expect(texts()).toEqual([]);
    video.status = { state: 'watching', stats: { ...changed, positionMs: mediaMs(6000) } };
    toasts.look();
    expect(texts()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(0);
  });

  it('are left out when people see the panel before they are due, or snooze', async () => {
    isTyping = true;
    hear(row(1, 'One.'));
    isVisible = true;
    await vi.advanceTimersByTimeAsync(boundaryLimitMs);
    isVisible = false;
    hear(row(2, 'Two.'));
    isSnoozed = true;
    await vi.advanceTimersByTimeAsync(10 * toastGapMs);
    expect(texts()).toEqual([]);
  });

  it('tell no event twice, though it has another id after watching went on', async () => {
    hear(row(1, 'The tests pass now.', 41));
    hear(row(90, 'The tests pass now.', 41.5));
    await vi.advanceTimersByTimeAsync(2 * toastGapMs);
    expect(texts()).toHaveLength(1);
    hear(row(91, 'The tests pass now.', 80));
    await vi.advanceTimersByTimeAsync(2 * toastGapMs);
    expect(texts()).toHaveLength(2);
  });
});
