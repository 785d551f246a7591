// @vitest-environment happy-dom
import { beforeEach, describe, expect, it } from 'vitest';
import { mediaMs, wallMs, type HostToWebview, type LiveState } from '../../protocol/index.ts';
import type { FeedNews } from '../../webview/liveFeed.ts';
import { reduce } from '../../webview/reduce.ts';
import { durationOf, indexedShare } from '../../webview/selectors.ts';
import { initialState } from '../../webview/state.ts';
import { mountPage, type MountedPage } from './mountPage.tsx';
import { media, stats as statsAt } from './rows.ts';

const liveInit = {
  kind: 'init',
  body: {
    ...{ path: 'live-0123456789ab', name: 'tv', isLive: true, l10n: {} },
    settings: { revealGuidance: 'asIndexed', announceGuidance: true, chattiness: 'usual' },
  },
} as const;

const { durationMs: _none, ...stats } = statsAt(8, 4);
const status = (
  live: LiveState | undefined,
  lagMs = 0,
): { kind: 'status'; body: HostToWebview['status'] } => ({
  kind: 'status',
  body: {
    state: 'watching',
    stats: { ...stats, lagMs },
    ...(live && {
      live: { state: live, sinceMs: wallMs(0), reason: 'The connection to the source broke.' },
    }),
  },
});
const fed = (news: FeedNews, lagMs: number) => ({ kind: 'fed', body: { news, lagMs } }) as const;

describe('a live session', () => {
  it('is as long as it has lasted, and has no share that was watched', () => {
    let state = reduce(reduce(initialState, liveInit), status('live'));
    expect(durationOf(state)).toBe(8000);
    state = reduce(state, fed({ startMs: 2000, endMs: 9000, liveMs: 9500 }, 2500));
    expect(durationOf(state)).toBe(9500);
    expect(indexedShare(state)).toBeUndefined();
  });

  it('is followed until somebody goes elsewhere in it', () => {
    let state = reduce(initialState, liveInit);
    expect(state.player.followsLive).toBe(true);
    state = reduce(state, { kind: 'seek', body: { atMs: mediaMs(3000), play: true } });
    expect(state.player.followsLive).toBe(false);
  });

  it('takes the size of its pictures from the player', () => {
    const state = reduce(reduce(initialState, liveInit), { kind: 'media', body: media });
    const sized = reduce(state, { kind: 'sized', body: { width: 640, height: 360 } });
    expect(sized.media).toMatchObject({ width: 640, height: 360 });
  });
});

describe('what stands under its player', () => {
  let mounted: MountedPage;
  const text = (): string => mounted.find('.status').textContent;
  beforeEach(async () => {
    mounted = await mountPage();
    await mounted.send(liveInit);
  });

  it('never says that it is watched while its source gives nothing', async () => {
    await mounted.send(status(undefined));
    expect(text()).toContain('Connecting…');
    await mounted.send(status('live', 3200));
    expect(text()).toContain('Watching live · 3 s behind');
    for (const [live, words] of [
      ['silent', 'No new pictures since'],
      ['full', 'The disk is full. Make room, and watching goes on.'],
      ['reconnecting', 'The connection to the source broke.'],
      ['paused', 'Paused: nothing is captured'],
    ] as const) {
      await mounted.send(status(live));
      expect(text()).toContain(words);
      expect(text()).not.toContain('Watching live');
    }
  });

  it('pauses, goes on and stops', async () => {
    await mounted.send(status('live'));
    await mounted.click('Pause watching');
    expect(mounted.host.last('pauseWatching')).toEqual({ isPaused: true });
    await mounted.send(status('paused'));
    await mounted.click('Resume watching');
    expect(mounted.host.last('pauseWatching')).toEqual({ isPaused: false });
    await mounted.click('Stop watching');
    expect(mounted.host.last('stopWatching')).toEqual({});
  });

  it('says how far it was watched when it is over, and begins another', async () => {
    await mounted.send(status('live'), { kind: 'status', body: { state: 'stopped', stats } });
    expect(text()).toContain('Watched live up to 0:08');
    await mounted.click('Watch again');
    expect(mounted.host.last('startWatching')).toEqual({});
  });
});

describe('the way back to what is live', () => {
  it('tells how far the picture is behind, and is not there for what is over', async () => {
    const mounted = await mountPage();
    await mounted.send(liveInit, { kind: 'media', body: media });
    await mounted.send(fed({ startMs: 0, endMs: 9000, liveMs: 9500 }, 2600));
    const button = mounted.find('.live-edge');
    expect(button.textContent).toBe('Live−3 s');
    expect(button.getAttribute('aria-pressed')).toBe('true');
    await mounted.send({ kind: 'seek', body: { atMs: mediaMs(1000), play: false } });
    await mounted.send(fed({ startMs: 0, endMs: 99_000, liveMs: 99_500 }, 98_500));
    expect(button.textContent).toBe('Live−1:38');
    expect(button.getAttribute('aria-pressed')).toBe('false');
    await mounted.click(/^Live/);
    expect(mounted.page.store.state.player.followsLive).toBe(true);
    await mounted.send(fed({ startMs: 0, endMs: 99_000 }, 0));
    expect(mounted.root.querySelector('.live-edge')).toBeNull();
  });
});
