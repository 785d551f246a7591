// @vitest-environment happy-dom
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mediaMs } from '../../protocol/index.ts';
import { keepState, reportPlayer } from '../../webview/outgoing.ts';
import { parseSavedState } from '../../webview/savedState.ts';
import { initialState } from '../../webview/state.ts';
import { Store } from '../../webview/store.ts';
import { fakeHost } from './fakeHost.ts';
import { init } from './rows.ts';

let store: Store;
let host: ReturnType<typeof fakeHost>;
const positions = (): number[] =>
  host.said.flatMap((one) => (one.kind === 'player' ? [one.body.positionMs] : []));
const move = (ms: number): void => {
  store.dispatch({ kind: 'moved', body: { positionMs: mediaMs(ms) } });
};

beforeEach(() => {
  vi.useFakeTimers();
  store = new Store(initialState);
  host = fakeHost();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('where the player is', () => {
  beforeEach(() => {
    store.dispatch(init);
    reportPlayer(store, host);
    store.dispatch({ kind: 'playerChanged', body: { isPlaying: true } });
  });

  it('is told once a second while it plays', () => {
    for (let ms = 250; ms <= 3000; ms += 250) {
      move(ms);
      vi.advanceTimersByTime(250);
    }
    expect(positions()).toEqual([0, 1000, 2000, 3000]);
  });

  it('is told at once when it stops, is moved, or something is selected', () => {
    move(500);
    store.dispatch({ kind: 'playerChanged', body: { isPlaying: false } });
    store.dispatch({ kind: 'seek', body: { atMs: mediaMs(9000), play: false } });
    const range = { fromMs: mediaMs(1), toMs: mediaMs(2) };
    store.dispatch({ kind: 'selected', body: { range } });
    expect(positions()).toEqual([0, 500, 9000, 9000]);
    expect(host.last('player')).toEqual({ positionMs: 9000, isPlaying: false, range });
    vi.advanceTimersByTime(5000);
    expect(positions()).toHaveLength(4);
  });

  it('is not told by what does not concern it', () => {
    store.dispatch({ kind: 'drafted', body: { draft: 'Why' } });
    store.dispatch({ kind: 'playerChanged', body: { volume: 0.5 } });
    expect(positions()).toEqual([0]);
  });
});

describe('what is kept', () => {
  it('is kept soon after a change, not with each', () => {
    store.dispatch(init);
    keepState(store, host);
    for (const draft of ['W', 'Wh', 'Why']) store.dispatch({ kind: 'drafted', body: { draft } });
    expect(host.saves).toEqual([]);
    vi.advanceTimersByTime(1000);
    expect(host.saves).toHaveLength(1);
    expect(parseSavedState(host.saves[0])).toMatchObject({
      path: '/videos/pantry.mp4',
      draft: 'Why',
    });
  });

  it('is kept before the page goes', () => {
    store.dispatch(init);
    keepState(store, host);
    move(7000);
    window.dispatchEvent(new Event('pagehide'));
    expect(host.saves).toMatchObject([{ positionMs: 7000 }]);
  });

  it('is not overwritten before the page knows what it is about', () => {
    keepState(store, host);
    window.dispatchEvent(new Event('pagehide'));
    vi.advanceTimersByTime(1000);
    expect(host.saves).toEqual([]);
  });
});
